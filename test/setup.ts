import fc from "fast-check";
import { afterEach } from "vitest";
import { builtModule } from "./built.ts";

// Every run draws the same examples, so that a red build is a fault of its own change. FAST_CHECK_SEED looks further.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 20261127) });

/** The error codes that the file's tests meet (`test/codes-reporter.ts`). */
const raisedCodes = new Set<string>();
// For `test/insertions.ts`.
Object.assign(globalThis, { raisedCodes, builtModule });

afterEach(({ task }) => {
  task.file.meta.raisedCodes = [...raisedCodes];
});

declare module "vitest" {
  interface TaskMeta {
    raisedCodes?: string[];
  }
}
