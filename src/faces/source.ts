import { createFaceEngine, type FaceEngineOptions } from "./engine.ts";
import type { FaceEngine } from "./types.ts";

/** An open engine, which stays open, or how to open one: options, or a function that does it. */
export type EngineSource = FaceEngine | FaceEngineOptions | (() => Promise<FaceEngine>);

/** The engine of a source. `close` closes it only if it was opened by `openEngineSource`. */
export interface SourcedEngine {
  readonly engine: FaceEngine;
  close(): Promise<void>;
}

/** @param source default: the defaults of `createFaceEngine` */
export async function openEngineSource(source: EngineSource = {}): Promise<SourcedEngine> {
  if (isEngine(source)) return { engine: source, close: async () => {} };
  const engine = await (typeof source === "function" ? source() : createFaceEngine(source));
  return { engine, close: () => engine.close() };
}

function isEngine(source: EngineSource): source is FaceEngine {
  return "describe" in source;
}
