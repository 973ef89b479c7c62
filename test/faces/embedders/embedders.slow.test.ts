import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../src/core/index.ts";
import { checkConfig, readConfig } from "../../../src/faces/embedders/config.ts";
import { toTensor } from "../../../src/faces/embedders/tensor.ts";
import {
  createFaceEngine,
  type EmbedderConfig,
  type EmbedderSource,
  euclideanDistance,
} from "../../../src/faces/index.ts";
import { hasExternalData } from "../../../src/faces/networks/onnx/external-data.ts";
import { GraphBuilder } from "../../../src/faces/networks/onnx/graph.ts";
import { ProtobufWriter } from "../../../src/faces/networks/onnx/protobuf.ts";
import { allocateBatch } from "../../../src/faces/pictures/pixels.ts";
import { openGallery } from "../../../src/gallery/index.ts";
import { lookalike } from "../../cli/capture.ts";
import { SAMPLES } from "../fixtures.ts";

const SIZE = 24;
const DIMENSIONS = 12;

/** One dense layer from 3 x 24 x 24 pixels to 12 numbers. */
function tinyNetwork(seed: number, shape = [3, SIZE, SIZE]): Uint8Array {
  const random = createRandom(seed);
  const graph = new GraphBuilder("tiny");
  const input = graph.input("face", "float32", shape);
  const size = shape.reduce((product, side) => product * side, 1);
  const flat = graph.node("Flatten", [input], [size], { axis: 1 });
  const weights = Float32Array.from({ length: size * DIMENSIONS }, () => random() - 0.5);
  const out = graph.node("Gemm", [flat, graph.constant(weights, [size, DIMENSIONS])], [DIMENSIONS]);
  graph.output(out, "identity");
  return graph.build();
}

const YAML = `name: Tiny
licence: none needed
input_size: ${SIZE}
layout: NCHW
color_order: BGR
mean: 127.5
std: 127.5
alignment: arcface5
dimensions: ${DIMENSIONS}
metric: cosine
`;

const CONFIG: EmbedderConfig = {
  name: "Tiny",
  inputSize: SIZE,
  layout: "NCHW",
  colorOrder: "BGR",
  mean: 127.5,
  std: 127.5,
  alignment: "arcface5",
  dimensions: DIMENSIONS,
  metric: "cosine",
};

let folder: string;
const write = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
let model: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-embedder-"));
  model = write("tiny.onnx", tinyNetwork(1));
  write("tiny.yaml", YAML);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function idOf(source: EmbedderSource): Promise<string> {
  const engine = await createFaceEngine({ embedder: source, jobs: 1 });
  await engine.close();
  return engine.embedder.id;
}

async function refusal(source: EmbedderSource): Promise<{ code: string; message: string }> {
  return createFaceEngine({ embedder: source, jobs: 1 }).then(
    () => expect.unreachable("it was taken"),
    (error) => ({ code: error.code, message: error.message }),
  );
}

