import { randomBytes } from "node:crypto";
import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { isLookalikeError } from "../../core/index.ts";
import { unwritable } from "../files.ts";
import { openSqlite } from "./database.ts";
import { busy, corrupt } from "./errors.ts";
import type { Database, SqliteOptions, StoreNames } from "./types.ts";

/**
 * Creates a store whose loss must be detectable. The file gets its name only when it is complete, so an empty
 * file under that name is a damaged one.
 *
 * @param create runs in the new file before it appears
 * @throws the corrupt code of `names`, ERR_OUTPUT_UNWRITABLE
 */
function ensureSqlite(path: string, options: SqliteOptions, create: (database: Database) => void): void {
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
    // Unlike a rename, a link never replaces a file that another process created meanwhile.
    if (!existsSync(path)) linkSync(temporary, path);
  } catch (cause) {
    if (isLookalikeError(cause)) throw cause;
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw unwritable(path, cause);
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) rmSync(temporary + ending, { force: true });
  }
}

/** What a kind of store has in every file of it. */
export interface StoreKind {
  readonly names: StoreNames;
  readonly applicationId: number;
  /** Creates tables, with `applicationId` as the pragma `application_id`. */
  create(database: Database): void;
}

/**
 * Opens a store, which is created if it is missing. Deleted data are overwritten, and readers do not block a writer.
 *
 * @param work receives the open store, which is closed if this throws
 * @throws the codes of `names`, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openStore<T>(
  path: string,
  { names, applicationId, create }: StoreKind,
  { key, synchronous }: { readonly key: string | undefined; readonly synchronous: "FULL" | "NORMAL" },
  work: (database: Database) => T,
): T {
  ensureSqlite(path, { names, key }, (database) => database.transaction(() => create(database)));
  const database = openSqlite(path, { names, key });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma(`synchronous = ${synchronous}`);
    database.pragma("secure_delete = ON");
    requireWhole(database, path, names, applicationId);
    return work(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Rejects another application's file and a truncated one: SQLite itself would notice only when it reads a
 * missing page.
 *
 * @throws the corrupt code of `names`
 */
function requireWhole(database: Database, path: string, names: StoreNames, applicationId: number): void {
  if (Number(database.pragma("application_id")) !== applicationId) {
    throw corrupt(path, names, new Error("another application's SQLite file"));
  }
  const found = database.pragma("quick_check(1)");
  if (found !== "ok") throw corrupt(path, names, new Error(String(found)));
}

/**
 * Removes every byte of deleted data: rewrites the file without its free pages, then empties the write-ahead
 * log, which still contains the old ones. `secure_delete` alone would keep the log's pages until they are
 * reused.
 *
 * @throws the busy code of `names`: another connection is reading, so the log cannot be emptied now
 */
export function compact(database: Database, path: string, names: StoreNames): void {
  database.exec("VACUUM");
  emptyLog(database, path, names);
}

/**
 * Moves the pages of the write-ahead log into the file and truncates the log to zero bytes.
 *
 * @throws the busy code of `names`
 */
export function emptyLog(database: Database, path: string, names: StoreNames): void {
  const isBlocked = Number(database.pragma("wal_checkpoint(TRUNCATE)")) !== 0;
  if (isBlocked) throw busy(path, names, new Error("another connection is reading"));
}
