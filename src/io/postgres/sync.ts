import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { LookalikeError, startWorker } from "../../core/index.ts";
import { asPostgresError } from "./errors.ts";
import { loadPg } from "./library.ts";
import { withoutPassword } from "./open.ts";

export type SyncValue = string | number | Uint8Array | null;
export type SyncRow = Readonly<Record<string, SyncValue>>;

export interface SyncRequest {
  readonly text: string;
  /** Values of the statement; null: the text is sent as it is and may contain several statements. */
  readonly values: readonly SyncValue[] | null;
}

export type SyncAnswer =
  | {
      readonly rows: readonly Record<string, unknown>[];
      readonly changes: number;
      readonly error?: undefined;
    }
  | { readonly error: { readonly message: string; readonly code: string | null } };

/**
 * A connection whose caller waits for each answer: consent is checked in the middle of work that must not
 * continue without the answer. One statement takes a round trip, during which this thread is blocked.
 */
export interface PostgresSync {
  readonly shown: string;
  /** @throws ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED */
  query(
    text: string,
    values: readonly SyncValue[],
  ): { readonly rows: readonly SyncRow[]; readonly changes: number };
  /** Runs statements without values. */
  exec(text: string): void;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** No statement of this package takes this long; a server that hangs ends in an error. */
const TIMEOUT_MS = 60_000;

/** @throws ERR_OPTION_INVALID, ERR_DEPENDENCY_MISSING */
export async function openPostgresSync(url: string): Promise<PostgresSync> {
  const shown = withoutPassword(url);
  await loadPg();
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const worker = startWorker(import.meta.url, "./sync-worker", {
    workerData: { url, port: port2, signal },
    transferList: [port2],
  });
  // Neither the worker nor the port keeps an otherwise idle process alive.
  worker.unref();
  port.unref();
  let isOpen = true;
  const ask = (request: SyncRequest) => {
    if (!isOpen) throw new LookalikeError("ERR_POSTGRES_FAILED", `The connection to ${shown} was closed`);
    Atomics.store(signal, 0, 0);
    port.postMessage(request);
    // The value decides, not the wake-up: the wake-up of the previous answer may arrive late.
    const end = performance.now() + TIMEOUT_MS;
    while (Atomics.load(signal, 0) === 0 && performance.now() < end) {
      Atomics.wait(signal, 0, 0, end - performance.now());
    }
    const received = receiveMessageOnPort(port)?.message as SyncAnswer | undefined;
    if (received === undefined) {
      throw asPostgresError(Object.assign(new Error("no answer came"), { code: "ETIMEDOUT" }), shown);
    }
    if (received.error === undefined) return received;
    const { message, code } = received.error;
    throw asPostgresError(Object.assign(new Error(message), { code }), shown);
  };
  const exec = (text: string) => void ask({ text, values: null });
  return {
    shown,
    query(text, values) {
      const { rows, changes } = ask({ text, values });
      return { rows: rows as readonly SyncRow[], changes };
    },
    exec,
    transaction(work) {
      exec("BEGIN");
      try {
        const result = work();
        exec("COMMIT");
        return result;
      } catch (error) {
        try {
          exec("ROLLBACK");
        } catch {
          // The connection is gone, and so is the transaction.
        }
        throw error;
      }
    },
    close() {
      if (isOpen) port.postMessage("close");
      isOpen = false;
    },
  };
}
