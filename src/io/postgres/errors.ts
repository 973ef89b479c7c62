import { isLookalikeError, LookalikeError } from "../../core/index.ts";

/** System codes and SQLSTATE classes of a server that is temporarily unavailable. */
const SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENOENT",
]);
/**
 * 08: connection; 53300: too many connections; 57P01 to 57P03: the server stops or starts; 40: a conflict to
 * retry.
 */
const SQLSTATE = /^(08...|53300|57P0[123]|40...)$/;
const WORDS = /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect/i;

/** Whether a retry may succeed. */
export function isPassing(error: unknown): boolean {
  if (isLookalikeError(error)) return error.code === "ERR_POSTGRES_UNREACHABLE";
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  if (!(error instanceof Error)) return false;
  const { code = "" } = error as NodeJS.ErrnoException;
  return SYSTEM.has(code) || SQLSTATE.test(code) || WORDS.test(error.message);
}

/** Converts an error of the driver to a LookalikeError; coded errors stay as they are. */
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
