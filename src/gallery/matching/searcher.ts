import { availableParallelism } from "node:os";
import { isLookalikeError } from "../../core/index.ts";
import { resemblanceVector, vectorSize } from "../../faces/index.ts";
import { lockGallery } from "../state/lock.ts";
import type { Store } from "../state/store.ts";
import type { SearchStatus } from "../types-match.ts";
import { createExactIndex } from "../vectors/exact.ts";
import { growGraphs } from "../vectors/graphs.ts";
import { createHnswIndex, loadHnswLibrary } from "../vectors/hnsw.ts";
import type { IndexFile, SavedGraph } from "../vectors/index-file.ts";
import { createSegmentedIndex, segmentsOf } from "../vectors/segments.ts";
import type { VectorIndex, VectorSet } from "../vectors/types.ts";
import type { Space } from "./space.ts";

/**
 * From this many faces on the graph serves. Measured (docs/performance.md, 'Search'): below it exact search answers
 * within a millisecond or so, and the time to build the graph would not come back.
 */
export const HNSW_FROM_FACES = 50_000;

export interface Searcher {
  readonly set: VectorSet;
  readonly index: VectorIndex;
  readonly status: SearchStatus;
}

export interface SearcherSource {
  readonly folder: string;
  readonly store: Store;
  /** The files of each kind of space, by segment. */
  readonly fileOf: (kind: Space["kind"], segment: number) => IndexFile;
  readonly hnswFromFaces: number;
  /** Faces of one graph; more have several. */
  readonly segmentFaces: number;
}

/** Cached searchers by space: a campaign uses one, a million times. */
const KEPT = 4;

/** Gives the searcher of the gallery's present faces in a space; loaded once and again after every change of them. */
export function createSearcherCache(source: SearcherSource): (space: Space) => Promise<Searcher> {
  let generation = -1;
  const searchers = new Map<string, Promise<Searcher>>();
  return (space) => {
    const current = source.store.state().facesGeneration;
    if (current !== generation) searchers.clear();
    generation = current;
    const key = space.kind === "distance" ? space.kind : space.id;
    const known = searchers.get(key);
    if (known !== undefined) return known;
    const searcher = loadSearcher(source, space);
    searchers.set(key, searcher);
    // A failure is not kept: the next call tries again.
    searcher.catch(() => searchers.delete(key));
    const [oldest] = searchers.keys();
    if (searchers.size > KEPT && oldest !== undefined) searchers.delete(oldest);
    return searcher;
  };
}

function readSpace(store: Store, space: Space, dimensions: number): VectorSet {
  if (space.kind === "distance") return store.readVectors(dimensions);
  const { metric } = space;
  return store.readFeatures(vectorSize(metric), (features) => resemblanceVector(features, metric));
}

async function loadSearcher(source: SearcherSource, space: Space): Promise<Searcher> {
  const { embedder } = source.store.state();
  const set = readSpace(source.store, space, embedder?.dimensions ?? 0);
  const faces = set.ids.length;
  const exact = (reason: string): Searcher => ({
    set,
    index: createExactIndex(set),
    status: { kind: "exact", faces, reason },
  });
  if (faces < source.hnswFromFaces) {
    return exact(`exact search: it is the faster one below ${source.hnswFromFaces} faces`);
  }
  const library = await loadHnswLibrary();
  if (library === null || embedder === null) {
    return exact(
      "exact search: hnswlib-node is not installed; with it this gallery would be searched faster",
    );
  }
  const builtOf = space.kind === "distance" ? embedder.id : space.id;
  const segments = segmentsOf(set, source.segmentFaces);
  const files = segments.map((_, i) => source.fileOf(space.kind, i));
  const saved: (SavedGraph | null)[] = [];
  for (const [i, part] of segments.entries())
    saved.push((await files[i]?.load(library, part, builtOf)) ?? null);
  const tasks = segments.map((part, i) => ({ set: part, graph: saved[i]?.graph ?? null }));
  const graphs = await growGraphs(tasks, { library, threads: availableParallelism() });
  const indexes: VectorIndex[] = [];
  for (const [i, part] of segments.entries()) {
    const [graph, file] = [graphs[i], files[i]];
    if (graph === undefined || file === undefined) throw new RangeError(`no graph ${i}`);
    if ((saved[i]?.rows ?? -1) < part.ids.length)
      await saveIfFree(source.folder, () => file.save(graph, part, builtOf));
    indexes.push(createHnswIndex(part, graph));
  }
  return {
    set,
    index: createSegmentedIndex(indexes),
    status: { kind: "hnsw", faces, reason: "hnsw index, checked against the gallery" },
  };
}

/** The graph is used from memory; the process that writes now will save a newer one. */
async function saveIfFree(folder: string, save: () => Promise<void>): Promise<void> {
  try {
    const lock = lockGallery(folder);
    try {
      await save();
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    if (error.code !== "ERR_GALLERY_BUSY" && error.code !== "ERR_OUTPUT_UNWRITABLE") throw error;
  }
}
