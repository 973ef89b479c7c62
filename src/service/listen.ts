import { LookalikeError } from "../core/index.ts";
import { reason } from "../io/files.ts";

/** Why a server cannot listen, such as a port that is taken. */
export function cannotListen(cause: unknown, address: string): LookalikeError {
  const { code } = cause as NodeJS.ErrnoException;
  const why = code === "EADDRINUSE" ? "another process uses the port" : reason(cause);
  return new LookalikeError("ERR_OPTION_INVALID", `Could not listen on ${address}: ${why}`, {
    hint: "Choose another --port or --host, or end the other process.",
    cause,
  });
}
