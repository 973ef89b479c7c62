import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { humanFolder, readHumanWeights } from "../../../src/faces/networks/human.ts";
import { createOnnxNetworks } from "../../../src/faces/networks/onnx/networks.ts";
import { allocateBatch, batchItem } from "../../../src/faces/pictures/pixels.ts";
import { decodePhoto } from "../../../src/io/image/index.ts";
import { SAMPLES } from "../fixtures.ts";

const folder = humanFolder();

/** The package's own graph on TensorFlow.js. */
async function describeByPackage(pixels: Uint8Array, count: number): Promise<Float32Array> {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  const models = join(folder ?? "", "models");
  const { modelTopology, signature, format, weightsManifest } = JSON.parse(
    await readFile(join(models, "faceres.json"), "utf8"),
  );
  const bytes = await readFile(join(models, "faceres.bin"));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const [{ weights: weightSpecs }] = weightsManifest;
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology, signature, format, weightSpecs, weightData }),
  );
  const input = tf.tensor4d(Float32Array.from(pixels), [count, 224, 224, 3]);
  const outputs: { shape: number[]; data(): Promise<Float32Array> }[] = model.execute(input);
  return (outputs.find(({ shape }) => shape[1] === 1024) ?? outputs[0])?.data() ?? new Float32Array(0);
}

describe.skipIf(folder === null)("the second descriptor", () => {
  it("equals the package's own result to 1e-5", async () => {
    const crops = allocateBatch(2, 224);
    const { image } = await decodePhoto(SAMPLES[0] as string, { maxSide: 600 });
    for (let y = 0; y < 224; y++) {
      const row = image.data.subarray((y + 20) * image.width * 3, ((y + 20) * image.width + 224) * 3);
      batchItem(crops, 0).data.set(row, y * 224 * 3);
    }
    crops.data.forEach((_, i) => {
      if (i >= 224 * 224 * 3) crops.data[i] = (i * 7919) % 256;
    });
    const networks = createOnnxNetworks({ threads: 1, look: true });
    const ours = (await networks.look?.(crops)) ?? [];
    await networks.close();
    const theirs = await describeByPackage(crops.data, 2);
    expect(ours.map((row) => row.length)).toEqual([1536, 1536]);
    expect(Math.max(...theirs)).toBeGreaterThan(0.05);
    const largest = ours.flatMap((row, i) =>
      [...row.subarray(0, 1024)].map((value, k) => Math.abs(value - (theirs[i * 1024 + k] ?? 9))),
    );
    expect(Math.max(...largest)).toBeLessThan(1e-5);
  });

  it("says which file is damaged", async () => {
    await expect(readHumanWeights("faceres", "/nowhere")).rejects.toMatchObject({
      code: "ERR_WEIGHTS_INVALID",
    });
  });
});
