import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import {
  type Activation,
  activate,
  add,
  conv,
  dense,
  kernelOf,
  type Network,
  normalise,
  pool,
  weight,
} from "./layers.ts";
import { MEAN_RGB } from "./recognition.ts";

/**
 * face-api's 68-point landmark network (depthwise separable, densely connected).
 *
 * Input `pixels` uint8 [batch, 112, 112, 3]; output `points` [batch, 136]: x, y per point as fractions of the crop.
 */
export function buildLandmarks(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("face_landmark_68");
  const features = extractFeatures({ graph, weights }, graph.input("pixels", "uint8", [112, 112, 3]));
  graph.output(
    dense(graph, features, weight(weights, "fc/weights"), weight(weights, "fc/bias").values),
    "points",
  );
  return graph.build();
}

/**
 * face-api's expression network, on the same feature extractor.
 *
 * Input `pixels` uint8 [batch, 112, 112, 3]; output `probabilities` [batch, 7]: neutral, happy, sad, angry,
 * fearful, disgusted, surprised.
 */
export function buildExpression(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("face_expression");
  const features = extractFeatures({ graph, weights }, graph.input("pixels", "uint8", [112, 112, 3]));
  const logits = dense(graph, features, weight(weights, "fc/weights"), weight(weights, "fc/bias").values);
  graph.output(graph.node("Softmax", [logits], logits.shape, { axis: 1 }), "probabilities");
  return graph.build();
}

function extractFeatures(network: Network, pixels: Value): Value {
  const { graph } = network;
  let x = normalise(graph, pixels, MEAN_RGB, 255);
  for (const name of ["dense0", "dense1", "dense2", "dense3"]) x = denseBlock(network, x, name);
  return pool(graph, "AveragePool", x, { kernel: 7, stride: 2, padding: "valid" });
}

/** Four convolutions; each sees the sum of all outputs before it. */
function denseBlock(network: Network, x: Value, name: string): Value {
  const { graph, weights } = network;
  const options = { stride: 2, activation: "relu" } as const;
  const first =
    name === "dense0"
      ? conv(graph, x, kernelOf(weights, `${name}/conv0`), options)
      : separableConv(network, x, `${name}/conv0`, options);
  let sum = first;
  let input = first;
  for (const index of [1, 2, 3]) {
    const out = separableConv(network, input, `${name}/conv${index}`);
    sum = add(graph, sum, out);
    input = activate(graph, sum, "relu");
  }
  return input;
}

export function separableConv(
  { graph, weights }: Network,
  x: Value,
  name: string,
  { stride = 1, activation = "none" }: { readonly stride?: number; readonly activation?: Activation } = {},
): Value {
  const depthwise = weight(weights, `${name}/depthwise_filter`);
  const channels = x.shape[0] ?? 0;
  const bias = new Float32Array(channels);
  const spread = conv(graph, x, { filters: depthwise, bias }, { stride, depthwise: true });
  const pointwise = {
    filters: weight(weights, `${name}/pointwise_filter`),
    bias: weight(weights, `${name}/bias`).values,
  };
  return conv(graph, spread, pointwise, { activation });
}
