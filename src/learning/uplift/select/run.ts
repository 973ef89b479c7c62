import type { Worker } from "node:worker_threads";
import { startWorker, throwIfAborted } from "../../../core/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import { type ResultOf, runTask, type Task } from "./task.ts";

export interface RunOptions {
  /** Maximum number of threads. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after every task. */
  readonly onDone?: ((done: number, total: number) => void) | undefined;
}

/** Minimum work, in rows x tasks, for which starting threads saves time. */
const MIN_PARALLEL_WORK = 200_000;

/**
 * Runs tasks on as many threads as are useful and returns the results in the order of the tasks: they do not
 * depend on the number of threads.
 *
 * @throws ERR_ABORTED
 */
export async function runTasks<T extends Task>(
  experiment: EncodedExperiment,
  tasks: readonly T[],
  { jobs, signal, onDone }: RunOptions,
): Promise<ResultOf<T>[]> {
  throwIfAborted(signal);
  const isSmall = experiment.arms.length * tasks.length < MIN_PARALLEL_WORK;
  if (jobs <= 1 || isSmall) return runHere(experiment, tasks, { signal, onDone });
  return runOnThreads(experiment, tasks, { jobs: Math.min(jobs, tasks.length), signal, onDone });
}

async function runHere<T extends Task>(
  experiment: EncodedExperiment,
  tasks: readonly T[],
  { signal, onDone }: Omit<RunOptions, "jobs">,
): Promise<ResultOf<T>[]> {
  const results: ResultOf<T>[] = [];
  for (const task of tasks) {
    throwIfAborted(signal);
    results.push(runTask(experiment, task));
    onDone?.(results.length, tasks.length);
    // Lets a signal handler run in between.
    await new Promise(setImmediate);
  }
  return results;
}

function runOnThreads<T extends Task>(
  experiment: EncodedExperiment,
  tasks: readonly T[],
  { jobs, signal, onDone }: RunOptions,
): Promise<ResultOf<T>[]> {
  const results: ResultOf<T>[] = [];
  const workers: Worker[] = [];
  let next = 0;
  let done = 0;
  return new Promise<ResultOf<T>[]>((resolve, reject) => {
    const abort = () => {
      try {
        throwIfAborted(signal);
      } catch (error) {
        reject(error);
      }
    };
    signal?.addEventListener("abort", abort, { once: true });
    const give = (worker: Worker) => {
      if (next >= tasks.length) return;
      const index = next++;
      worker.once("message", (result: ResultOf<T>) => {
        results[index] = result;
        done++;
        onDone?.(done, tasks.length);
        if (done === tasks.length) resolve(results);
        else give(worker);
      });
      worker.postMessage(tasks[index]);
    };
    for (let i = 0; i < jobs; i++) {
      const worker = startWorker(import.meta.url, "./task-worker", { workerData: experiment });
      workers.push(worker);
      worker.once("error", reject);
      give(worker);
    }
  }).finally(async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  });
}
