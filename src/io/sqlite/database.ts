import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Libsql from "libsql";
import { unwritable } from "../files.ts";
import { lookInto, noteConnection } from "./connections.ts";
import { corrupt, translate } from "./errors.ts";
import { type ReadOnlyFile, readOnlyFile } from "./read-only.ts";
import type { Database, SqliteOptions, SqlRow } from "./types.ts";

/**
 * The adapter of libsql. Its synchronous API is used on purpose: a transaction never waits for a promise, so
 * no other work of this process can run inside it.
 */

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database file and creates it with mode 0600 if it is missing.
 * @throws the codes of `names`, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openSqlite(path: string, options: SqliteOptions): Database {
  const readOnly = findReadOnly(path, options);
  const connection = connect(path, readOnly, options);
  if (readOnly === null) noteConnection(path);
  const guarded = <T>(work: () => T): T => {
    readOnly?.requireSame();
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
        // `all` steps to the end and so ends the read; `get` would leave the statement open.
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

/** SQLite treats a shorter file as a new one, whatever its content. */
const LEAST_BYTES = 512;

/** Null if the file is writable or does not exist yet. */
function findReadOnly(path: string, options: SqliteOptions): ReadOnlyFile | null {
  if (options.canOnlyRead !== true) return null;
  try {
    // Not `accessSync`: it checks the real user, but the effective user decides.
    lookInto(path, { flags: "r+", own: 0 }, () => {});
    accessSync(dirname(path), constants.W_OK);
    return null;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return /^(EACCES|EROFS|EPERM)$/.test(code) ? readOnlyFile(path, options) : null;
  }
}

function connect(
  path: string,
  readOnly: ReadOnlyFile | null,
  { timeoutMs = BUSY_TIMEOUT_MS, key = "", names }: SqliteOptions,
) {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? null;
  if (size !== null && size > 0 && size < LEAST_BYTES)
    throw corrupt(path, names, new Error("the file is cut short"));
  try {
    // An existing file is not opened here: see connections.ts. SQLite gives its journal files the mode of
    // the database, so this one call makes all of them private.
    if (size === null) closeSync(openSync(path, "a", 0o600));
    else accessSync(path, readOnly === null ? constants.R_OK | constants.W_OK : constants.R_OK);
    // The library's types lack the encryption options.
    const settings = { timeout: timeoutMs, encryptionKey: key, encryptionCipher: "aes256cbc" };
    return new Libsql(readOnly?.uri ?? path, settings);
  } catch (cause) {
    throw unwritable(path, cause, "open");
  }
}
