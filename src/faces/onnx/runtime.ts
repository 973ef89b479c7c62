import * as ort from "onnxruntime-node";

/** The one file that knows ONNX Runtime. */
export interface OnnxSession {
  /** Runs one batch of `count` pictures; gives the outputs by name. Blocks the thread it runs on. */
  run(pixels: Uint8Array, shape: readonly number[]): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/**
 * @param model the ONNX file's bytes; its input is called `pixels`
 * @param threads threads inside one operator
 */
export async function openSession(model: Uint8Array, threads: number): Promise<OnnxSession> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
  });
  return {
    async run(pixels, shape) {
      const tensor = new ort.Tensor("uint8", pixels, shape);
      const results = await session.run({ pixels: tensor });
      const outputs: Record<string, Float32Array> = {};
      for (const [name, output] of Object.entries(results)) outputs[name] = output.data as Float32Array;
      return outputs;
    },
    close: () => session.release(),
  };
}

export const RUNTIME = `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`;
