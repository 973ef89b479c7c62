import type { Worker } from "node:worker_threads";
import { type ErrorCode, LookalikeError } from "../errors.ts";
import { startWorker } from "../worker.ts";
import type { DescribeSettings } from "./description/describe.ts";
import type { EmbedderSpec } from "./embedders/types.ts";
import type { PhotoFaces, PhotoSource } from "./types.ts";

/** Describes photos; how many at once is its own matter. */
export interface Describer {
  describe(photo: PhotoSource): Promise<PhotoFaces>;
  close(): Promise<void>;
}

/** What a thread is started with. */
export interface PoolWorkerData {
  readonly embedder: EmbedderSpec | null;
}

export interface Task {
  readonly id: number;
  readonly photo: PhotoSource;
  readonly settings: DescribeSettings;
}

export type TaskResult =
  | { readonly id: number; readonly faces: PhotoFaces }
  | {
      readonly id: number;
      readonly error: { readonly code: ErrorCode | null; message: string; hint: string };
    };

interface Waiting {
  readonly task: Task;
  resolve(faces: PhotoFaces): void;
  reject(error: Error): void;
}

/**
 * Describes photos on worker threads, one photo per thread at a time: ONNX Runtime blocks the thread it runs on,
 * and so the caller's stays free. Threads start when there is work for them.
 */
export function createPool(
  threads: number,
  settings: DescribeSettings,
  embedder: EmbedderSpec | null,
): Describer {
  const idle: Worker[] = [];
  const queue: Waiting[] = [];
  const running = new Map<Worker, Waiting>();
  const workers = new Set<Worker>();
  let nextId = 0;

  function dispatch(): void {
    while (queue.length > 0) {
      const worker = idle.pop() ?? (workers.size < threads ? start() : undefined);
      if (!worker) return;
      const waiting = queue.shift() as Waiting;
      running.set(worker, waiting);
      worker.ref();
      worker.postMessage(waiting.task);
    }
  }

  function start(): Worker {
    const worker = startWorker(import.meta.url, "./pool-worker", {
      name: "lookalike faces",
      workerData: { embedder } satisfies PoolWorkerData,
    });
    workers.add(worker);
    worker.on("message", (result: TaskResult) => finish(worker, result));
    worker.on("error", (error) => fail(worker, error));
    worker.on("exit", () => fail(worker, new Error("the worker thread ended")));
    return worker;
  }

  function finish(worker: Worker, result: TaskResult): void {
    const waiting = running.get(worker);
    running.delete(worker);
    // An idle thread does not keep the process alive.
    worker.unref();
    idle.push(worker);
    if ("faces" in result) waiting?.resolve(result.faces);
    else waiting?.reject(revive(result.error));
    dispatch();
  }

  function fail(worker: Worker, error: Error): void {
    workers.delete(worker);
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    running.get(worker)?.reject(error);
    running.delete(worker);
    dispatch();
  }

  return {
    describe: (photo) =>
      new Promise((resolve, reject) => {
        queue.push({ task: { id: nextId++, photo, settings }, resolve, reject });
        dispatch();
      }),
    async close() {
      for (const waiting of queue.splice(0)) waiting.reject(closed());
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}

export function closed(): LookalikeError {
  return new LookalikeError("ERR_ENGINE_CLOSED", "The face engine is closed", {
    hint: "Create a new engine.",
  });
}

function revive({ code, message, hint }: { code: ErrorCode | null; message: string; hint: string }): Error {
  return code ? new LookalikeError(code, message, { hint }) : new Error(message);
}
