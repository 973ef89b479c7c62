/** The library as the README's example finds it, with the engine that the test files of a process share. */
export * from "../src/index.ts";
export { sharedEngine as createFaceEngine } from "./faces/shared-engine.ts";
