import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import { separableConv } from "./landmarks.ts";
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
 * face-api's age and gender network (a small Xception, Chollet 2017).
 *
 * Input `pixels` uint8 [batch, 112, 112, 3]; outputs `age` [batch, 1] in years, `gender` [batch, 2]:
 * P(male), P(female), and `traits` [batch, 512], the features that both come from.
 */
export function buildAgeGender(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("age_gender");
  const network = { graph, weights };
  let x = normalise(graph, graph.input("pixels", "uint8", [112, 112, 3]), MEAN_RGB, 255);
  x = conv(graph, x, kernelOf(weights, "entry_flow/conv_in"), { stride: 2, activation: "relu" });
  x = reduction(network, x, "entry_flow/reduction_block_0", "none");
  x = reduction(network, x, "entry_flow/reduction_block_1", "relu");
  for (const name of ["middle_flow/main_block_0", "middle_flow/main_block_1"])
    x = mainBlock(network, x, name);
  x = reduction(network, x, "exit_flow/reduction_block", "relu");
  x = separableConv(network, x, "exit_flow/separable_conv", { activation: "relu" });
  x = pool(graph, "AveragePool", x, { kernel: 7, stride: 2, padding: "valid" });
  graph.output(graph.node("Flatten", [x], [x.shape[0] ?? 0], { axis: 1 }), "traits");
  graph.output(
    dense(graph, x, weight(weights, "fc/age/weights"), weight(weights, "fc/age/bias").values),
    "age",
  );
  const gender = dense(
    graph,
    x,
    weight(weights, "fc/gender/weights"),
    weight(weights, "fc/gender/bias").values,
  );
  graph.output(graph.node("Softmax", [gender], gender.shape, { axis: 1 }), "gender");
  return graph.build();
}

/**
 * @param before the activation in front of the separable convolutions; the shortcut takes the input without
 * it
 */
function reduction(network: Network, x: Value, name: string, before: Activation): Value {
  const { graph, weights } = network;
  const input = activate(graph, x, before);
  let out = separableConv(network, input, `${name}/separable_conv0`, { activation: "relu" });
  out = separableConv(network, out, `${name}/separable_conv1`);
  out = pool(graph, "MaxPool", out, { kernel: 3, stride: 2, padding: "same" });
  return add(graph, out, conv(graph, x, kernelOf(weights, `${name}/expansion_conv`), { stride: 2 }));
}

function mainBlock(network: Network, x: Value, name: string): Value {
  const { graph } = network;
  let out = activate(graph, x, "relu");
  for (const index of [0, 1]) {
    out = separableConv(network, out, `${name}/separable_conv${index}`, { activation: "relu" });
  }
  return add(graph, separableConv(network, out, `${name}/separable_conv2`), x);
}
