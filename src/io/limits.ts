import { isLookalikeError, LookalikeError } from "../core/index.ts";
import { reason } from "./files.ts";

/** System error codes for an exhausted limit of the process or the machine. */
const LIMITS = /^(?:EMFILE|ENFILE|ENOMEM|EDQUOT|ENOSPC|ERR_WORKER_OUT_OF_MEMORY)$/;
/** How native libraries and threads word the same. */
const IN_WORDS = /too many open files/i;
/** Causes of causes that are looked at. */
const DEPTH = 5;

/** An error of the system about a limit, or one that it caused, as one of ours; null: it is another error, or ours. */
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
