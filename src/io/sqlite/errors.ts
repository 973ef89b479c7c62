import { readSync } from "node:fs";
import Libsql from "libsql";
import { LookalikeError } from "../../core/index.ts";
import { reason, unwritable } from "../files.ts";
import { lookInto } from "./connections.ts";
import type { SqliteOptions, StoreNames } from "./types.ts";

/** Converts libsql's error to a LookalikeError with the store's codes. */
export function translate(error: unknown, path: string, { names, key }: SqliteOptions): unknown {
  const code = error instanceof Libsql.SqliteError ? primaryCode(error.code) : "";
  if (code.startsWith("SQLITE_NOTADB")) return keyError(path, key, error) ?? corrupt(path, names, error);
  // The statements are fixed, so a statement that fails means that the tables have another shape.
  if (code === "SQLITE_ERROR" || code.startsWith("SQLITE_CORRUPT")) return corrupt(path, names, error);
  // PROTOCOL: a stopped process has the lock on the write-ahead log.
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) return busy(path, names, error);
  if (/^SQLITE_(FULL|READONLY|IOERR|CANTOPEN)/.test(code)) {
    return unwritable(path, error);
  }
  return error;
}

/** By number: the library has no name for most extended codes. */
const PRIMARY: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  26: "SQLITE_NOTADB",
};

function primaryCode(code: string): string {
  const extended = /^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code)?.[1];
  return extended === undefined ? code : (PRIMARY[Number(extended) & 0xff] ?? code);
}

/** Bytes 21 to 23 of every SQLite file; encryption leaves them readable. */
const PAYLOAD_FRACTIONS = Buffer.from([64, 32, 32]);

/** Null if the file is not a database under any key. */
function keyError(path: string, key: string | undefined, cause: unknown): LookalikeError | null {
  const head = Buffer.alloc(24);
  // One connection is the one that failed.
  lookInto(path, { flags: "r", own: 1 }, (file) => readSync(file, head, 0, head.length, 0));
  if (head.toString("latin1", 0, 15) === "SQLite format 3") {
    if (key === undefined) return null;
    return new LookalikeError("ERR_KEY_WRONG", `Expected an encrypted file for ${path} but it is not`, {
      hint: "Encrypt the file with `lookalike rekey`, or remove the key.",
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
    hint: "Pass the key that the file was written with; without it the data cannot be recovered.",
    cause,
  });
}

export function corrupt(path: string, names: StoreNames, cause: unknown): LookalikeError {
  return new LookalikeError(
    names.corrupt,
    `Expected ${names.what} for ${path} but received another file: ${reason(cause)}`,
    { hint: names.corruptHint, cause },
  );
}

export function busy(path: string, names: StoreNames, cause: unknown): LookalikeError {
  return new LookalikeError(names.busy, `Another process is writing to ${path}`, {
    hint: "Wait until it ends, then run this again.",
    cause,
  });
}
