import { resolve } from "node:path";
import { normalizePath, type Plugin } from "vite";

const SRC = resolve(import.meta.dirname, "../src");

/** What some modules do besides, in the tests alone; `test/setup.ts` defines the names. */
const INSERTIONS = [
  // Each code that comes into being: of a thrown error, and of a row that a ledger counts.
  { file: "core/errors.ts", after: "this.code = code;", line: "globalThis.raisedCodes?.add(code);" },
  { file: "tables/ledger.ts", after: "if (count === 0) return;", line: "globalThis.raisedCodes?.add(code);" },
  // A thread of built code starts in a fraction of the time of one with a TypeScript loader.
  {
    file: "core/worker.ts",
    after: "options: WorkerOptions): Worker {",
    line: "base = globalThis.builtModule?.(base) ?? base;",
  },
] as const;

/** Inserts them as the modules are loaded. Processes of their own and worker threads run the modules as they are. */
export function testInsertions(): Plugin {
  const insertions = new Map(
    INSERTIONS.map(({ file, ...rest }) => [normalizePath(resolve(SRC, file)), rest]),
  );
  return {
    name: "test-insertions",
    enforce: "pre",
    transform(text, id) {
      const insertion = insertions.get(id);
      if (insertion === undefined) return null;
      const { after, line } = insertion;
      if (!text.includes(after)) throw new Error(`Expected "${after}" in ${id}: adapt test/insertions.ts`);
      return { code: text.replace(after, () => `${after} ${line}`), map: null };
    },
  };
}
