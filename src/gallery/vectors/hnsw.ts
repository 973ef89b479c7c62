import { setImmediate } from "node:timers/promises";
import type { HierarchicalNSW } from "hnswlib-node";
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
  /** Breadth while building. */
  readonly efConstruction: number;
  /** Of the levels that nodes are drawn for. */
  readonly seed: number;
}

/** See docs/performance.md, Search, for how they were chosen. */
export const HNSW_PARAMETERS: HnswParameters = { m: 24, efConstruction: 200, seed: 100 };
/** Breadth of a search; `k` where that is more. */
const EF_SEARCH = 200;
/** The same from so many rows on, or from so many dimensions on, as whole vectors of resemblance have. */
const EF_SEARCH_LARGE = 400;
/** The same among shortened vectors, all of whose candidates are ordered again. */
const EF_SEARCH_SHORT = 400;
const LARGE_FROM = 250_000;
const WIDE_FROM = 200;
/** A filter that leaves less than this share of the rows is answered exactly: the graph would mostly meet others. */
const EXACT_BELOW_SHARE = 0.1;
/**
 * Candidates for `k` rows that are wanted: `factor * k + more`, since the graph orders by rounded distances, and by those
 * of shortened vectors where it contains these.
 */
const CANDIDATES = { whole: { factor: 1.5, more: 0 }, short: { factor: 2, more: 60 } } as const;
/** If a share of the candidates this much below that of all rows passes a filter, it is adverse to the probe. */
const ADVERSE_BELOW = 0.5;
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

export interface HnswOptions {
  /** Of the vectors in the graph; null (default): they are those of the set. */
  readonly projection?: Projection | null | undefined;
  /** Breadth of a search, at least; default: by the number of rows. */
  readonly ef?: number | undefined;
}

function breadthOf({ ids, dimensions }: VectorSet): number {
  return ids.length >= LARGE_FROM || dimensions >= WIDE_FROM ? EF_SEARCH_LARGE : EF_SEARCH;
}

/** @param graph of the set's vectors, or of these shortened by the projection */
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
  /** Of shortened vectors all that the graph met, since the order among them is another one. */
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
      // Enough candidates that the allowed ones are among them unless the filter is adverse to the probe.
      const breadth = Math.min(rows, Math.ceil((factor * wanted + more) / share) + 10);
      if (share < EXACT_BELOW_SHARE || breadth > rows / 10) return exact.search(probe, k, allowed);
      const candidates = candidatesOf(probe, breadth);
      const passing = allowed ? candidates.filter((row) => allowed.bits[row] === 1) : candidates;
      // Shortened vectors put some distant rows among the candidates. If only those pass, the nearest are missing.
      const least = shorten === null ? wanted : Math.max(wanted, ADVERSE_BELOW * share * candidates.length);
      if (passing.length < least) return exact.search(probe, k, allowed);
      // The graph sums in 32 bits; distances are computed again so that every index gives the same ones.
      return nearestOf(set, probe, passing, wanted);
    },
  };
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
