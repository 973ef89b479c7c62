import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../../core/index.ts";
import { createExactIndex, nearestOf } from "./exact.ts";
import { createShortener, type Projection } from "./projection.ts";
import type { VectorIndex, VectorSet } from "./types.ts";

/**
 * The adapter of hnswlib: a hierarchical navigable small world graph (Malkov & Yashunin, TPAMI 2020) over
 * squared Euclidean distance. The graph's labels are row numbers.
 */

export interface HnswParameters {
  /** Links per node. */
  readonly m: number;
  /** Breadth of the search for links while the graph is built. */
  readonly efConstruction: number;
  /** Seed of the nodes' random levels. */
  readonly seed: number;
}

/** Chosen by the measurements in docs/performance.md, "Search". */
export const HNSW_PARAMETERS: HnswParameters = { m: 24, efConstruction: 200, seed: 100 };
/** Breadth of a search; at least `k`. */
const EF_SEARCH = 200;
/** The same from `LARGE_FROM` rows or `WIDE_FROM` dimensions on; whole vectors of resemblance have more. */
const EF_SEARCH_LARGE = 400;
/** The same for shortened vectors; all candidates are then ordered by the whole vectors. */
const EF_SEARCH_SHORT = 400;
const LARGE_FROM = 250_000;
const WIDE_FROM = 200;
/** A filter that leaves a smaller share of the rows is searched exactly: most candidates of the graph would not pass. */
const EXACT_BELOW_SHARE = 0.1;
/**
 * Number of candidates for `k` wanted rows: `factor * k + more`. The graph orders by rounded distances, or by those of
 * shortened vectors, so the nearest rows are not always its first ones.
 */
const CANDIDATES = { whole: { factor: 1.5, more: 0 }, short: { factor: 2, more: 60 } } as const;
/** If the share of candidates that pass is below this times the share of all rows that pass, the search is exact. */
const ADVERSE_BELOW = 0.5;
/** Points added between two turns of the event loop. */
const BUILD_CHUNK = 500;

/** What is used of a graph of hnswlib-node. */
export interface Graph {
  initIndex(rows: number, m: number, efConstruction: number, seed: number): void;
  readIndex(path: string): Promise<boolean>;
  writeIndex(path: string): Promise<boolean>;
  resizeIndex(rows: number): void;
  addPoint(point: number[], row: number): void;
  searchKnn(
    query: number[],
    count: number,
    filter?: (row: number) => boolean,
  ): { readonly distances: number[]; readonly neighbors: number[] };
  getCurrentCount(): number;
  getMaxElements(): number;
  setEf(breadth: number): void;
}

export interface HnswLibrary {
  readonly HierarchicalNSW: new (space: "l2", dimensions: number) => Graph;
}

/** The native library, or null if it was not installed or compiled: exact search is then used. */
export async function loadHnswLibrary(): Promise<HnswLibrary | null> {
  try {
    const library = await import("hnswlib-node");
    return library.default ?? library;
  } catch {
    return null;
  }
}

export interface HnswOptions {
  /** The projection of the vectors in the graph; null (default): the graph contains the set's vectors. */
  readonly projection?: Projection | null | undefined;
  /** Minimum breadth of a search; default: by the number of rows. */
  readonly ef?: number | undefined;
}

function breadthOf({ ids, dimensions }: VectorSet): number {
  return ids.length >= LARGE_FROM || dimensions >= WIDE_FROM ? EF_SEARCH_LARGE : EF_SEARCH;
}

/** @param graph contains the set's vectors, shortened by the projection if there is one */
export function createHnswIndex(
  set: VectorSet,
  graph: Graph,
  { projection = null, ef }: HnswOptions = {},
): VectorIndex {
  const exact = createExactIndex(set);
  const rows = set.ids.length;
  const leastEf = ef ?? (projection === null ? breadthOf(set) : EF_SEARCH_SHORT);
  const shorten = projection === null ? null : createShortener(projection);
  const short = new Float32Array(projection?.to ?? 0);
  const { factor, more } = CANDIDATES[projection === null ? "whole" : "short"];
  /** All candidates that the graph found, if it contains shortened vectors: whole vectors order them differently. */
  const candidatesOf = (probe: Float32Array, breadth: number): readonly number[] => {
    graph.setEf(Math.max(leastEf, breadth));
    if (shorten === null) return graph.searchKnn(Array.from(probe), breadth).neighbors;
    shorten(probe, short);
    return graph.searchKnn(Array.from(short), Math.min(rows, Math.max(leastEf, breadth))).neighbors;
  };
  return {
    kind: "hnsw",
    size: rows,
    search(probe, k, allowed) {
      const share = allowed === undefined ? 1 : allowed.count / rows;
      const wanted = Math.min(k, allowed?.count ?? rows);
      // Enough candidates for `wanted` allowed rows, if the filter is independent of the probe.
      const breadth = Math.min(rows, Math.ceil((factor * wanted + more) / share) + 10);
      if (share < EXACT_BELOW_SHARE || breadth > rows / 10) return exact.search(probe, k, allowed);
      const candidates = candidatesOf(probe, breadth);
      const passing = allowed ? candidates.filter((row) => allowed.bits[row] === 1) : candidates;
      // With shortened vectors some candidates are distant rows. If mostly those pass, the nearest rows are missing.
      const least = shorten === null ? wanted : Math.max(wanted, ADVERSE_BELOW * share * candidates.length);
      if (passing.length < least) return exact.search(probe, k, allowed);
      // The graph sums in 32 bits; distances are computed again, so that all indexes return equal distances.
      return nearestOf(set, probe, passing, wanted);
    },
  };
}

/** Builds the graph of all rows, or adds the missing rows to a graph of the set's first rows. */
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

/** An empty graph with room for the set. */
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
