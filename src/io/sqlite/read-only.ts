import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { busy } from "./errors.ts";
import type { SqliteOptions } from "./types.ts";

/** A file that this process can read but not write. */
export interface ReadOnlyFile {
  /** URI that SQLite opens. */
  readonly uri: string;
  /**
   * @throws the busy code of `names`: its owner has changed the file since, so that later reads may be
   *   inconsistent
   */
  requireSame(): void;
}

/**
 * SQLite reads a file in WAL mode only with a file for its locks next to it. That file exists while the owner
 * has the database open, and the log then contains changes to read. Otherwise this process cannot create it:
 * `immutable` reads without it and without locks, so every statement checks that the file has not changed.
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
