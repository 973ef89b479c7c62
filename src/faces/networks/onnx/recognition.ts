import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import {
  activate,
  add,
  conv,
  dense,
  type Network,
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
  const network = { graph, weights };
  let x = normalise(graph, graph.input("pixels", "uint8", [150, 150, 3]), MEAN_RGB, 255);
  x = scaledConv(network, x, "conv32_down", { stride: 2, padding: "valid", relu: true });
  x = pool(graph, "MaxPool", x, { kernel: 3, stride: 2, padding: "valid" });
  for (const name of ["conv32_1", "conv32_2", "conv32_3"]) x = residual(network, x, name);
  x = residualDown(network, x, "conv64_down");
  for (const name of ["conv64_1", "conv64_2", "conv64_3"]) x = residual(network, x, name);
  x = residualDown(network, x, "conv128_down");
  for (const name of ["conv128_1", "conv128_2"]) x = residual(network, x, name);
  x = residualDown(network, x, "conv256_down");
  for (const name of ["conv256_1", "conv256_2"]) x = residual(network, x, name);
  x = residualDown(network, x, "conv256_down_out");
  x = graph.node("GlobalAveragePool", [x], [x.shape[0] ?? 0, 1, 1]);
  graph.output(dense(graph, x, weight(weights, "fc"), null), "descriptor");
  return graph.build();
}

function residual(network: Network, x: Value, name: string): Value {
  const { graph } = network;
  const first = scaledConv(network, x, `${name}/conv1`, { stride: 1, padding: "same", relu: true });
  const second = scaledConv(network, first, `${name}/conv2`, {
    stride: 1,
    padding: "same",
    relu: false,
  });
  return activate(graph, add(graph, second, x), "relu");
}

/**
 * Halves the resolution. The shortcut is average-pooled, and the side with fewer channels is padded with
 * zeros.
 */
function residualDown(network: Network, x: Value, name: string): Value {
  const { graph } = network;
  const first = scaledConv(network, x, `${name}/conv1`, { stride: 2, padding: "valid", relu: true });
  const second = scaledConv(network, first, `${name}/conv2`, {
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
  { graph, weights }: Network,
  x: Value,
  name: string,
  { stride, padding, relu }: { readonly stride: number; readonly padding: Padding; readonly relu: boolean },
): Value {
  const filters = weight(weights, `${name}/conv/filters`);
  const bias = weight(weights, `${name}/conv/bias`).values;
  const scale = weight(weights, `${name}/scale/weights`).values;
  const shift = weight(weights, `${name}/scale/biases`).values;
  const folded = bias.map((value, i) => value * (scale[i] ?? 0) + (shift[i] ?? 0));
  const kernel = { filters: scaleChannels(filters, scale), bias: folded };
  return conv(graph, x, kernel, { stride, padding, activation: relu ? "relu" : "none" });
}
