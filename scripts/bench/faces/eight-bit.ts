import { GraphBuilder, type Value } from "../../../src/faces/networks/onnx/graph.ts";
import { openModel } from "../../../src/faces/networks/onnx/runtime.ts";

/**
 * Whether 8 bits would pay: chains of eight equal convolutions as the recognition network and the detector have them,
 * in 32 bits and quantised (QuantizeLinear and DequantizeLinear around every layer, 8-bit activations and weights, one
 * scale a channel; ONNX Runtime fuses them into QLinearConv), on one thread, the fastest of 30 runs.
 */
interface Layer {
  readonly what: string;
  readonly channels: number;
  readonly size: number;
  readonly kernel: number;
  readonly depthwise?: boolean;
  readonly batch: number;
}

const LAYERS: readonly Layer[] = [
  { what: "recognition, 32 channels", channels: 32, size: 36, kernel: 3, batch: 4 },
  { what: "recognition, 64 channels", channels: 64, size: 18, kernel: 3, batch: 4 },
  { what: "recognition, 128 channels", channels: 128, size: 9, kernel: 3, batch: 4 },
  { what: "recognition, 256 channels", channels: 256, size: 4, kernel: 3, batch: 4 },
  { what: "detector, pointwise 128", channels: 128, size: 64, kernel: 1, batch: 1 },
  { what: "detector, pointwise 512", channels: 512, size: 16, kernel: 1, batch: 1 },
  { what: "detector, depthwise 256", channels: 256, size: 32, kernel: 3, depthwise: true, batch: 1 },
];
const DEPTH = 8;
const ROUNDS = 30;

export async function compareBits(): Promise<readonly Record<string, string>[]> {
  const rows = [];
  for (const layer of LAYERS) {
    const [float, quantised] = [await fastest(layer, false), await fastest(layer, true)];
    rows.push({
      layer: layer.what,
      "32 bits, ms": float.toFixed(2),
      "8 bits, ms": quantised.toFixed(2),
      "8 bits are": `${(float / quantised).toFixed(2)} x as fast`,
    });
  }
  return rows;
}

async function fastest(layer: Layer, quantised: boolean): Promise<number> {
  const model = await openModel(buildChain(layer, quantised), 1);
  const { batch, channels, size } = layer;
  const input = {
    values: new Float32Array(batch * channels * size * size).fill(0.3),
    shape: [batch, channels, size, size],
  };
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await model.run("x", input);
    best = Math.min(best, performance.now() - startedAt);
  }
  await model.close();
  return best;
}

function buildChain(layer: Layer, quantised: boolean): Uint8Array {
  const { channels, size, kernel, depthwise = false } = layer;
  const graph = new GraphBuilder("chain");
  const scale = graph.constant(Float32Array.of(0.05), []);
  const zero = graph.constant(Uint8Array.of(128), []);
  const round = (x: Value): Value => {
    if (!quantised) return x;
    const eight = graph.node("QuantizeLinear", [x, scale, zero], x.shape);
    return graph.node("DequantizeLinear", [eight, scale, zero], x.shape);
  };
  const pad = (kernel - 1) / 2;
  let x = round(graph.input("x", "float32", [channels, size, size]));
  for (let i = 0; i < DEPTH; i++) {
    const parameters = quantised ? quantisedWeights(graph, layer) : floatWeights(graph, layer);
    const convolved = graph.node("Conv", [x, ...parameters], x.shape, {
      kernel_shape: [kernel, kernel],
      strides: [1, 1],
      pads: [pad, pad, pad, pad],
      group: depthwise ? channels : 1,
    });
    x = round(graph.node("Relu", [convolved], x.shape));
  }
  graph.output(x, "y");
  return graph.build();
}

function filterShape({ channels, kernel, depthwise }: Layer): number[] {
  return [channels, depthwise ? 1 : channels, kernel, kernel];
}

function floatWeights(graph: GraphBuilder, layer: Layer): Value[] {
  const shape = filterShape(layer);
  const values = Float32Array.from({ length: product(shape) }, (_, i) => ((i * 37) % 255) / 1275 - 0.1);
  return [graph.constant(values, shape), graph.constant(new Float32Array(layer.channels), [layer.channels])];
}

function quantisedWeights(graph: GraphBuilder, layer: Layer): Value[] {
  const shape = filterShape(layer);
  const { channels } = layer;
  const values = Int8Array.from({ length: product(shape) }, (_, i) => ((i * 37) % 255) - 127);
  const scales = (each: number) => graph.constant(new Float32Array(channels).fill(each), [channels]);
  const dequantised = (constant: Value, scale: Value, zeros: readonly Value[]) =>
    graph.node("DequantizeLinear", [constant, scale, ...zeros], constant.shape, { axis: 0 });
  const zeros = graph.constant(new Int8Array(channels), [channels]);
  return [
    dequantised(graph.constant(values, shape), scales(0.001), [zeros]),
    dequantised(graph.constant(new Int32Array(channels), [channels]), scales(0.001 * 0.05), []),
  ];
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}
