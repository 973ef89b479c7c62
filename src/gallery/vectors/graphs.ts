import { once } from "node:events";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWorker, throwIfAborted } from "../../core/index.ts";
import { makeScratch } from "../../io/scratch.ts";
import { type Graph, growGraph, type HnswLibrary, readGraph } from "./hnsw.ts";
import type { VectorSet } from "./types.ts";

export interface GraphWork {
  readonly rows: number;
  readonly dimensions: number;
  readonly vectors: Float32Array;
  readonly path: string;
}

export interface GraphTask {
  readonly set: VectorSet;
  /** A graph of the set's first rows; null: there is none. */
  readonly graph: Graph | null;
}

export interface BuildOptions {
  readonly library: HnswLibrary;
  /** Graphs built at once. */
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Completes the graphs of several sets, in order. Several new graphs are built on one thread each, because the native
 * library adds points on the calling thread.
 */
export async function growGraphs(
  tasks: readonly GraphTask[],
  { library, threads, signal }: BuildOptions,
): Promise<readonly Graph[]> {
  const isNew = ({ graph, set }: GraphTask) => graph === null && set.ids.length > 0;
  const graphs = new Map<GraphTask, Graph>();
  const queue = tasks.filter(isNew);
  if (queue.length > 1 && threads > 1) {
    await Promise.all(
      Array.from({ length: Math.min(threads, queue.length) }, async () => {
        for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
          throwIfAborted(signal);
          const built = await buildApart(task.set, library, signal);
          if (built !== null) graphs.set(task, built);
        }
      }),
    );
  }
  const grown: Graph[] = [];
  for (const task of tasks) {
    grown.push(graphs.get(task) ?? (await growGraph(library, task.set, task.graph, signal)));
  }
  return grown;
}

/** Null if the thread failed, for example for lack of memory: the caller then builds the graph itself. */
async function buildApart(
  { ids, dimensions, vectors }: VectorSet,
  library: HnswLibrary,
  signal: AbortSignal | undefined,
): Promise<Graph | null> {
  const folder = makeScratch(tmpdir());
  try {
    const path = join(folder, "graph");
    // Memory that is not shared is copied to the thread: only these rows.
    const own = vectors.buffer instanceof SharedArrayBuffer ? vectors : vectors.slice();
    const workerData: GraphWork = { rows: ids.length, dimensions, vectors: own, path };
    const worker = startWorker(import.meta.url, "./graph-worker", { workerData });
    const stop = () => void worker.terminate();
    signal?.addEventListener("abort", stop, { once: true });
    const [status] = await once(worker, "exit").catch(() => [1]);
    signal?.removeEventListener("abort", stop);
    throwIfAborted(signal);
    return status === 0 ? await readGraph(library, path, dimensions) : null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
