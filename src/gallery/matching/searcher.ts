import { availableParallelism } from "node:os";
import { createMemo, isLookalikeError } from "../../core/index.ts";
import { resemblanceVector, vectorSize } from "../../faces/index.ts";
import { lockGallery } from "../state/lock.ts";
import type { Store } from "../state/store.ts";
import type { SearchStatus } from "../types-match.ts";
import { createExactIndex } from "../vectors/exact.ts";
import { growGraphs } from "../vectors/graphs.ts";
import { createHnswIndex, type Graph, type HnswLibrary, loadHnswLibrary } from "../vectors/hnsw.ts";
import type { IndexFile } from "../vectors/index-file.ts";
import { fitProjection, type Projection, shorten } from "../vectors/projection.ts";
import { createSegmentedIndex, segmentsOf } from "../vectors/segments.ts";
import type { VectorIndex, VectorSet } from "../vectors/types.ts";
import type { Space } from "./space.ts";

/**
 * From this number of faces on the graph is used. Below it, exact search takes about two milliseconds, and building the
 * graph costs more than it saves (docs/performance.md, "Search").
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
  /** Faces of one graph; larger galleries have several graphs. */
  readonly segmentFaces: number;
}

/** Number of cached searchers: a campaign uses one space for all its customers. */
const KEPT = 4;

/** Returns the searcher of the gallery's present faces in a space; it is loaded again after every change of faces. */
export function createSearcherCache(source: SearcherSource): (space: Space) => Promise<Searcher> {
  let generation = -1;
  let searchers = createMemo<Searcher>(KEPT);
  return (space) => {
    const current = source.store.state().facesGeneration;
    if (current !== generation) searchers = createMemo(KEPT);
    generation = current;
    const key = space.kind === "distance" ? space.kind : space.id;
    return searchers(key, () => loadSearcher(source, space));
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
    return exact(`exact search, which is faster below ${source.hnswFromFaces} faces`);
  }
  const library = await loadHnswLibrary();
  if (library === null || embedder === null) {
    return exact(
      "exact search: hnswlib-node is not installed; with it this gallery would be searched faster",
    );
  }
  const builtOf = space.kind === "distance" ? embedder.id : space.id;
  const index = await loadGraphs(source, set, {
    library,
    builtOf,
    fileOf: (segment) => source.fileOf(space.kind, segment),
  });
  return { set, index, status: { kind: "hnsw", faces, reason: "hnsw index, checked against the gallery" } };
}

interface GraphsOf {
  readonly library: HnswLibrary;
  readonly builtOf: string;
  readonly fileOf: (segment: number) => IndexFile;
}

/** The graphs of a set's segments: saved graphs are read and completed, and saved again if faces were added. */
async function loadGraphs(
  { folder, segmentFaces }: SearcherSource,
  set: VectorSet,
  { library, builtOf, fileOf }: GraphsOf,
): Promise<VectorIndex> {
  const segments: Segment[] = [];
  for (const [i, part] of segmentsOf(set, segmentFaces).entries())
    segments.push(await openSegment(part, fileOf(i), { library, builtOf }));
  const tasks = segments.map(({ short, graph }) => ({ set: short, graph }));
  const graphs = await growGraphs(tasks, { library, threads: availableParallelism() });
  const indexes: VectorIndex[] = [];
  for (const [i, { part, projection, file, rows }] of segments.entries()) {
    const graph = graphs[i];
    if (graph === undefined) throw new RangeError(`no graph ${i}`);
    if (rows < part.ids.length)
      await saveIfFree(folder, () => file.save({ graph, projection }, part, builtOf));
    indexes.push(createHnswIndex(part, graph, { projection }));
  }
  return createSegmentedIndex(indexes);
}

interface Segment {
  readonly part: VectorSet;
  readonly short: VectorSet;
  readonly projection: Projection | null;
  readonly file: IndexFile;
  /** The saved graph of the first `rows` rows; null: there is none. */
  readonly graph: Graph | null;
  readonly rows: number;
}

async function openSegment(
  part: VectorSet,
  file: IndexFile,
  { library, builtOf }: Pick<GraphsOf, "library" | "builtOf">,
): Promise<Segment> {
  const saved = await file.load(library, part, builtOf);
  if (saved !== null) return { part, file, ...saved };
  const projection = fitProjection(part);
  return { part, file, projection, short: await shorten(part, projection), graph: null, rows: -1 };
}

/** Saves unless another process is writing: the graph is then used from memory, and the other process saves its own. */
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
