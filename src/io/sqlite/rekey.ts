import { copyFile, open, rename, rm } from "node:fs/promises";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { reason } from "../files.ts";
import { openSqlite } from "./database.ts";
import { corrupt } from "./errors.ts";
import { emptyLog } from "./store.ts";
import type { Database, SqliteOptions } from "./types.ts";

/** Whether a file opens with a key, or, without one, in clear. @throws all but ERR_KEY_REQUIRED and ERR_KEY_WRONG */
export function isUnderKey(path: string, options: SqliteOptions): boolean {
  const database = openSqlite(path, options);
  try {
    database.pragma("schema_version");
    return true;
  } catch (error) {
    if (isLookalikeError(error) && error.code.startsWith("ERR_KEY_")) return false;
    throw error;
  } finally {
    database.close();
  }
}

/**
 * Gives a database file another key, or none. A copy is given it and then takes the file's place, so that a kill
 * leaves either the old file or the new one. The caller keeps writers away; readers keep the old file until they
 * open it again.
 *
 * @param change what else is to be changed on the way
 * @throws ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_OUTPUT_UNWRITABLE, the names' codes
 */
export async function rekeySqlite(
  path: string,
  options: SqliteOptions,
  newKey: string | undefined,
  change?: (database: Database) => void,
): Promise<void> {
  const copy = `${path}.rekey`;
  await replaceFile(path, copy, async () => {
    const database = openSqlite(path, options);
    try {
      emptyLog(database, path, options.names);
      await copyFile(path, copy);
    } finally {
      database.close();
    }
    const changing = openSqlite(copy, options);
    changing.pragma("journal_mode = DELETE");
    changing.pragma("secure_delete = ON");
    change?.(changing);
    changing.pragma(`rekey = '${newKey ?? ""}'`);
    changing.close();
    const changed = openSqlite(copy, { ...options, key: newKey });
    const found = changed.pragma("integrity_check");
    changed.pragma("journal_mode = WAL");
    changed.close();
    if (found !== "ok") throw corrupt(copy, options.names, new Error(String(found)));
  });
}

async function replaceFile(path: string, copy: string, write: () => Promise<void>): Promise<void> {
  try {
    await rm(copy, { force: true });
    await write();
    const handle = await open(copy, "r+");
    await handle.sync().finally(() => handle.close());
    // The old log speaks of the old file's pages.
    await rm(`${path}-wal`, { force: true });
    await rename(copy, path);
  } catch (cause) {
    if (isLookalikeError(cause)) throw cause;
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(cause)}`, {
      hint: "Check that the folder is writable and has free space.",
      cause,
    });
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) await rm(copy + ending, { force: true });
  }
}
