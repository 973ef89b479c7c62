import { createDescriber } from "../../../src/faces/description/describe.ts";
import { buildAgeGender } from "../../../src/faces/networks/onnx/age-gender.ts";
import { GraphBuilder, type Value } from "../../../src/faces/networks/onnx/graph.ts";
import { buildExpression, buildLandmarks } from "../../../src/faces/networks/onnx/landmarks.ts";
import { createOnnxNetworks } from "../../../src/faces/networks/onnx/networks.ts";
import { buildRecognition } from "../../../src/faces/networks/onnx/recognition.ts";
import { openSession } from "../../../src/faces/networks/onnx/runtime.ts";
import { buildSsd } from "../../../src/faces/networks/onnx/ssd.ts";
import { readWeights } from "../../../src/faces/networks/weights.ts";
import type { PixelBatch } from "../../../src/faces/pictures/pixels.ts";
import type { FaceNetworks } from "../../../src/faces/types.ts";

/** (f) How far from the processor's limit: operations of each network against a measured matrix product. */

/** A multiplication and an addition per weight and place that a convolution or a matrix product touches. */
function countFlops(build: () => void): number {
  let flops = 0;
  const { node } = GraphBuilder.prototype;
  GraphBuilder.prototype.node = function (operator, inputs, shape, ...rest) {
    const [, weights] = inputs as readonly [Value, Value?];
    const size = (dimensions: readonly number[]) => dimensions.reduce((product, each) => product * each, 1);
    if (operator === "Conv" && weights) flops += 2 * size(shape) * size(weights.shape.slice(1));
    if (operator === "Gemm" && weights) flops += 2 * size(weights.shape);
    return node.call(this, operator, inputs, shape, ...rest);
  };
  try {
    build();
  } finally {
    GraphBuilder.prototype.node = node;
  }
  return flops;
}

/** FLOP of one picture, by the method of `FaceNetworks` and the picture's size. */
async function createCounter(): Promise<(method: string, size: number) => number> {
  const [ssd, landmarks, recognition, ageGender, expression] = await Promise.all(
    (
      ["ssd_mobilenetv1", "face_landmark_68", "face_recognition", "age_gender", "face_expression"] as const
    ).map((name) => readWeights(name)),
  );
  if (!ssd || !landmarks || !recognition || !ageGender || !expression) throw new Error("weights are missing");
  const known = new Map<string, number>();
  const builders: Readonly<Record<string, (size: number) => unknown>> = {
    detect: (size) => buildSsd(ssd, size),
    landmarks: () => buildLandmarks(landmarks),
    embed: () => buildRecognition(recognition),
    ageGender: () => buildAgeGender(ageGender),
    expressions: () => buildExpression(expression),
  };
  return (method, size) => {
    const key = `${method} at ${size} px`;
    const flops = known.get(key) ?? countFlops(() => builders[method]?.(size));
    known.set(key, flops);
    return flops;
  };
}

/** GFLOP/s of eight products of a 1024 x 1024 matrix in one graph, the best of ten runs. */
export async function measurePeak(threads: number): Promise<number> {
  const side = 1024;
  const products = 8;
  const graph = new GraphBuilder("peak");
  let x = graph.node("Cast", [graph.input("pixels", "uint8", [side])], [side], { to: 1 });
  const weights = graph.constant(new Float32Array(side * side).fill(1 / side), [side, side]);
  for (let i = 0; i < products; i++) x = graph.node("MatMul", [x, weights], [side]);
  graph.output(x, "product");
  const session = await openSession(graph.build(), threads);
  const input = new Uint8Array(side * side).fill(1);
  let best = Infinity;
  for (let round = 0; round < 10; round++) {
    const startedAt = performance.now();
    await session.run(input, [side, side]);
    best = Math.min(best, performance.now() - startedAt);
  }
  await session.close();
  return (products * 2 * side ** 3) / best / 1e6;
}

/** The networks' work on each photo on one thread, and what of the time is theirs. */
export async function measureLimits(
  photos: readonly string[],
  peak: number,
): Promise<readonly Record<string, string>[]> {
  const flopsOf = await createCounter();
  const totals = new Map<string, { pictures: number; flops: number; ms: number }>();
  const networks = createOnnxNetworks({ threads: 1 });
  const describe = createDescriber(
    timed(networks, (method, { count, size }, ms) => {
      const key = `${method}, ${size} px`;
      const total = totals.get(key) ?? { pictures: 0, flops: 0, ms: 0 };
      totals.set(key, {
        pictures: total.pictures + count,
        flops: total.flops + count * flopsOf(method, size),
        ms: total.ms + ms,
      });
    }),
  );
  const settings = { minScore: 0.4, maxPixels: 1e8, attributes: true };
  for (const photo of photos.slice(0, 5)) await describe(photo, settings);
  totals.clear();
  const startedAt = performance.now();
  for (const photo of photos) await describe(photo, settings);
  const wholeMs = performance.now() - startedAt;
  await networks.close();
  const row = (what: string, pictures: number | null, flops: number, ms: number) => ({
    what,
    "pictures a photo": pictures === null ? "" : (pictures / photos.length).toFixed(2),
    "GFLOP a photo": (flops / photos.length / 1e9).toFixed(3),
    "ms a photo": (ms / photos.length).toFixed(2),
    "GFLOP/s": flops > 0 ? (flops / ms / 1e6).toFixed(0) : "",
    "of the peak": flops > 0 ? `${((100 * flops) / ms / 1e6 / peak).toFixed(0)} %` : "",
  });
  const networksMs = [...totals.values()].reduce((sum, { ms }) => sum + ms, 0);
  const allFlops = [...totals.values()].reduce((sum, { flops }) => sum + flops, 0);
  return [
    ...[...totals].map(([what, { pictures, flops, ms }]) => row(what, pictures, flops, ms)),
    row("decoding, warps, the rest", null, 0, wholeMs - networksMs),
    row("whole photo", null, allFlops, wholeMs),
  ];
}

/** The same networks, every call of theirs timed. */
function timed(
  networks: FaceNetworks,
  report: (method: string, batch: PixelBatch, ms: number) => void,
): FaceNetworks {
  return new Proxy(networks, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || typeof name !== "string" || name === "close") return value;
      return async (batch: PixelBatch, ...rest: readonly unknown[]) => {
        const startedAt = performance.now();
        const result: unknown = await value.call(target, batch, ...rest);
        report(name, batch, performance.now() - startedAt);
        return result;
      };
    },
  });
}
