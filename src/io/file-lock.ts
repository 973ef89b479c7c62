import { setTimeout as delay } from "node:timers/promises";
import { isLookalikeError } from "../core/index.ts";
import { openSqlite } from "./sqlite/database.ts";
import type { StoreNames } from "./sqlite/types.ts";

export interface Lock {
  release(): void;
}

/**
 * The one holder of a lock file. The lock is SQLite's own on a file that stays empty: the operating system drops it
 * with the process, however that ends, so a lock left behind by a kill does not exist.
 *
 * @throws the names' busy code: another process, or another holder in this one, has it
 */
export function lockFile(path: string, names: StoreNames): Lock {
  const database = openSqlite(path, { names, timeoutMs: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw error;
  }
  let isHeld = true;
  return {
    release() {
      if (isHeld) database.close();
      isHeld = false;
    },
  };
}

/** How often a lock that somebody has is asked for again, ms. */
const AGAIN_MS = 25;

/**
 * Runs short work under a lock file; waits while another process, or another part of this one, has it.
 *
 * @param mostMs how long it waits, ms; default a minute
 * @throws the names' busy code after that time
 */
export async function whileLocked<T>(
  path: string,
  names: StoreNames,
  work: () => Promise<T>,
  mostMs = 60_000,
): Promise<T> {
  for (let waited = 0; ; waited += AGAIN_MS) {
    let lock: Lock;
    try {
      lock = lockFile(path, names);
    } catch (error) {
      if (!isLookalikeError(error) || error.code !== names.busy || waited >= mostMs) throw error;
      await delay(AGAIN_MS);
      continue;
    }
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
}
