import { LookalikeError, startWorker } from "../../../core/index.ts";
import type { BatchOutcome, RecordBatch } from "../types.ts";
import type { WriteReply, WriteRequest, WriterData } from "./types.ts";

/** Appends records of a run from a thread of its own. */
export interface RecordWriter {
  /** Resolves when the batch is on disk. @throws ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE, ERR_STORE_CORRUPT */
  append(batch: RecordBatch): Promise<BatchOutcome>;
  /** Batches that are not on disk yet. */
  readonly waiting: number;
  /** Writes what is waiting, then ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(outcome: BatchOutcome): void;
  reject(error: Error): void;
}

export function startWriter(data: WriterData): RecordWriter {
  const worker = startWorker(import.meta.url, "./worker", { name: "lookalike records", workerData: data });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let failure: Error | null = null;
  const failAll = (error: Error) => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (reply: WriteReply) => {
    const pending = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("outcome" in reply) pending?.resolve(reply.outcome);
    else pending?.reject(errorOf(reply.error));
  });
  worker.on("error", (cause) => failAll(unwritable(cause)));
  const ended = new Promise<void>((resolve) => {
    worker.on("exit", () => {
      failAll(failure ?? unwritable(new Error("the thread has ended")));
      resolve();
    });
  });
  return {
    append(batch) {
      if (failure !== null) return Promise.reject(failure);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, batch } satisfies WriteRequest);
      });
    },
    get waiting() {
      return waiting.size;
    },
    async close() {
      worker.postMessage("close");
      await ended;
    },
  };
}

function errorOf({ code, message, hint }: Extract<WriteReply, { error: unknown }>["error"]): Error {
  return code === null ? new Error(message) : new LookalikeError(code, message, { hint });
}

function unwritable(cause: Error): LookalikeError {
  return new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not store records: ${cause.message}`, {
    hint: "Check that the run's folder is writable and has free space, then restart the service.",
    cause,
  });
}
