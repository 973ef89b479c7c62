import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { isLookalikeError } from "../../core/index.ts";
import { openSqlite } from "./database.ts";
import { busy, corrupt, unwritable } from "./errors.ts";
import type { Database, SqliteOptions, StoreNames } from "./types.ts";

/**
 * Creates a store whose loss must be detectable: it gets its name only when it is complete, so that an
 * empty file under that name is a damaged one.
 *
 * @param create runs in the new file before it appears
 * @throws the names' corrupt code, ERR_OUTPUT_UNWRITABLE
 */
export function ensureSqlite(
  path: string,
  options: SqliteOptions,
  create: (database: Database) => void,
): void {
  if (existsSync(path)) {
    if (statSync(path).size > 0) return;
    throw corrupt(path, options.names, new Error("the file is empty"));
  }
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const database = openSqlite(temporary, options);
    try {
      create(database);
    } finally {
      database.close();
    }
    // Unlike a rename, a link never takes the place of what another process made meanwhile.
    if (!existsSync(path)) linkSync(temporary, path);
  } catch (cause) {
    if (isLookalikeError(cause)) throw cause;
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, cause);
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) rmSync(temporary + ending, { force: true });
  }
}

/**
 * Refuses another application's file, and one that was cut short: SQLite itself would notice only when it came to a
 * page that is missing.
 *
 * @throws the names' corrupt code
 */
export function requireWhole(
  database: Database,
  path: string,
  names: StoreNames,
  applicationId: number,
): void {
  if (Number(database.pragma("application_id")) !== applicationId) {
    throw corrupt(path, names, new Error("another application's SQLite file"));
  }
  const found = database.pragma("quick_check(1)");
  if (found !== "ok") throw corrupt(path, names, new Error(String(found)));
}

/**
 * Leaves no byte of what was deleted: rewrites the file without its free pages, then empties the write-ahead log,
 * which still contains the old ones. `secure_delete` alone would keep them until they are reused.
 *
 * @throws the names' busy code: another connection is reading, so that the log cannot be emptied now
 */
export function compact(database: Database, path: string, names: StoreNames): void {
  database.exec("VACUUM");
  emptyLog(database, path, names);
}

/** Moves the write-ahead log's pages into the file and cuts the log to nothing. @throws the names' busy code */
export function emptyLog(database: Database, path: string, names: StoreNames): void {
  const isBlocked = Number(database.pragma("wal_checkpoint(TRUNCATE)")) !== 0;
  if (isBlocked) throw busy(path, names, new Error("another connection is reading"));
}
