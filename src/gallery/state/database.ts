import {
  corrupt as corruptFile,
  type Database,
  openSqlite,
  type SqliteOptions,
  type StoreNames,
} from "../../io/sqlite/index.ts";

/** The gallery's database files: SQLite, with the gallery's error codes and hints. */

export type { Database } from "../../io/sqlite/index.ts";

export const NAMES: StoreNames = {
  what: "a gallery",
  corrupt: "ERR_GALLERY_CORRUPT",
  busy: "ERR_GALLERY_BUSY",
  corruptHint: "Restore it from a copy, or delete the gallery's folder and index the photos again.",
};

/** @throws ERR_GALLERY_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE */
export function openDatabase(
  path: string,
  options: Pick<SqliteOptions, "timeoutMs" | "key" | "canOnlyRead"> = {},
): Database {
  return openSqlite(path, { ...options, names: NAMES });
}

export function corrupt(path: string, cause: unknown): Error {
  return corruptFile(path, NAMES, cause);
}
