import type { Weights } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import { conv, type Network, scaleChannels, weight } from "./layers.ts";

/** Side of the input, px. */
export const LOOK_SIZE = 224;
/**
 * Sizes of the descriptors of the last layer (identity) and of the middle layer (texture, hair and
 * expression).
 */
export const LOOK_PARTS = { deep: 1024, middle: 512 } as const;

/** MobileNet v1 blocks (Howard et al. 2017) that halve the resolution. */
const DOWN = new Set([2, 4, 6, 12]);
const BLOCKS = 13;
const MIDDLE = 11;

/**
 * The `faceres` network of `@vladmandic/human`: MobileNet v1 trained on VGGFace2 (Savchenko, HSE_FaceRec_tf), of which
 * only descriptors are computed: the means over the picture of the last layer and of a layer in the middle. Its batch
 * norms are folded into the convolutions.
 *
 * Input `pixels` uint8 [batch, 224, 224, 3], RGB; output `look` [batch, 1024 + 512], every number from 0 to 6.
 */
export function buildLook(weights: Weights): Uint8Array {
  const graph = new GraphBuilder("faceres");
  const network = { graph, weights };
  const pixels = graph.input("pixels", "uint8", [LOOK_SIZE, LOOK_SIZE, 3]);
  const numbers = graph.node("Cast", [pixels], pixels.shape, { to: 1 });
  // The network takes 8-bit values without scaling.
  let x = graph.node("Transpose", [numbers], [3, LOOK_SIZE, LOOK_SIZE], { perm: [0, 3, 1, 2] });
  x = merged(network, x, "conv1", 2);
  let middle = x;
  for (let block = 1; block <= BLOCKS; block++) {
    x = depthwise(network, x, `conv_dw_${block}`, DOWN.has(block) ? 2 : 1);
    x = merged(network, x, `conv_pw_${block}`, 1);
    if (block === MIDDLE) middle = x;
  }
  const { deep, middle: inner } = LOOK_PARTS;
  const both = [averages(graph, x, deep), averages(graph, middle, inner)];
  graph.output(graph.node("Concat", both, [deep + inner], { axis: 1 }), "look");
  return graph.build();
}

/** The mean of each channel over the picture. */
function averages(graph: GraphBuilder, x: Value, channels: number): Value {
  const pooled = graph.node("GlobalAveragePool", [x], [channels, 1, 1]);
  return graph.node("Flatten", [pooled], [channels], { axis: 1 });
}

/** A convolution whose weights include the scale of its batch norm. */
function merged({ graph, weights }: Network, x: Value, name: string, stride: number): Value {
  const filters = weight(weights, `${name}/convolution/merged_input`);
  const bias = weight(weights, `${name}_bn/batchnorm_1/sub`).values;
  return conv(graph, x, { filters, bias }, { stride, activation: "relu6" });
}

function depthwise({ graph, weights }: Network, x: Value, name: string, stride: number): Value {
  const scale = weight(weights, `${name}_bn/batchnorm_1/mul`).values;
  const bias = weight(weights, `${name}_bn/batchnorm_1/sub`).values;
  // Depthwise filters are [height, width, channels, 1]: their channels are last as well.
  const filters = scaleChannels(weight(weights, `${name}/depthwise_kernel`), scale);
  return conv(graph, x, { filters, bias }, { stride, activation: "relu6", depthwise: true });
}
