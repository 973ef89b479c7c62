import { randomBytes } from "node:crypto";
import { closeSync, existsSync, linkSync, openSync, readSync, rmSync, statSync } from "node:fs";
import Libsql from "libsql";
import { type ErrorCode, isLookalikeError, LookalikeError } from "./errors.ts";
import { reason } from "./files.ts";

/**
 * The one file that knows libsql. Its synchronous API is used on purpose: a transaction then never waits on a
 * promise, so no other work of this process can slip into it.
 */

/** A blob goes in as `Uint8Array` and comes out as an `ArrayBuffer` of its own. */
export type SqlValue = string | number | Uint8Array | ArrayBuffer | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): SqlRow[];
}

export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** The first column of a pragma's first row. */
  pragma(sql: string): SqlValue;
  /** All of `work`, or nothing of it. Takes the write lock at once, so it cannot fail half-way for want of it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** How a store names itself in messages, and the codes of what can befall its file. */
export interface StoreNames {
  /** With its article: 'a gallery'. */
  readonly what: string;
  readonly corrupt: ErrorCode;
  readonly busy: ErrorCode;
  /** What to do where the file is damaged. */
  readonly corruptHint: string;
}

export interface SqliteOptions {
  readonly names: StoreNames;
  /** How long another connection's short write is waited for; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** 64 hexadecimal digits: the file is encrypted with AES-256. Default: it is not. */
  readonly key?: string | undefined;
}

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database file, created with mode 0600 where it is missing.
 * @throws the names' codes, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openSqlite(path: string, options: SqliteOptions): Database {
  const connection = connect(path, options);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translate(error, path, options);
    }
  };
  const database: Database = {
    prepare(sql) {
      const statement = guarded(() => connection.prepare(sql));
      return {
        run: (...values) =>
          guarded(() => {
            const { changes, lastInsertRowid } = statement.run(values);
            return { changes, lastInsertRowid: Number(lastInsertRowid) };
          }),
        // `all` steps to the end and so ends the read; a lone `get` would leave the statement open.
        get: (...values) => guarded(() => statement.all(values)[0] as SqlRow | undefined),
        all: (...values) => guarded(() => statement.all(values) as SqlRow[]),
      };
    },
    exec: (sql) => void guarded(() => connection.exec(sql)),
    pragma(sql) {
      const [row] = guarded(() => connection.pragma(sql)) as SqlRow[];
      return row === undefined ? null : (Object.values(row)[0] ?? null);
    },
    transaction(work) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        database.exec("COMMIT");
        return result;
      } catch (error) {
        if (connection.inTransaction) connection.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => void connection.close(),
  };
  return database;
}

/**
 * Makes a store that must never be taken for new when it is lost: it gets its name only when it is whole, so that an
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
 * which still holds the old ones. `secure_delete` alone would keep them until they are used again.
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

/** SQLite takes a file that is shorter than this for a new one, whatever it holds. */
const LEAST_BYTES = 512;

function connect(path: string, { timeoutMs = BUSY_TIMEOUT_MS, key = "", names }: SqliteOptions) {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 && size < LEAST_BYTES) throw corrupt(path, names, new Error("the file is cut short"));
  try {
    // SQLite gives its journal files the mode of the database, so this one call makes all of them private.
    closeSync(openSync(path, "a", 0o600));
    // The library's types do not know the options of encryption.
    const settings = { timeout: timeoutMs, encryptionKey: key, encryptionCipher: "aes256cbc" };
    return new Libsql(path, settings);
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not open ${path}: ${reason(cause)}`, {
      hint: "Check that the folder exists, is writable and has free space.",
      cause,
    });
  }
}

function translate(error: unknown, path: string, { names, key }: SqliteOptions): unknown {
  const code = error instanceof Libsql.SqliteError ? error.code : "";
  if (code.startsWith("SQLITE_NOTADB")) return keyError(path, key, error) ?? corrupt(path, names, error);
  if (code.startsWith("SQLITE_CORRUPT")) return corrupt(path, names, error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return busy(path, names, error);
  if (/^SQLITE_(FULL|READONLY|IOERR|CANTOPEN)/.test(code)) {
    return unwritable(path, error);
  }
  return error;
}

function unwritable(path: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(cause)}`, {
    hint: "Check that the folder is writable and has free space.",
    cause,
  });
}

/** Bytes 21 to 23 of every SQLite file, which its encryption leaves readable. */
const PAYLOAD_FRACTIONS = Buffer.from([64, 32, 32]);

/** Null: the file is no database under any key. */
function keyError(path: string, key: string | undefined, cause: unknown): LookalikeError | null {
  const head = Buffer.alloc(24);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString("latin1", 0, 15) === "SQLite format 3") {
    if (key === undefined) return null;
    return new LookalikeError("ERR_KEY_WRONG", `Expected an encrypted file for ${path} but it is not`, {
      hint: "Encrypt it with `lookalike rekey`, or leave the key out.",
      cause,
    });
  }
  if (!head.subarray(21).equals(PAYLOAD_FRACTIONS)) return null;
  if (key === undefined) {
    return new LookalikeError("ERR_KEY_REQUIRED", `Expected a key for ${path}, which is encrypted`, {
      hint: "Pass --key-file, or set LOOKALIKE_KEY_FILE or LOOKALIKE_KEY.",
      cause,
    });
  }
  return new LookalikeError("ERR_KEY_WRONG", `Expected the key that encrypted ${path} but received another`, {
    hint: "Pass the key that it was written with; without that key nothing can be recovered.",
    cause,
  });
}

export function corrupt(path: string, names: StoreNames, cause: unknown): LookalikeError {
  return new LookalikeError(
    names.corrupt,
    `Expected ${names.what} for ${path} but received a file that is none: ${reason(cause)}`,
    { hint: names.corruptHint, cause },
  );
}

function busy(path: string, names: StoreNames, cause: unknown): LookalikeError {
  return new LookalikeError(names.busy, `Another process is writing to ${path}`, {
    hint: "Wait for it to end, then run this again.",
    cause,
  });
}
