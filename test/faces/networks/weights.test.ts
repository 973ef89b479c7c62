import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadBackend } from "../../../src/faces/networks/face-api/backend.ts";
import { faceApiFolder, readWeights } from "../../../src/faces/networks/weights.ts";

const folder = mkdtempSync(join(tmpdir(), "lookalike-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MODELS = join(faceApiFolder(), "model");
const BINARY = "face_landmark_68_model.bin";
const MANIFEST = "face_landmark_68_model-weights_manifest.json";

describe("reading weights", () => {
  it("dequantises what the manifest says: stored * scale + min, in the stored shape", async () => {
    const manifest = JSON.parse(readFileSync(join(MODELS, MANIFEST), "utf8"));
    const bytes = readFileSync(join(MODELS, BINARY));
    const [first] = manifest[0].weights;
    const tensor = (await readWeights("face_landmark_68")).tensors.get(first.name);
    expect(tensor?.shape).toEqual(first.shape);
    const { scale, min } = first.quantization;
    expect(tensor?.values[0]).toBeCloseTo((bytes[0] ?? 0) * scale + min, 6);
    expect(tensor?.values[5]).toBeCloseTo((bytes[5] ?? 0) * scale + min, 6);
  });

  it("reads 32-bit tensors that start off the 4-byte grid", async () => {
    const tensor = (await readWeights("ssd_mobilenetv1")).tensors.get("Output/extra_dim");
    expect(tensor?.shape).toEqual([1, 5118, 4]);
    expect(Math.max(...(tensor?.values ?? []))).toBeLessThan(2);
  });

  it("refuses a missing folder and a file of another length", async () => {
    await expect(readWeights("face_landmark_68", folder)).rejects.toMatchObject({
      code: "ERR_WEIGHTS_INVALID",
    });
    copyFileSync(join(MODELS, MANIFEST), join(folder, MANIFEST));
    const bytes = readFileSync(join(MODELS, BINARY));
    writeFileSync(join(folder, BINARY), bytes.subarray(0, 1000));
    await expect(readWeights("face_landmark_68", folder)).rejects.toThrow(/the file ends inside/);
    writeFileSync(join(folder, BINARY), Buffer.concat([bytes, Buffer.alloc(3)]));
    await expect(readWeights("face_landmark_68", folder)).rejects.toThrow(/3 bytes are left over/);
  });
});

it("the tfjs engine says what to install where there is no TensorFlow.js", async () => {
  // Nothing can be resolved from a folder outside of any package.
  const elsewhere = createRequire(join(folder, "index.js"));
  await expect(loadBackend(elsewhere)).rejects.toMatchObject({ code: "ERR_DEPENDENCY_MISSING" });
});
