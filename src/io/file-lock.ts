import { setTimeout as delay } from "node:timers/promises";
import { isLookalikeError } from "../core/index.ts";
import { openSqlite } from "./sqlite/database.ts";
import type { StoreNames } from "./sqlite/types.ts";

export interface Lock {
  release(): void;
}

/**
 * Takes an exclusive lock file. It is SQLite's own lock on a file that stays empty. The operating system
 * releases it when the process ends, however it ends, so a kill leaves no stale lock.
 *
 * @throws the busy code of `names`: another process, or another part of this one, has the lock
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

/** Interval between attempts to take a lock that is in use, ms. */
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