describe("a recognition network of one's own", () => {
  it("embeds on every thread, at length 1, and its faces do not mix with others", async () => {
    const options = { attributes: false, look: false };
    const engine = await createFaceEngine({ embedder: { model }, jobs: 2, ...options });
    expect(engine.embedder.dimensions).toBe(DIMENSIONS);
    const photo = SAMPLES[4] as string;
    const [one, two] = await Promise.all([engine.describe(photo), engine.describe(photo)]);
    expect(one.faces.length).toBe(5);
    one.faces.forEach(({ embedding, quality }, i) => {
      expect(embedding).toHaveLength(DIMENSIONS);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
      expect(euclideanDistance(embedding, two.faces[i]?.embedding ?? new Float32Array())).toBeLessThan(1e-5);
      expect(quality.interocularPx).toBeGreaterThan(10);
    });
    const gallery = await openGallery(join(folder, "gallery"));
    expect((await gallery.index([photo], engine)).faces).toBe(5);
    const probe = one.faces[2]?.embedding as Float32Array;
    expect((await gallery.match(probe, { embedderId: engine.embedder.id }))[0]).toMatchObject({
      faceIndex: 2,
    });
    await engine.close();
    const standard = await createFaceEngine({ jobs: 1 });
    await expect(gallery.index([photo], standard)).rejects.toMatchObject({ code: "ERR_GALLERY_EMBEDDER" });
    await standard.close();
    await gallery.close();
  });

  it("is named by what decides its numbers", async () => {
    const id = await idOf({ model });
    expect(await idOf({ model, config: CONFIG })).toBe(id);
    expect(await idOf({ model, config: { ...CONFIG, name: "Another", licence: "ours" } })).toBe(id);
    expect(await idOf({ model, config: { ...CONFIG, mirror: false } })).not.toBe(id);
    expect(await idOf({ model, config: { ...CONFIG, colorOrder: "RGB" } })).not.toBe(id);
    expect(await idOf({ model: write("other.onnx", tinyNetwork(2)), config: CONFIG })).not.toBe(id);
  });

  it("is refused where it does not do what its configuration says", async () => {
    const code = "ERR_EMBEDDER_MODEL";
    const config = CONFIG;
    expect(await refusal({ model: write("text.onnx", "no network"), config })).toMatchObject({ code });
    expect(await refusal({ model: join(folder, "none.onnx"), config })).toMatchObject({ code });
    const size = await refusal({ model, config: { ...config, inputSize: 32 } });
    expect(size).toMatchObject({ code, message: expect.stringContaining("any x 3 x 32 x 32 (NCHW)") });
    expect(await refusal({ model, config: { ...config, layout: "NHWC" } })).toMatchObject({ code });
    const dimensions = await refusal({ model, config: { ...config, dimensions: 512 } });
    expect(dimensions).toMatchObject({ code, message: expect.stringContaining("Expected 512") });
    const output = await refusal({ model, config: { ...config, outputName: "fc1" } });
    expect(output).toMatchObject({ code, message: expect.stringContaining("Expected one of identity") });
    const flat = write("flat.onnx", tinyNetwork(1, [3, SIZE * SIZE]));
    expect(await refusal({ model: flat, config })).toMatchObject({ code });
  });

  it("is refused with every wrong key of its configuration, by line", async () => {
    const code = "ERR_EMBEDDER_CONFIG";
    const wrong = YAML.replace("layout: NCHW", "layout: CHW").replace("color_order", "colour_order");
    const path = write("wrong.yaml", `${wrong}padding: 0.1\n`);
    const { message, ...rest } = await refusal({ model, config: path });
    expect(rest).toEqual({ code });
    expect(message).toContain(`${path}:4:1  Expected NCHW or NHWC for layout but received "CHW"`);
    expect(message).toContain(
      `${path}:5:1  Expected a known key but received colour_order. Did you mean color_order?`,
    );
    const both = write("both.yaml", `${YAML}scale: 2\npadding: 0.1\n`);
    expect((await refusal({ model, config: both })).message).toMatch(/2 problems.*std.*padding/s);
    const none = await refusal({ model, config: join(folder, "none.yaml") });
    expect(none).toMatchObject({ code, message: expect.stringContaining("none.yaml") });
    expect(await refusal({ model, config: write("list.yaml", "[1") })).toMatchObject({ code });
    expect(await refusal({ model, config: { ...CONFIG, std: 0 } })).toMatchObject({ code });
    expect(await refusal({ model, config: { ...CONFIG, alignment: "custom" } })).toMatchObject({ code });
  });

  it("serves the command line, with the attributes of every face", async () => {
    const photo = SAMPLES[4] as string;
    const { status, stdout } = await lookalike("embed", photo, "--json", "--no-look", "--embedder", model);
    expect(status).toBe(0);
    const { faces } = JSON.parse(stdout);
    expect(faces[0].embedding).toHaveLength(DIMENSIONS);
    for (const { attributes } of faces) {
      expect(Object.keys(attributes)).toEqual(["age", "female", "smiling", "hair"]);
      expect(attributes.age).toBeGreaterThan(10);
      expect(attributes.age).toBeLessThan(80);
    }
    const none = join(folder, "none.yaml");
    const refused = await lookalike("embed", photo, "--embedder", model, "--embedder-config", none);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("ERR_EMBEDDER_CONFIG")]);
    expect((await lookalike("embed", photo, "--embedder-config", none)).status).toBe(2);
  });
});

