import {
  euclideanDistance,
  type ResemblanceMetric,
  referenceFeatures,
  resemblanceVector,
} from "../../faces/index.ts";
import type { Database } from "../../io/sqlite/index.ts";
import { quantile } from "../../statistics/index.ts";
import type { Photos } from "../state/photos.ts";
import type { Store } from "../state/store.ts";
import type { Match, MatchOptions, Probe, QuantileOptions, Quantiles, SearchStatus } from "../types-match.ts";
import { distanceTo } from "../vectors/exact.ts";
import type { Template } from "../vectors/template.ts";
import type { RowMask } from "../vectors/types.ts";
import { createFilter, createMaskCache, type PhotoFilter } from "./filter.ts";
import { checkProbe, findMatches } from "./match.ts";
import { createSearcherCache, type Searcher, type SearcherSource } from "./searcher.ts";
import { DISTANCE, type Space, spaceOf, vectorIn } from "./space.ts";

export interface ProbingSource extends SearcherSource {
  readonly database: Database;
  readonly photos: Photos;
  readonly template: Template;
  readonly metric: ResemblanceMetric | null;
}

/** The queries with a probe. */
export interface Probing {
  /** @param requireOpen called after waiting, before the database is read again */
  match(probe: Probe, options: MatchOptions, requireOpen: () => void): Promise<readonly Match[]>;
  quantiles(probe: Probe, shares: readonly number[], options: QuantileOptions): Promise<Quantiles>;
  /** Loads or builds the index that `match` uses by default. */
  prepare(): Promise<SearchStatus>;
}

/** A probe and the index and filter that it is searched with. */
interface Search {
  readonly space: Space;
  readonly searcher: Searcher;
  /** The probe's vector, protected like the vectors of the set. */
  readonly vector: Float32Array;
  readonly filter: PhotoFilter;
  readonly mask: RowMask | undefined;
}

export function createProbing(source: ProbingSource): Probing {
  const { store, photos, template, metric } = source;
  const masks = createMaskCache(source.database);
  const findSearcher = createSearcherCache(source);
  const featuresIds = createIdsCache(store);

  async function search(probe: Probe, options: MatchOptions): Promise<Search> {
    const state = store.state();
    checkProbe(probe, state, options.embedderId);
    const space = spaceOf(featuresIds(state.facesGeneration), probe, { metric, options });
    const searcher = await findSearcher(space);
    const filter = createFilter(options);
    const mask = masks.find(searcher.set, filter, state.changes);
    return { space, searcher, vector: template.protect(vectorIn(space, probe)), filter, mask };
  }

  return {
    async match(probe, options, requireOpen) {
      const { space, searcher, vector, filter, mask } = await search(probe, options);
      requireOpen();
      const embedding = template.protect(probe.embedding);
      const distanceOf = (row: number): number => {
        const stored = store.embeddingOf(searcher.set.ids[row] ?? 0);
        return stored === null ? Number.POSITIVE_INFINITY : euclideanDistance(embedding, stored);
      };
      return findMatches(searcher, photos, vector, {
        top: options.top ?? 5,
        filter,
        mask,
        distance: bounds(options.minDistance, options.maxDistance),
        resemblance: bounds(options.minResemblance, options.maxResemblance),
        distanceOf: space.kind === "distance" ? null : distanceOf,
      });
    },
    async quantiles(probe, shares, options) {
      const { space, searcher, vector, mask } = await search(probe, options);
      const distances =
        options.among === "people" && space.kind === "resemblance"
          ? distancesToPeople(vectorIn(space, probe), space.metric)
          : sampleDistances(searcher, vector, mask);
      const values = distances.length === 0 ? [] : shares.map((share) => quantile(distances, share));
      return { of: space.kind, values };
    },
    async prepare() {
      const { facesGeneration } = store.state();
      const ids = featuresIds(facesGeneration);
      const usual = { embedding: new Float32Array(0), features: new Float32Array(0) };
      const space = spaceOf(ids, usual, { metric, options: {} });
      const { status } = await findSearcher(space);
      if (space.kind !== DISTANCE.kind || status.faces === 0) return status;
      return { ...status, reason: `${status.reason}; ${BY_DISTANCE}` };
    },
  };
}

const BY_DISTANCE =
  "by distance, because some photos were indexed without features: index them again to rank by resemblance";

function bounds(least = 0, most = Number.POSITIVE_INFINITY) {
  return { least, most };
}

/** The ids of the gallery's features, read once after each change. */
function createIdsCache(store: Store): (generation: number) => readonly (string | null)[] {
  let known: readonly (string | null)[] = [];
  let ofGeneration = -1;
  return (generation) => {
    if (generation !== ofGeneration) known = store.featuresIds();
    ofGeneration = generation;
    return known;
  };
}

/** Maximum number of faces whose distances are computed, evenly over the gallery. */
const SAMPLE = 5000;

/** A probe's distances to the allowed faces, ascending. */
function sampleDistances({ set }: Searcher, vector: Float32Array, mask: RowMask | undefined): number[] {
  const passing = mask?.count ?? set.ids.length;
  const step = Math.max(1, Math.ceil(passing / SAMPLE));
  const probe = Float64Array.from(vector);
  const distances: number[] = [];
  for (let row = 0, seen = 0; row < set.ids.length; row++) {
    if (mask !== undefined && mask.bits[row] !== 1) continue;
    if (seen++ % step === 0) distances.push(distanceTo(set, row, probe));
  }
  return distances.sort((a, b) => a - b);
}

/** The distances to the faces of the reference population, ascending. */
function distancesToPeople(vector: Float32Array, metric: ResemblanceMetric): number[] {
  return referenceFeatures()
    .map((features) => euclideanDistance(vector, resemblanceVector(features, metric)))
    .sort((a, b) => a - b);
}
