import { LookalikeError } from "../core/index.ts";
import { reason } from "./files.ts";

/** Codes by which the system says that a process has had enough of something. */
const LIMITS = /^(?:EMFILE|ENFILE|ENOMEM|EDQUOT|ENOSPC)$/;

/** An error of the system about a limit, as one of ours; null: it is another error. */
export function limitError(error: unknown): LookalikeError | null {
  if (!(error instanceof Error)) return null;
  const { code = "", syscall = "work", path } = error as NodeJS.ErrnoException;
  if (!LIMITS.test(code)) return null;
  const what = path === undefined ? "" : ` ${path}`;
  return new LookalikeError("ERR_SYSTEM_LIMIT", `The system refused to ${syscall}${what}: ${reason(error)}`, {
    hint: "Raise the limit (`ulimit -n` for open files), free memory or disk, or use fewer --jobs.",
    cause: error,
  });
}
