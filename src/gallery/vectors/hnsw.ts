import { setImmediate } from "node:timers/promises";
import type { HierarchicalNSW } from "hnswlib-node";
import { throwIfAborted } from "../../core/index.ts";
import { createExactIndex, distanceTo } from "./exact.ts";
import { byDistance } from "./nearest.ts";
import type { Neighbour, VectorIndex, VectorSet } from "./types.ts";

/**
 * The adapter of hnswlib: a hierarchical navigable small world graph (Malkov & Yashunin, TPAMI 2020) over
 * squared Euclidean distance. The graph's labels are row numbers.
 */

export interface HnswParameters {
  /** Links per node. */
  readonly m: number;
  /** Breadth while building. */
  readonly efConstruction: number;
  /** Of the levels that nodes are drawn for. */
  readonly seed: number;
}

/** See docs/performance.md, Search, for how they were chosen. */
export const HNSW_PARAMETERS: HnswParameters = { m: 24, efConstruction: 200, seed: 100 };
/** Breadth of a search; `k` where that is more. */
const EF_SEARCH = 200;
/** The same from so many rows on, or from so many dimensions on, as the vectors of resemblance have. */
const EF_SEARCH_LARGE = 400;
const LARGE_FROM = 250_000;
const WIDE_FROM = 200;
/** A filter that leaves less than this share of the rows is answered exactly: the graph would mostly meet others. */
const EXACT_BELOW_SHARE = 0.1;
/** Points added between two turns of the event loop. */
const BUILD_CHUNK = 500;

export type Graph = HierarchicalNSW;
export type HnswLibrary = typeof import("hnswlib-node");

/** The native library, or null where it was not installed or compiled: then exact search serves. */
export async function loadHnswLibrary(): Promise<HnswLibrary | null> {
  try {
    const library = await import("hnswlib-node");
    return library.default ?? library;
  } catch {
    return null;
  }
}

/** @param ef breadth of a search, at least; default: by the number of rows */
export function createHnswIndex(set: VectorSet, graph: Graph, ef?: number): VectorIndex {
  const exact = createExactIndex(set);
  const rows = set.ids.length;
  const isLarge = rows >= LARGE_FROM || set.dimensions >= WIDE_FROM;
  const least = ef ?? (isLarge ? EF_SEARCH_LARGE : EF_SEARCH);
  return {
    kind: "hnsw",
    size: rows,
    search(probe, k, allowed) {
      const share = allowed === undefined ? 1 : allowed.count / rows;
      const wanted = Math.min(k, allowed?.count ?? rows);
      // Enough candidates that `wanted` allowed ones are among them unless the filter is adverse to the probe.
      const breadth = Math.min(rows, Math.ceil((wanted / share) * 1.5) + 10);
      if (share < EXACT_BELOW_SHARE || breadth > rows / 10) return exact.search(probe, k, allowed);
      graph.setEf(Math.max(least, breadth));
      const candidates = graph.searchKnn(Array.from(probe), breadth).neighbors;
      const found = rank(
        set,
        probe,
        allowed ? candidates.filter((row) => allowed.bits[row] === 1) : candidates,
      );
      return found.length < wanted ? exact.search(probe, k, allowed) : found.slice(0, wanted);
    },
  };
}

/** The graph sums in 32 bits; distances are computed again so that every index gives the same ones. */
function rank(set: VectorSet, probe: Float32Array, rows: readonly number[]): Neighbour[] {
  const exactProbe = Float64Array.from(probe);
  return rows.map((row) => ({ row, distance: distanceTo(set, row, exactProbe) })).sort(byDistance);
}

/** Builds the graph of all rows, or adds those that `graph`, built of the first rows of `set`, lacks. */
export async function growGraph(
  library: HnswLibrary,
  set: VectorSet,
  graph: Graph | null,
  signal?: AbortSignal | undefined,
): Promise<Graph> {
  const rows = set.ids.length;
  const grown = graph ?? emptyGraph(library, set);
  if (grown.getMaxElements() < rows) grown.resizeIndex(rows);
  for (let row = grown.getCurrentCount(); row < rows; row++) {
    const offset = row * set.dimensions;
    grown.addPoint(Array.from(set.vectors.subarray(offset, offset + set.dimensions)), row);
    if (row % BUILD_CHUNK === 0) {
      throwIfAborted(signal);
      await setImmediate();
    }
  }
  return grown;
}

/** A graph with room for the set, for `growGraph` to fill. */
export function emptyGraph(library: HnswLibrary, set: VectorSet, parameters = HNSW_PARAMETERS): Graph {
  const graph = new library.HierarchicalNSW("l2", set.dimensions);
  const { m, efConstruction, seed } = parameters;
  graph.initIndex(set.ids.length, m, efConstruction, seed);
  return graph;
}

/** Reads a graph from a checked file; null if the library cannot read it. */
export async function readGraph(
  library: HnswLibrary,
  path: string,
  dimensions: number,
): Promise<Graph | null> {
  const graph = new library.HierarchicalNSW("l2", dimensions);
  try {
    await graph.readIndex(path);
    return graph;
  } catch {
    return null;
  }
}

export async function writeGraph(graph: Graph, path: string): Promise<void> {
  await graph.writeIndex(path);
}
