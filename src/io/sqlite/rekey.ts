import { copyFile, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isLookalikeError } from "../../core/index.ts";
import { syncFolder, unwritable } from "../files.ts";
import { temporaryBeside } from "../scratch.ts";
import { openSqlite } from "./database.ts";
import { busy, corrupt } from "./errors.ts";
import { emptyLog } from "./store.ts";
import type { Database, SqliteOptions } from "./types.ts";
import { claimStore } from "./use.ts";

/**
 * Whether a file opens with a key or, without one, unencrypted.
 *
 * @throws all but ERR_KEY_REQUIRED and ERR_KEY_WRONG
 */
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

/** Additional steps of a key change. */
export interface RekeyWork {
  /** Other changes to the copy, made under the old key. */
  readonly change?: ((database: Database) => void) | undefined;
  /** Compares the old file with the new one and throws if they differ; row counts are always compared. */
  readonly verify?: ((before: Database, after: Database) => void) | undefined;
}

/**
 * Changes or removes the key of a database file. A copy under a separate name receives the key, is compared
 * with the file and then replaces it. A kill leaves either the old file or the new one, and nothing that a
 * later attempt would read. No process may have the file open meanwhile.
 *
 * @throws the busy code of `names`: a process has the file open
 * @throws ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_OUTPUT_UNWRITABLE, the corrupt code of `names`
 */
export async function rekeySqlite(
  path: string,
  options: SqliteOptions,
  newKey: string | undefined,
  work: RekeyWork = {},
): Promise<void> {
  const use = claimStore(path, options.names);
  try {
    await removeAttempts(path);
    const copy = temporaryBeside(path);
    await replaceFile(path, copy, async () => {
      await copyWhole(path, copy, options);
      changeKey(copy, options, newKey, work);
      verifyCopy(path, copy, options, { newKey, ...work });
    });
  } finally {
    use.end();
  }
}

/**
 * Copies the file with all committed data: the log is merged into the file, and no other process has it open
 * for writing.
 */
async function copyWhole(path: string, copy: string, { names, ...options }: SqliteOptions): Promise<void> {
  const database = openSqlite(path, { names, ...options });
  try {
    emptyLog(database, path, names);
  } finally {
    database.close();
  }
  const log = await stat(`${path}-wal`).catch(() => null);
  if (log !== null && log.size > 0) throw busy(path, names, new Error("its log is in use"));
  await copyFile(path, copy);
}

function changeKey(
  copy: string,
  options: SqliteOptions,
  newKey: string | undefined,
  { change }: RekeyWork,
): void {
  const database = openSqlite(copy, options);
  try {
    database.pragma("journal_mode = DELETE");
    database.pragma("secure_delete = ON");
    change?.(database);
    database.pragma(`rekey = '${newKey ?? ""}'`);
  } finally {
    database.close();
  }
}

function verifyCopy(
  path: string,
  copy: string,
  options: SqliteOptions,
  { newKey, verify }: RekeyWork & { readonly newKey: string | undefined },
): void {
  const before = openSqlite(path, options);
  const after = openSqlite(copy, { ...options, key: newKey });
  try {
    const found = after.pragma("integrity_check");
    if (found !== "ok") throw corrupt(copy, options.names, new Error(String(found)));
    const [wanted, received] = [countRows(before), countRows(after)];
    if (wanted !== received)
      throw corrupt(copy, options.names, new Error(`rows ${received} instead of ${wanted}`));
    verify?.(before, after);
    after.pragma("journal_mode = WAL");
  } finally {
    before.close();
    after.close();
  }
}

/** The row count of every table and the kind of file, as one text. */
function countRows(database: Database): string {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all();
  const counts = tables.map(({ name }) => {
    const quoted = String(name).replaceAll('"', '""');
    return [name, database.prepare(`SELECT count(*) AS n FROM "${quoted}"`).get()?.n];
  });
  return JSON.stringify([database.pragma("application_id"), database.pragma("user_version"), ...counts]);
}

async function replaceFile(path: string, copy: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
    const handle = await open(copy, "r+");
    await handle.sync().finally(() => handle.close());
    // The old log is empty now and belongs to the old file.
    await rm(`${path}-wal`, { force: true });
    await rename(copy, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    throw isLookalikeError(cause) ? cause : unwritable(path, cause);
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) await rm(copy + ending, { force: true });
  }
}

/**
 * Removes the copies and journals of killed attempts. The exclusive claim on the store guarantees that none
 * is running.
 */
async function removeAttempts(path: string): Promise<void> {
  const folder = dirname(path);
  const name = basename(path);
  for (const found of await readdir(folder)) {
    const isAttempt =
      found.startsWith(`${name}.rekey`) || (found.startsWith(`.${name}.`) && /\.tmp(-\w+)?$/.test(found));
    if (isAttempt) await rm(join(folder, found), { force: true });
  }
}
