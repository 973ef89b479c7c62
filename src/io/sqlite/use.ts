import { isLookalikeError } from "../../core/index.ts";
import { openSqlite } from "./database.ts";
import type { StoreNames } from "./types.ts";

/** Kept while a store's file is in use. */
export interface StoreUse {
  end(): void;
}

/** How long an opening process waits for a change of key. */
const WAIT_MS = 10_000;

/**
 * Marks a store's file as in use: while a process uses it, no process may replace it, because
 * data written to the old file would be lost. Any number of processes may use a store. The mark is a shared
 * lock of SQLite on an empty file beside the store, so it ends with its process, however that ends. In a folder that
 * cannot be written to there is no such file, and no process could replace the store.
 *
 * @throws the names' busy code: the store is being replaced
 */
export function useStore(path: string, names: StoreNames, timeoutMs = WAIT_MS): StoreUse {
  return lock(path, { names, timeoutMs }, "BEGIN; SELECT count(*) FROM sqlite_schema") ?? { end() {} };
}

/** The exclusive lock for replacing the file. @throws the names' busy code: a process uses the store */
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
