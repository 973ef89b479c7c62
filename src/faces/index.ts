export { euclideanDistance } from "./distance.ts";
export { createFaceEngine, type FaceEngineOptions } from "./engine.ts";
export type * from "./types.ts";
