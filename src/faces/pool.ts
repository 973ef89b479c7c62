import "./networks/onnx/quiet.ts";
import type { Worker } from "node:worker_threads";
import { aborted, type ErrorCode, LookalikeError, startWorker } from "../core/index.ts";
import type { DescribeSettings } from "./description/describe.ts";
import type { EmbedderSpec } from "./embedders/types.ts";
import type { PhotoFaces, PhotoSource } from "./types.ts";

/** Describes photos, and sets how many at once. */
export interface Describer {
  /** @param signal removes a photo that no thread has begun from the queue */
  describe(photo: PhotoSource, signal?: AbortSignal): Promise<PhotoFaces>;
  close(): Promise<void>;
}

/** The data that a thread is started with. */
export interface PoolWorkerData {
  readonly embedder: EmbedderSpec | null;
  /** Whether the second descriptor is computed. */
  readonly look: boolean;
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

/** Photos per thread: the current one, and the next, which is decoded in parallel. */
export const PER_THREAD = 2;

/**
 * Describes photos on worker threads, one photo per thread at a time. ONNX Runtime blocks the thread it runs
 * on, so the caller's thread stays free. Threads start when there is work for them.
 */
export function createPool(threads: number, settings: DescribeSettings, networks: PoolWorkerData): Describer {
  const queue: Waiting[] = [];
  /** Jobs of each thread, in order. */
  const workers = new Map<Worker, Waiting[]>();
  let nextId = 0;
  let isClosed = false;

  function dispatch(): void {
    while (queue.length > 0) {
      const worker = pick();
      if (!worker) return;
      const waiting = queue.shift() as Waiting;
      workers.get(worker)?.push(waiting);
      worker.ref();
      worker.postMessage(waiting.task);
    }
  }

  /** The thread with the fewest jobs; a new thread rather than a second photo for any. */
  function pick(): Worker | undefined {
    let least: Worker | undefined;
    let load = PER_THREAD;
    for (const [worker, { length }] of workers) {
      if (length < load) [least, load] = [worker, length];
    }
    return load > 0 && workers.size < threads ? start() : least;
  }

  function start(): Worker {
    const worker = startWorker(import.meta.url, "./pool-worker", {
      name: "lookalike faces",
      workerData: networks,
    });
    workers.set(worker, []);
    worker.on("message", (result: TaskResult) => finish(worker, result));
    worker.on("error", (error) => fail(worker, error));
    worker.on("exit", () => fail(worker, isClosed ? closed() : new Error("the worker thread ended")));
    return worker;
  }

  function finish(worker: Worker, result: TaskResult): void {
    const own = workers.get(worker) ?? [];
    const at = own.findIndex(({ task }) => task.id === result.id);
    const [waiting] = own.splice(at, at < 0 ? 0 : 1);
    // An idle thread does not keep the process alive.
    if (own.length === 0) worker.unref();
    if ("faces" in result) waiting?.resolve(result.faces);
    else waiting?.reject(revive(result.error));
    dispatch();
  }

  function fail(worker: Worker, error: Error): void {
    const own = workers.get(worker) ?? [];
    workers.delete(worker);
    for (const waiting of own) waiting.reject(error);
    dispatch();
  }

  return {
    describe: (photo, signal) =>
      new Promise((resolve, reject) => {
        const waiting: Waiting = {
          task: { id: nextId++, photo, settings },
          resolve(faces) {
            signal?.removeEventListener("abort", leave);
            resolve(faces);
          },
          reject(error) {
            signal?.removeEventListener("abort", leave);
            reject(error);
          },
        };
        const leave = () => {
          const at = queue.indexOf(waiting);
          if (at < 0) return;
          queue.splice(at, 1);
          reject(aborted(signal));
        };
        signal?.addEventListener("abort", leave, { once: true });
        queue.push(waiting);
        dispatch();
      }),
    async close() {
      isClosed = true;
      for (const waiting of queue.splice(0)) waiting.reject(closed());
      await Promise.all([...workers.keys()].map((worker) => worker.terminate()));
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
