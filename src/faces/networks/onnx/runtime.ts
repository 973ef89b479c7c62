import "./quiet.ts";
import * as ort from "onnxruntime-node";

/** The adapter of ONNX Runtime. */
export interface OnnxSession {
  /** Runs one batch of `count` pictures and returns the outputs by name. Blocks the thread it runs on. */
  run(pixels: Uint8Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** A model with the inputs and outputs that it declares. */
export interface OnnxModel {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Runs one input and returns the outputs by name with their shapes. Blocks the thread it runs on. */
  run(input: string, tensor: InputTensor): Promise<Readonly<Record<string, OutputTensor>>>;
  close(): Promise<void>;
}

export interface TensorInfo {
  readonly name: string;
  /** `float32`, `uint8`, ... */
  readonly type: string;
  /** null: any size. */
  readonly shape: readonly (number | null)[];
}

export interface InputTensor {
  readonly values: Float32Array | Uint8Array;
  readonly shape: readonly number[];
}

interface OutputTensor {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * @param model the ONNX file's bytes; its input is called `pixels`
 * @param threads threads inside one operator
 */
export async function openSession(model: Uint8Array, threads: number): Promise<OnnxSession> {
  const { run, close } = await openModel(model, threads);
  return {
    async run(pixels, shape) {
      const outputs = await run("pixels", { values: pixels, shape });
      return Object.fromEntries(Object.entries(outputs).map(([name, { values }]) => [name, values]));
    },
    close,
  };
}

/**
 * @param model the ONNX file's bytes
 * @param threads threads inside one operator
 */
export async function openModel(model: Uint8Array, threads: number): Promise<OnnxModel> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  return {
    inputs: session.inputMetadata.map(toInfo),
    outputs: session.outputMetadata.map(toInfo),
    async run(input, { values, shape }) {
      const tensor =
        values instanceof Uint8Array
          ? new ort.Tensor("uint8", values, shape)
          : new ort.Tensor("float32", values, shape);
      const outputs: Record<string, OutputTensor> = {};
      for (const [name, output] of Object.entries(await session.run({ [input]: tensor }))) {
        outputs[name] = { values: output.data as Float32Array, shape: output.dims };
      }
      return outputs;
    },
    close: () => session.release(),
  };
}

function toInfo(metadata: ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: "no tensor", shape: [] };
  const shape = metadata.shape.map((size) => (typeof size === "number" && size > 0 ? size : null));
  return { name: metadata.name, type: metadata.type, shape };
}

export const RUNTIME = `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`;
