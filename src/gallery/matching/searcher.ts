import { isLookalikeError } from "../../core/index.ts";
import { lockGallery } from "../state/lock.ts";
import type { Store } from "../state/store.ts";
import type { SearchStatus } from "../types.ts";
import { createExactIndex } from "../vectors/exact.ts";
import { createHnswIndex, growGraph, loadHnswLibrary } from "../vectors/hnsw.ts";
import type { IndexFile } from "../vectors/index-file.ts";
import type { VectorIndex, VectorSet } from "../vectors/types.ts";

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
  readonly file: IndexFile;
  readonly hnswFromFaces: number;
}

/** Gives the searcher of the gallery's present faces; loaded once and again after every change of them. */
export function createSearcherCache(source: SearcherSource): () => Promise<Searcher> {
  let generation = -1;
  let searcher: Promise<Searcher> | null = null;
  return () => {
    const current = source.store.state().facesGeneration;
    if (searcher === null || current !== generation) {
      generation = current;
      searcher = loadSearcher(source);
      // A failure is not kept: the next call tries again.
      searcher.catch(() => {
        searcher = null;
      });
    }
    return searcher;
  };
}

async function loadSearcher(source: SearcherSource): Promise<Searcher> {
  const { embedder } = source.store.state();
  const set = source.store.readVectors(embedder?.dimensions ?? 0);
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
  const saved = await source.file.load(library, set, embedder.id);
  const graph = await growGraph(library, set, saved?.graph ?? null);
  if (saved === null || saved.rows < faces) await saveIfFree(source, graph, set, embedder.id);
  return {
    set,
    index: createHnswIndex(set, graph),
    status: { kind: "hnsw", faces, reason: "hnsw index, checked against the gallery" },
  };
}

/** The graph serves from memory all the same; whoever writes at the moment will save a newer one. */
async function saveIfFree(
  source: SearcherSource,
  graph: Parameters<IndexFile["save"]>[0],
  set: VectorSet,
  embedder: string,
): Promise<void> {
  try {
    const lock = lockGallery(source.folder);
    try {
      await source.file.save(graph, set, embedder);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    if (error.code !== "ERR_GALLERY_BUSY" && error.code !== "ERR_OUTPUT_UNWRITABLE") throw error;
  }
}
