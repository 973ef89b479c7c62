import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { LookalikeError } from "../../../core/index.ts";

/** The parts of TensorFlow.js and face-api that the reference engine uses. */
export interface Tensor {
  data(): Promise<Float32Array>;
  dispose(): void;
}

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  avgPool(x: Tensor, filterSize: [number, number], strides: [number, number], pad: "valid"): Tensor;
  tensor3d(values: Int32Array, shape: [number, number, number], type: "int32"): Tensor;
}

interface FaceApiNetwork<Output> {
  loadFromDisk(folder: string): Promise<void>;
  forwardInput(input: unknown): Output;
  dispose(throwOnRedispose: boolean): void;
}

/** The network in two steps, which makes the features in between available. */
interface AgeGenderNetwork extends FaceApiNetwork<{ age: Tensor; gender: Tensor }> {
  readonly faceFeatureExtractor: { forwardInput(input: unknown): Tensor };
}

export interface FaceApi {
  readonly tf: TensorFlow;
  readonly version: string;
  readonly NetInput: new (inputs: readonly Tensor[], asBatch: boolean) => unknown;
  readonly SsdMobilenetv1: new () => FaceApiNetwork<{ boxes: Tensor[]; scores: Tensor[] }>;
  readonly FaceLandmark68Net: new () => FaceApiNetwork<Tensor>;
  readonly FaceRecognitionNet: new () => FaceApiNetwork<Tensor>;
  readonly AgeGenderNet: new () => AgeGenderNetwork;
  readonly FaceExpressionNet: new () => FaceApiNetwork<Tensor>;
}

export interface Backend {
  readonly api: FaceApi;
  readonly name: string;
}

/**
 * Loads face-api on the fastest TensorFlow.js that is installed: `@tensorflow/tfjs-node` (native), else
 * WebAssembly.
 *
 * @param require resolves packages; default: from this module
 * @throws ERR_DEPENDENCY_MISSING neither is installed
 */
export async function loadBackend(require = createRequire(import.meta.url)): Promise<Backend> {
  if (resolves(require, "@tensorflow/tfjs-node")) {
    const api = require("@vladmandic/face-api/dist/face-api.node.js") as FaceApi;
    await api.tf.ready();
    return { api, name: `face-api ${api.version} on tfjs-node` };
  }
  if (!resolves(require, "@tensorflow/tfjs") || !resolves(require, "@tensorflow/tfjs-backend-wasm")) {
    throw new LookalikeError(
      "ERR_DEPENDENCY_MISSING",
      "The tfjs engine needs TensorFlow.js, which is not installed",
      {
        hint: "Install @tensorflow/tfjs-node, or @tensorflow/tfjs with @tensorflow/tfjs-backend-wasm, or use the onnx engine.",
      },
    );
  }
  const wasm = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
  wasm.setWasmPaths(
    dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")) + sep + join("dist", sep),
  );
  const api = require("@vladmandic/face-api/dist/face-api.node-wasm.js") as FaceApi;
  await api.tf.setBackend("wasm");
  await api.tf.ready();
  return { api, name: `face-api ${api.version} on TensorFlow.js WebAssembly` };
}

function resolves(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