describe("docs/faces.md", () => {
  const docs = readFileSync(resolve(import.meta.dirname, "../../../docs/faces.md"), "utf8");

  it("shows a configuration that is taken, and describes every key", async () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
    await expect(readConfig(write("docs.yaml", example))).resolves.toMatchObject({ dimensions: 512 });
    const unknown = await readConfig(write("empty.yaml", "{}")).catch((error) => String(error.message));
    const required = [...String(unknown).matchAll(/ for (\w+) but received undefined/g)].map(
      ([, key]) => key,
    );
    expect(required).toContain("input_size");
    for (const key of [...required, "licence", "points", "padding", "mirror", "std", "scale", "input_name"])
      expect(docs).toMatch(new RegExp(`^\\| \`${key}\` `, "m"));
  });
});

describe("the network's input", () => {
  const chips = allocateBatch(2, 2);
  chips.data.set(Uint8Array.from({ length: 24 }, (_, i) => i));

  it("is in its order of colours and dimensions, scaled", () => {
    const settings = checkConfig({ ...CONFIG, inputSize: 2, mean: [1, 2, 3], std: [1, 2, 4] });
    const planes = toTensor(chips, { from: 1, count: 1, settings, bytes: false });
    expect(planes.shape).toEqual([1, 3, 2, 2]);
    expect([...planes.values]).toEqual(
      [14, 17, 20, 23]
        .map((blue) => blue - 1)
        .concat([13, 16, 19, 22].map((green) => (green - 2) / 2))
        .concat([12, 15, 18, 21].map((red) => (red - 3) / 4)),
    );
    const mixed = checkConfig({
      ...CONFIG,
      layout: "NHWC",
      colorOrder: "RGB",
      mean: 0,
      std: undefined,
      scale: 2,
    });
    const interleaved = toTensor(chips, { from: 0, count: 2, settings: mixed, bytes: false });
    expect(interleaved.shape).toEqual([2, 2, 2, 3]);
    expect([...interleaved.values]).toEqual(Array.from({ length: 24 }, (_, i) => i * 2));
  });
});

describe("a network that must not be trusted", () => {
  const proto = () => new ProtobufWriter();
  const tensor = proto().string(8, "w").integer(14, 1);

  it.each([
    ["an initialiser", proto().message(7, proto().message(5, tensor))],
    ["a constant", proto().message(7, proto().message(1, proto().message(5, proto().message(5, tensor))))],
    [
      "the branch of a condition",
      proto().message(
        7,
        proto().message(1, proto().message(5, proto().message(6, proto().message(5, tensor)))),
      ),
    ],
    [
      "a place alone",
      proto().message(7, proto().message(5, proto().message(13, proto().string(1, "location")))),
    ],
  ])("has its weights elsewhere: %s", (_, model) => {
    expect(hasExternalData(model.finish())).toBe(true);
  });

  it("does not have them elsewhere where they are inside, or the bytes are no network", () => {
    expect(hasExternalData(tinyNetwork(1))).toBe(false);
    expect(hasExternalData(Buffer.from("no network"))).toBe(false);
  });

  it.each([
    ["zeros", () => 0, 0],
    ["one embedding for everybody", () => 0, 0.5],
  ])("is refused where it gives %s", async (_, weight, bias) => {
    const graph = new GraphBuilder("flat");
    const input = graph.input("face", "float32", [3, SIZE, SIZE]);
    const size = 3 * SIZE * SIZE;
    const flat = graph.node("Flatten", [input], [size], { axis: 1 });
    const weights = graph.constant(Float32Array.from({ length: size * DIMENSIONS }, weight), [
      size,
      DIMENSIONS,
    ]);
    const biases = graph.constant(new Float32Array(DIMENSIONS).fill(bias), [DIMENSIONS]);
    graph.output(graph.node("Gemm", [flat, weights, biases], [DIMENSIONS]), "identity");
    const model = join(folder, `flat-${bias}.onnx`);
    writeFileSync(model, graph.build());
    await expect(createFaceEngine({ embedder: { model, config: CONFIG } })).rejects.toMatchObject({
      code: "ERR_EMBEDDER_MODEL",
    });
  });
});
