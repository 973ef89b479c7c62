import { closeSync, openSync } from "node:fs";
import Libsql from "libsql";
import { LookalikeError } from "../../errors.ts";
import { reason } from "../../files.ts";

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

/** Another connection's short write is waited for this long. */
const BUSY_TIMEOUT_MS = 10_000;

/** @throws ERR_GALLERY_CORRUPT, ERR_OUTPUT_UNWRITABLE */
export function openDatabase(path: string, options: { readonly timeoutMs?: number } = {}): Database {
  const connection = connect(path, options.timeoutMs ?? BUSY_TIMEOUT_MS);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw translate(error, path);
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

function connect(path: string, timeout: number) {
  try {
    // SQLite gives its journal files the mode of the database, so this one call makes all of them private.
    closeSync(openSync(path, "a", 0o600));
    return new Libsql(path, { timeout });
  } catch (cause) {
    throw new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not open ${path}: ${reason(cause)}`, {
      hint: "Check that the folder exists, is writable and has free space.",
      cause,
    });
  }
}

function translate(error: unknown, path: string): unknown {
  const code = error instanceof Libsql.SqliteError ? error.code : "";
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return corrupt(path, error);
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return busy(path, error);
  if (/^SQLITE_(FULL|READONLY|IOERR|CANTOPEN)/.test(code)) {
    return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not write ${path}: ${reason(error)}`, {
      hint: "Check that the folder is writable and has free space.",
      cause: error,
    });
  }
  return error;
}

export function corrupt(path: string, cause: unknown): LookalikeError {
  return new LookalikeError(
    "ERR_GALLERY_CORRUPT",
    `Expected a gallery for ${path} but received a file that is none: ${reason(cause)}`,
    { hint: "Restore it from a copy, or delete the gallery's folder and index the photos again.", cause },
  );
}

function busy(path: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_GALLERY_BUSY", `Another process is writing to ${path}`, {
    hint: "Wait for it to end, then run this again.",
    cause,
  });
}
