import { type AddressInfo, isIP } from "node:net";
import { LookalikeError } from "../core/index.ts";
import { reason } from "../io/files.ts";

/** The address of a server that listens, as `http://127.0.0.1:8787`. */
export function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Why a server cannot listen, such as a port that is in use. */
export function cannotListen(cause: unknown, address: string): LookalikeError {
  const { code } = cause as NodeJS.ErrnoException;
  const why = code === "EADDRINUSE" ? "another process uses the port" : reason(cause);
  return new LookalikeError("ERR_OPTION_INVALID", `Could not listen on ${address}: ${why}`, {
    hint: "Choose another --port or --host, or end the other process.",
    cause,
  });
}
