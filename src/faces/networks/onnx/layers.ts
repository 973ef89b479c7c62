import type { Weights, WeightTensor } from "../weights.ts";
import type { GraphBuilder, Value } from "./graph.ts";

/**
 * The layers that face-api's networks are made of, as ONNX nodes. Activations are [channels, height, width] per
 * image; filters arrive in TensorFlow's [height, width, in, out] order and are stored in ONNX's
 * [out, in, height, width].
 */
export type Padding = "same" | "valid" | number;
export type Activation = "none" | "relu" | "relu6" | "leaky";

export interface ConvOptions {
  readonly stride?: number;
  readonly padding?: Padding;
  readonly activation?: Activation;
  /** One filter per channel: `filters` is [height, width, channels, 1]. */
  readonly depthwise?: boolean;
}

/** A network under construction: the graph so far, and the weights of its layers. */
export interface Network {
  readonly graph: GraphBuilder;
  readonly weights: Weights;
}

/** Filters as [height, width, in, out], and one bias per output channel. */
export interface Kernel {
  readonly filters: WeightTensor;
  readonly bias: Float32Array;
}

export function weight(weights: Weights, name: string): WeightTensor {
  const tensor = weights.tensors.get(name);
  if (!tensor) throw new Error(`there is no tensor ${name}`);
  return tensor;
}

/** A convolution's weights as face-api names them. */
export function kernelOf(weights: Weights, name: string): Kernel {
  return { filters: weight(weights, `${name}/filters`), bias: weight(weights, `${name}/bias`).values };
}

/** Multiplies weights whose last dimension is the channel by one factor per channel. */
export function scaleChannels({ shape, values }: WeightTensor, factors: Float32Array): WeightTensor {
  const scaled = new Float32Array(values.length);
  // A plain loop: `map` with a function takes ten times as long on millions of weights.
  for (let start = 0; start < values.length; start += factors.length) {
    for (let c = 0; c < factors.length; c++) {
      scaled[start + c] = (values[start + c] as number) * (factors[c] as number);
    }
  }
  return { shape, values: scaled };
}

/** Pixels [height, width, 3] as 8 bits -> [3, height, width] as `(pixel - mean) / scale`. */
export function normalise(graph: GraphBuilder, pixels: Value, mean: readonly number[], scale: number): Value {
  const [height = 0, width = 0] = pixels.shape;
  const numbers = graph.node("Cast", [pixels], pixels.shape, { to: 1 });
  const planes = graph.node("Transpose", [numbers], [3, height, width], { perm: [0, 3, 1, 2] });
  const centred = graph.node(
    "Sub",
    [planes, graph.constant(Float32Array.from(mean), [3, 1, 1])],
    planes.shape,
  );
  return graph.node("Div", [centred, graph.constant(Float32Array.of(scale), [1])], planes.shape);
}

export function conv(
  graph: GraphBuilder,
  x: Value,
  { filters, bias }: Kernel,
  options: ConvOptions = {},
): Value {
  const { stride = 1, padding = "same", activation = "none", depthwise = false } = options;
  const [kernel = 1] = filters.shape;
  const [channelsIn = 0, height = 0, width = 0] = x.shape;
  const channelsOut = depthwise ? channelsIn : (filters.shape[3] ?? 0);
  const [top, bottom, outHeight] = pad(height, kernel, stride, padding);
  const [left, right, outWidth] = pad(width, kernel, stride, padding);
  const w = graph.constant(toOihw(filters, depthwise), [
    channelsOut,
    depthwise ? 1 : channelsIn,
    kernel,
    kernel,
  ]);
  const b = graph.constant(bias, [channelsOut]);
  const shape = [channelsOut, outHeight, outWidth];
  const pads = padding === "same" ? { auto_pad: "SAME_UPPER" } : { pads: [top, left, bottom, right] };
  const out = graph.node("Conv", [x, w, b], shape, {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    ...pads,
    group: depthwise ? channelsIn : 1,
  });
  return activate(graph, out, activation);
}

export function activate(graph: GraphBuilder, x: Value, activation: Activation): Value {
  switch (activation) {
    case "none":
      return x;
    case "relu":
      return graph.node("Relu", [x], x.shape);
    case "relu6": {
      const bounds = [graph.constant(Float32Array.of(0), []), graph.constant(Float32Array.of(6), [])];
      return graph.node("Clip", [x, ...bounds], x.shape);
    }
    case "leaky":
      return graph.node("LeakyRelu", [x], x.shape, { alpha: { float: 0.1 } });
  }
}

export function pool(
  graph: GraphBuilder,
  kind: "MaxPool" | "AveragePool",
  x: Value,
  options: { readonly kernel: number; readonly stride: number; readonly padding: Padding },
): Value {
  const { kernel, stride, padding } = options;
  const [channels = 0, height = 0, width = 0] = x.shape;
  const [top, bottom, outHeight] = pad(height, kernel, stride, padding);
  const [left, right, outWidth] = pad(width, kernel, stride, padding);
  return graph.node(kind, [x], [channels, outHeight, outWidth], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [top, left, bottom, right],
  });
}

export function add(graph: GraphBuilder, a: Value, b: Value): Value {
  return graph.node("Add", [a, b], a.shape);
}

/** A fully connected layer on flattened features; weights are [in, out]. */
export function dense(
  graph: GraphBuilder,
  x: Value,
  weights: WeightTensor,
  bias: Float32Array | null,
): Value {
  const [channelsIn = 0, channelsOut = 0] = weights.shape;
  const flat = x.shape.length === 1 ? x : graph.node("Flatten", [x], [channelsIn], { axis: 1 });
  const w = graph.constant(weights.values, [channelsIn, channelsOut]);
  const inputs = bias ? [flat, w, graph.constant(bias, [channelsOut])] : [flat, w];
  return graph.node("Gemm", inputs, [channelsOut]);
}

/** TensorFlow's padding rule: 'same' puts the odd pixel at the end. Returns [before, after, output size]. */
function pad(size: number, kernel: number, stride: number, padding: Padding): [number, number, number] {
  if (padding === "valid") return [0, 0, Math.floor((size - kernel) / stride) + 1];
  if (typeof padding === "number") {
    return [padding, padding, Math.floor((size + 2 * padding - kernel) / stride) + 1];
  }
  const out = Math.ceil(size / stride);
  const total = Math.max(0, (out - 1) * stride + kernel - size);
  return [Math.floor(total / 2), Math.ceil(total / 2), out];
}

/** Output channels written side by side: so many floats fill a line of the processor's cache. */
const STRIPE = 16;

/** [height, width, in, out] -> [out, in, height, width]. */
function toOihw({ shape, values }: WeightTensor, depthwise: boolean): Float32Array {
  const [height = 0, width = 0, third = 0, fourth = 0] = shape;
  const [channelsOut, channelsIn] = depthwise ? [third, 1] : [fourth, third];
  const area = height * width;
  const perOutput = channelsIn * area;
  const out = new Float32Array(values.length);
  for (let start = 0; start < channelsOut; start += STRIPE) {
    const end = Math.min(channelsOut, start + STRIPE);
    let to = start * perOutput;
    for (let i = 0; i < channelsIn; i++) {
      for (let p = 0; p < area; p++, to++) {
        const from = (p * channelsIn + i) * channelsOut;
        for (let o = start, at = to; o < end; o++, at += perOutput) out[at] = values[from + o] as number;
      }
    }
  }
  return out;
}
