import { isLookalikeError } from "../../core/index.ts";
import { openSqlite } from "./database.ts";
import type { StoreNames } from "./types.ts";

/** The mark of a store's file that is in use. */
export interface StoreUse {
  end(): void;
}

/** How long an opening process waits for a key change. */
const WAIT_MS = 10_000;

/**
 * Marks a store's file as in use. While a process uses it, no process may replace it, because data written to
 * the old file would be lost. Any number of processes may use a store. The mark is a shared lock of SQLite on
 * an empty file next to the store, so it ends with its process, however the process ends. In a read-only
 * folder there is no such file, but no process can replace the store there either.
 *
 * @throws the busy code of `names`: the store is being replaced
 */
export function useStore(path: string, names: StoreNames, timeoutMs = WAIT_MS): StoreUse {
  return lock(path, { names, timeoutMs }, "BEGIN; SELECT count(*) FROM sqlite_schema") ?? { end() {} };
}

/**
 * Takes the exclusive lock for replacing the file.
 *
 * @throws the busy code of `names`: a process uses the store
 */
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
