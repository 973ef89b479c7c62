import type { DuckDBConnection } from "@duckdb/node-api";
import { throwIfAborted } from "../../core/index.ts";

/** Interval at which an interruption is repeated: DuckDB ignores one while it prepares a query. */
const REPEAT_MS = 50;

/**
 * Interrupts every query of the connection from the moment the signal fires until the returned function is
 * called.
 */
export function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined): () => void {
  let repeated: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    repeated ??= setInterval(() => connection.interrupt(), REPEAT_MS);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  return () => {
    signal?.removeEventListener("abort", interrupt);
    clearInterval(repeated);
  };
}

/** Runs work on the connection and stops it when the signal fires. @throws ERR_ABORTED */
export async function abortable<T>(
  connection: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const release = interruptOnAbort(connection, signal);
  try {
    return await work();
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    release();
  }
}
