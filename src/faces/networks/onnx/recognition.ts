import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import {
  activate,
  add,
  conv,
  dense,
  normalise,
  type Padding,
  pool,
  scaleChannels,
  weight,
} from "./layers.ts";

/** Mean RGB of the face networks' training pictures (dlib's `input_rgb_image_sized`). */
export const MEAN_RGB = [122.782, 117.001, 104.298] as const;

/**
 * The 128-d recognition network: dlib's 29-layer ResNet (`dlib_face_recognition_resnet_model_v1`, D. King 2017)
 * as face-api stores it. The per-channel scale after each convolution is folded into its weights.
 *
 * Input `pixels` uint8 [batch, 150, 150, 3]; output `descriptor` [batch, 128].
 */
export function buildRecognition(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("face_recognition");
  let x = normalise(graph, graph.input("pixels", "uint8", [150, 150, 3]), MEAN_RGB, 255);
  x = scaledConv(graph, x, weights, "conv32_down", { stride: 2, padding: "valid", relu: true });
  x = pool(graph, "MaxPool", x, { kernel: 3, stride: 2, padding: "valid" });
  for (const name of ["conv32_1", "conv32_2", "conv32_3"]) x = residual(graph, x, weights, name);
  x = residualDown(graph, x, weights, "conv64_down");
  for (const name of ["conv64_1", "conv64_2", "conv64_3"]) x = residual(graph, x, weights, name);
  x = residualDown(graph, x, weights, "conv128_down");
  for (const name of ["conv128_1", "conv128_2"]) x = residual(graph, x, weights, name);
  x = residualDown(graph, x, weights, "conv256_down");
  for (const name of ["conv256_1", "conv256_2"]) x = residual(graph, x, weights, name);
  x = residualDown(graph, x, weights, "conv256_down_out");
  x = graph.node("GlobalAveragePool", [x], [x.shape[0] ?? 0, 1, 1]);
  graph.output(dense(graph, x, weight(weights, "fc"), null), "descriptor");
  return graph.build();
}

function residual(graph: GraphBuilder, x: Value, weights: Weights, name: string): Value {
  const first = scaledConv(graph, x, weights, `${name}/conv1`, { stride: 1, padding: "same", relu: true });
  const second = scaledConv(graph, first, weights, `${name}/conv2`, {
    stride: 1,
    padding: "same",
    relu: false,
  });
  return activate(graph, add(graph, second, x), "relu");
}

/** Halves the resolution; the short cut is average-pooled, and the smaller of both sides is padded with zeros. */
function residualDown(graph: GraphBuilder, x: Value, weights: Weights, name: string): Value {
  const first = scaledConv(graph, x, weights, `${name}/conv1`, { stride: 2, padding: "valid", relu: true });
  const second = scaledConv(graph, first, weights, `${name}/conv2`, {
    stride: 1,
    padding: "same",
    relu: false,
  });
  const shortcut = pool(graph, "AveragePool", x, { kernel: 2, stride: 2, padding: "valid" });
  const shape = [0, 1, 2].map((axis) => Math.max(second.shape[axis] ?? 0, shortcut.shape[axis] ?? 0));
  return activate(graph, add(graph, padTo(graph, second, shape), padTo(graph, shortcut, shape)), "relu");
}

function padTo(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  const missing = shape.map((size, axis) => size - (x.shape[axis] ?? 0));
  if (missing.every((size) => size === 0)) return x;
  return graph.node("Pad", [x, graph.integers([0, 0, 0, 0, 0, ...missing])], shape);
}

function scaledConv(
  graph: GraphBuilder,
  x: Value,
  weights: Weights,
  name: string,
  { stride, padding, relu }: { readonly stride: number; readonly padding: Padding; readonly relu: boolean },
): Value {
  const filters = weight(weights, `${name}/conv/filters`);
  const bias = weight(weights, `${name}/conv/bias`).values;
  const scale = weight(weights, `${name}/scale/weights`).values;
  const shift = weight(weights, `${name}/scale/biases`).values;
  const foldedBias = bias.map((value, i) => value * (scale[i] ?? 0) + (shift[i] ?? 0));
  return conv(graph, x, scaleChannels(filters, scale), foldedBias, {
    stride,
    padding,
    activation: relu ? "relu" : "none",
  });
}
