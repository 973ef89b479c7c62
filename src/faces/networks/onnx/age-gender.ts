import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import { separableConv } from "./landmarks.ts";
import { activate, add, conv, dense, normalise, pool, weight } from "./layers.ts";
import { MEAN_RGB } from "./recognition.ts";

/**
 * face-api's age and gender network (a small Xception, Chollet 2017).
 *
 * Input `pixels` uint8 [batch, 112, 112, 3]; outputs `age` [batch, 1] in years, `gender` [batch, 2]:
 * P(male), P(female), and `traits` [batch, 512], the features that both come from.
 */
export function buildAgeGender(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("age_gender");
  let x = normalise(graph, graph.input("pixels", "uint8", [112, 112, 3]), MEAN_RGB, 255);
  x = conv(
    graph,
    x,
    weight(weights, "entry_flow/conv_in/filters"),
    weight(weights, "entry_flow/conv_in/bias").values,
    {
      stride: 2,
      activation: "relu",
    },
  );
  x = reduction(graph, x, x, weights, "entry_flow/reduction_block_0");
  x = reduction(graph, x, activate(graph, x, "relu"), weights, "entry_flow/reduction_block_1");
  for (const name of ["middle_flow/main_block_0", "middle_flow/main_block_1"])
    x = mainBlock(graph, x, weights, name);
  x = reduction(graph, x, activate(graph, x, "relu"), weights, "exit_flow/reduction_block");
  x = separableConv(graph, x, weights, "exit_flow/separable_conv", { activation: "relu" });
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

function reduction(graph: GraphBuilder, x: Value, input: Value, weights: Weights, name: string): Value {
  let out = separableConv(graph, input, weights, `${name}/separable_conv0`, { activation: "relu" });
  out = separableConv(graph, out, weights, `${name}/separable_conv1`);
  out = pool(graph, "MaxPool", out, { kernel: 3, stride: 2, padding: "same" });
  const filters = weight(weights, `${name}/expansion_conv/filters`);
  const bias = weight(weights, `${name}/expansion_conv/bias`).values;
  return add(graph, out, conv(graph, x, filters, bias, { stride: 2 }));
}

function mainBlock(graph: GraphBuilder, x: Value, weights: Weights, name: string): Value {
  let out = activate(graph, x, "relu");
  for (const index of [0, 1]) {
    out = separableConv(graph, out, weights, `${name}/separable_conv${index}`, { activation: "relu" });
  }
  return add(graph, separableConv(graph, out, weights, `${name}/separable_conv2`), x);
}
