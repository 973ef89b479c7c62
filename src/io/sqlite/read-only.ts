import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { busy } from "./errors.ts";
import type { SqliteOptions } from "./types.ts";

/** A file that this process may read and not write. */
export interface ReadOnlyFile {
  /** What SQLite opens. */
  readonly uri: string;
  /** @throws the names' busy code: its owner has changed it since, so that what is read from now on may be torn */
  requireSame(): void;
}

/**
 * SQLite reads a file in WAL mode only with a file for its locks beside it. While its owner has it open there is one,
 * and its log has changes to be read. Else none can be made here: `immutable` does without, and without any lock, so
 * every statement checks that the file has not changed.
 */
export function readOnlyFile(path: string, { names }: SqliteOptions): ReadOnlyFile {
  const { href } = pathToFileURL(path);
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size > 0) return { uri: `${href}?mode=ro`, requireSame() {} };
  const opened = stateOf(path);
  return {
    uri: `${href}?immutable=1`,
    requireSame() {
      if (stateOf(path) !== opened) throw busy(path, names, new Error("it has changed since it was opened"));
    },
  };
}

function stateOf(path: string): string {
  const states = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }));
  return states.map((state) => `${state?.ino} ${state?.size} ${state?.mtimeNs}`).join(", ");
}
