import { isLookalikeError, LookalikeError } from "../core/index.ts";
import { reason } from "./files.ts";

/** System error codes for an exhausted limit of the process or the machine. */
const LIMITS = /^(?:EMFILE|ENFILE|ENOMEM|EDQUOT|ENOSPC|ERR_WORKER_OUT_OF_MEMORY)$/;
/** The wording of native libraries and threads for the same limits. */
const IN_WORDS = /too many open files/i;
/** Maximum depth of nested causes that are checked. */
const DEPTH = 5;

/**
 * A system error about a limit, or an error caused by one, as a LookalikeError; null for other errors and for
 * LookalikeErrors.
 */
export function limitError(error: unknown): LookalikeError | null {
  if (isLookalikeError(error)) return null;
  let cause = error;
  for (let depth = 0; depth < DEPTH && cause instanceof Error; depth++, cause = cause.cause) {
    const { code = "", syscall, path } = cause as NodeJS.ErrnoException;
    if (!LIMITS.test(code) && !IN_WORDS.test(cause.message)) continue;
    const what = path === undefined ? "" : ` ${path}`;
    return new LookalikeError(
      "ERR_SYSTEM_LIMIT",
      `The system refused to ${syscall ?? "work"}${what}: ${reason(cause)}`,
      {
        hint: "Raise the limit (`ulimit -n` for open files), free memory or disk, or use fewer --jobs.",
        cause: error,
      },
    );
  }
  return null;
}
