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
