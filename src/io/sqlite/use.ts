import { isLookalikeError } from "../../core/index.ts";
import { openSqlite } from "./database.ts";
import type { StoreNames } from "./types.ts";

/** Kept while a store's file is in use. */
export interface StoreUse {
  end(): void;
}

/** How long somebody who opens a store waits for a change of key to end. */
const WAIT_MS = 10_000;

/**
 * Notes that a store's file is in use: as long as anybody uses it, nothing may put another file in its place, since
 * what is written to the old one would be lost. Any number of processes may use a store at once. The note is a shared
 * lock of SQLite on an empty file beside the store, so it ends with its process, however that ends. In a folder that
 * cannot be written to there is no such file, and nobody who could replace the store either.
 *
 * @throws the names' busy code: the store is being replaced
 */
export function useStore(path: string, names: StoreNames, timeoutMs = WAIT_MS): StoreUse {
  return lock(path, { names, timeoutMs }, "BEGIN; SELECT count(*) FROM sqlite_schema") ?? { end() {} };
}

/** The same for the one who replaces the file. @throws the names' busy code: somebody uses the store */
export function claimStore(path: string, names: StoreNames): StoreUse {
  const use = lock(path, { names, timeoutMs: 0 }, "BEGIN EXCLUSIVE");
  if (use === null) throw new RangeError(`no lock for ${path}`);
  return use;
}

interface LockOptions {
  readonly names: StoreNames;
  readonly timeoutMs: number;
}

function lock(path: string, options: LockOptions, sql: string): StoreUse | null {
  let database: ReturnType<typeof openSqlite>;
  try {
    database = openSqlite(`${path}.lock`, options);
  } catch (error) {
    if (isLookalikeError(error) && error.code === "ERR_OUTPUT_UNWRITABLE" && options.timeoutMs > 0)
      return null;
    throw error;
  }
  try {
    database.exec(sql);
  } catch (error) {
    database.close();
    throw error;
  }
  let isOpen = true;
  return {
    end() {
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}
