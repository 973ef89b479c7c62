import type { Weights, WeightTensor } from "../weights.ts";
import { GraphBuilder, type Value } from "./graph.ts";
import { conv, type Network, normalise, scaleChannels, weight } from "./layers.ts";

/** TensorFlow's MobileNet v1 batch-norm epsilon. */
const EPSILON = 0.001;

/** MobileNet v1 layers (Howard et al. 2017) that halve the resolution. */
const DOWN = new Set([2, 4, 6, 12]);

/** The convolutions behind the backbone; the odd ones halve the resolution and feed a predictor. */
const EXTRA_LAYERS = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * SSD (Liu et al. 2016) on MobileNet v1 as face-api stores it, for square inputs of any size: the network is
 * fully convolutional. Batch norms are folded into the convolutions, and of the three classes only 'face' is
 * computed.
 *
 * Input `pixels` uint8 [batch, size, size, 3]; outputs `encodings` [batch, anchors, 4] (dy, dx, dh, dw per
 * anchor) and `logits` [batch, anchors], anchors ordered by level, row, column, shape.
 *
 * @param size the input size, px, for which shapes inside the graph are computed; it does not restrict the
 * input
 */
export function buildSsd(weights: Weights, size = 512): Uint8Array {
  const graph = new GraphBuilder("ssd_mobilenetv1");
  const network = { graph, weights };
  const pixels = graph.input("pixels", "uint8", [size, size, 3], ["size", "size", 3]);
  let x = normalise(graph, pixels, [127.5, 127.5, 127.5], 127.5);
  x = offsetConv(network, x, "MobilenetV1/Conv2d_0_pointwise", 2);
  const levels: Value[] = [];
  for (let layer = 1; layer <= 13; layer++) {
    x = depthwiseConv(network, x, `MobilenetV1/Conv2d_${layer}_depthwise`, DOWN.has(layer) ? 2 : 1);
    x = offsetConv(network, x, `MobilenetV1/Conv2d_${layer}_pointwise`, 1);
    if (layer === 11) levels.push(x);
  }
  levels.push(x);
  for (const layer of EXTRA_LAYERS) {
    const halves = layer % 2 === 1;
    x = offsetConv(network, x, `Prediction/Conv2d_${layer}_pointwise`, halves ? 2 : 1);
    if (halves) levels.push(x);
  }
  const predictions = levels.map((level, index) =>
    predict(network, level, `Prediction/BoxPredictor_${index}`),
  );
  const anchors = predictions.reduce((sum, { logits }) => sum + (logits.shape[0] ?? 0), 0);
  const join = (values: readonly Value[], shape: readonly number[]) =>
    graph.node("Concat", values, shape, { axis: 1 });
  const encodings = predictions.map((prediction) => prediction.encodings);
  const logits = predictions.map((prediction) => prediction.logits);
  graph.output(join(encodings, [anchors, 4]), "encodings", ["anchors", 4]);
  graph.output(join(logits, [anchors]), "logits", ["anchors"]);
  return graph.build();
}

function offsetConv({ graph, weights }: Network, x: Value, name: string, stride: number): Value {
  const bias = weight(weights, `${name}/convolution_bn_offset`).values;
  const filters = weight(weights, `${name}/weights`);
  return conv(graph, x, { filters, bias }, { stride, activation: "relu6" });
}

function depthwiseConv({ graph, weights }: Network, x: Value, name: string, stride: number): Value {
  const filters = weight(weights, `${name}/depthwise_weights`);
  const norm = (part: string) => weight(weights, `${name}/BatchNorm/${part}`).values;
  const [gamma, beta, mean, variance] = [
    norm("gamma"),
    norm("beta"),
    norm("moving_mean"),
    norm("moving_variance"),
  ];
  const scale = gamma.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + EPSILON));
  const bias = beta.map((value, i) => value - (mean[i] ?? 0) * (scale[i] ?? 0));
  // Depthwise filters are [height, width, channels, 1]: their channels are last as well.
  const kernel = { filters: scaleChannels(filters, scale), bias };
  return conv(graph, x, kernel, { stride, activation: "relu6", depthwise: true });
}

function predict({ graph, weights }: Network, x: Value, name: string): { encodings: Value; logits: Value } {
  const box = `${name}/BoxEncodingPredictor`;
  const kind = `${name}/ClassPredictor`;
  const boxes = conv(graph, x, {
    filters: weight(weights, `${box}/weights`),
    bias: weight(weights, `${box}/biases`).values,
  });
  const logits = conv(graph, x, {
    filters: faceClass(weight(weights, `${kind}/weights`)),
    bias: faceClass(weight(weights, `${kind}/biases`)).values,
  });
  const [shapes = 0, height = 0, width = 0] = logits.shape;
  const anchors = height * width * shapes;
  return {
    encodings: flatten(graph, boxes, [anchors, 4]),
    logits: flatten(graph, logits, [anchors]),
  };
}

/** Keeps the face class of [background, face, unused] per anchor shape. */
function faceClass({ shape, values }: WeightTensor): WeightTensor {
  const kept = values.filter((_, i) => i % 3 === 1);
  return { shape: [...shape.slice(0, -1), (shape.at(-1) ?? 0) / 3], values: kept };
}

/** [channels, height, width] -> [height * width * anchor shapes, ...] in row-major order of cells. */
function flatten(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  const [channels = 0, height = 0, width = 0] = x.shape;
  const cells = graph.node("Transpose", [x], [height, width, channels], { perm: [0, 2, 3, 1] });
  // The number of anchors follows from the input's size.
  return graph.node("Reshape", [cells, graph.integers([0, -1, ...shape.slice(1)])], shape);
}
