import { isLookalikeError, LookalikeError } from "../../core/index.ts";

/** Codes of the system and classes of SQLSTATE that say that the server, or the way to it, is gone for now. */
const SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENOENT",
]);
/** 08: connection; 53: too many of them; 57P01 to 57P03: the server stops or starts; 40: a conflict to be tried again. */
const SQLSTATE = /^(08...|53300|57P0[123]|40...)$/;
const WORDS = /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect/i;

/** Whether the same work may succeed later. */
export function isPassing(error: unknown): boolean {
  if (isLookalikeError(error)) return error.code === "ERR_POSTGRES_UNREACHABLE";
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  if (!(error instanceof Error)) return false;
  const { code = "" } = error as NodeJS.ErrnoException;
  return SYSTEM.has(code) || SQLSTATE.test(code) || WORDS.test(error.message);
}

/** Coded errors stay as they are; what a driver throws is given a code. */
export function asPostgresError(error: unknown, shown: string): LookalikeError {
  if (isLookalikeError(error)) return error;
  const why = describe(error);
  if (isPassing(error)) {
    return new LookalikeError("ERR_POSTGRES_UNREACHABLE", `Could not reach PostgreSQL at ${shown}: ${why}`, {
      hint: "Check the address, the network and that the server runs; then run the command again.",
      cause: error,
    });
  }
  return new LookalikeError("ERR_POSTGRES_FAILED", `PostgreSQL at ${shown} refused a statement: ${why}`, {
    hint: "Check the user's rights and the server's log: the user must be allowed to create schemas.",
    cause: error,
  });
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ");
  return error instanceof Error ? error.message : String(error);
}
