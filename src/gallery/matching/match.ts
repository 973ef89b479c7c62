import {
  expected,
  expectedTerritory,
  invalidOption,
  LookalikeError,
  parseTerritory,
} from "../../core/index.ts";
import { FEATURE_COUNT, HAIR_COLORS, MOST_WEIGHT, PARTS } from "../../faces/index.ts";
import { embedderMismatch } from "../indexing/embedder.ts";
import type { Photos } from "../state/photos.ts";
import type { GalleryState } from "../state/store.ts";
import type { AppearanceFilter, Match, MatchOptions, Probe } from "../types-match.ts";
import { distanceTo } from "../vectors/exact.ts";
import type { Neighbour, RowMask, VectorSet } from "../vectors/types.ts";
import type { PhotoFilter } from "./filter.ts";
import type { Searcher } from "./searcher.ts";

/** @throws ERR_OPTION_INVALID */
export function checkOptions(options: MatchOptions): void {
  const {
    top = 5,
    at,
    territory,
    media,
    minDistance = 0,
    maxDistance = 0,
    minResemblance = 0,
    maxResemblance = 0,
    appearance = {},
    floor = {},
    weights = {},
  } = options;
  if (!Number.isInteger(top) || top < 1) throw invalid("a positive integer", "top", top);
  if (at !== undefined && Number.isNaN(at.getTime())) throw invalid("a valid date", "at", at);
  if (territory !== undefined && parseTerritory(territory) === null) {
    throw invalid(expectedTerritory(territory), "territory", territory);
  }
  if (media !== undefined && !/^[a-z][a-z0-9_-]{0,39}$/i.test(media)) {
    throw invalid("a medium such as online or print", "media", media);
  }
  for (const [name, bound] of Object.entries({ minDistance, maxDistance, minResemblance, maxResemblance })) {
    if (!(bound >= 0)) throw invalid("a number of 0 or more", name, bound);
  }
  checkAppearance(appearance);
  const { interocularPx = 0, score = 0, eyeLight = 0, maxYawDegrees = 0 } = floor;
  if (!(eyeLight >= 0)) throw invalid("a number of 0 or more", "floor.eyeLight", eyeLight);
  if (!(maxYawDegrees >= 0)) throw invalid("degrees, 0 or more", "floor.maxYawDegrees", maxYawDegrees);
  if (!(interocularPx >= 0)) throw invalid("pixels, 0 or more", "floor.interocularPx", interocularPx);
  if (!(score >= 0 && score <= 1)) throw invalid("a number from 0 to 1", "floor.score", score);
  checkWeights(weights);
}

function checkWeights(weights: NonNullable<MatchOptions["weights"]>): void {
  for (const [name, weight = 0] of Object.entries(weights)) {
    const isPart = PARTS.some((part) => part.name === name);
    if (!isPart) throw invalid(`one of ${PARTS.map((part) => part.name).join(", ")}`, "weights", name);
    if (!(weight >= 0 && weight <= MOST_WEIGHT))
      throw invalid(`a weight from 0 to ${MOST_WEIGHT}`, `weights.${name}`, weight);
  }
}

function checkAppearance({ age, hair }: AppearanceFilter): void {
  if (age !== undefined && !(age.length === 2 && age[0] <= age[1])) {
    throw invalid("two ages, the lower one first", "appearance.age", age);
  }
  const unknown = hair?.find((color) => !HAIR_COLORS.includes(color));
  if (hair?.length === 0 || unknown !== undefined) {
    throw invalid(`one of ${HAIR_COLORS.join(", ")}`, "appearance.hair", unknown);
  }
}

/** @throws ERR_PROBE_INVALID, ERR_GALLERY_EMBEDDER */
export function checkProbe(
  { embedding, features }: Probe,
  { embedder }: GalleryState,
  embedderId: string | undefined,
): void {
  for (const vector of [embedding, features ?? embedding]) {
    const broken = vector.findIndex((component) => !Number.isFinite(component));
    if (broken >= 0)
      throw badProbe(expected("a finite number", `component ${broken} of the probe`, vector[broken]));
  }
  if (features !== undefined && features.length !== FEATURE_COUNT)
    throw badProbe(expected(`${FEATURE_COUNT} features`, "the probe", features.length));
  if (embedder === null) return;
  if (embedderId !== undefined && embedderId !== embedder.id) throw embedderMismatch(embedder.id, embedderId);
  if (embedding.length === embedder.dimensions) return;
  throw badProbe(expected(`${embedder.dimensions} dimensions`, "the probe", embedding.length));
}

export interface MatchRequest {
  readonly top: number;
  readonly filter: PhotoFilter;
  readonly mask: RowMask | undefined;
  /** Bounds of the distance of embeddings; faces outside are left out. */
  readonly distance: Bounds;
  /** Bounds of resemblance. */
  readonly resemblance: Bounds;
  /** The distance of embeddings of a row, if the search is by resemblance; null: the search is by distance. */
  readonly distanceOf: ((row: number) => number) | null;
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * Maximum number of candidates that are searched for matches inside the bounds. Faces that are close in one measure are
 * mostly close in the other, so the first candidates suffice.
 */
const MOST_ASKED = 16_384;

/** A candidate in the order of the search. */
interface Candidate {
  readonly row: number;
  readonly distance: number;
  readonly resemblance: number | null;
}

/** If this many of the nearest faces are below the lower bound, the faces above it are searched for alone. */
const MOST_BELOW = 1024;

/**
 * The best photos. The number of faces searched grows until enough different files are inside the bounds. Files of equal
 * content are one match, with the first of their paths that passes the filter.
 */
export function findMatches(
  { index, set }: Searcher,
  photos: Photos,
  probe: Float32Array,
  request: MatchRequest,
): readonly Match[] {
  const { top, filter } = request;
  const { least } = orderedBounds(request);
  let { mask } = request;
  const countAvailable = () => Math.min(mask?.count ?? index.size, Math.max(MOST_ASKED, top));
  let available = countAvailable();
  const described = new Map<number, Match | null>();
  const describe = (candidate: Candidate): Match | null => {
    const known = described.get(candidate.row);
    if (known !== undefined) return known;
    const match = describeMatch(photos, set.ids[candidate.row] ?? 0, candidate, filter);
    described.set(candidate.row, match);
    return match;
  };
  for (let wanted = Math.min(available, 2 * top); wanted > 0; wanted = Math.min(available, 4 * wanted)) {
    let neighbours = index.search(probe, wanted, mask);
    if (wanted >= MOST_BELOW && (neighbours.at(-1)?.distance ?? least) < least) {
      mask = maskFrom(set, probe, least, mask);
      available = countAvailable();
      neighbours = index.search(probe, wanted, mask);
    }
    const inside = neighbours.map((found) => toCandidate(found, request)).filter(isInside(request));
    const matches = firstOfFiles(inside, set.contents, top, describe);
    if (matches.length === top || wanted === available || isPast(neighbours.at(-1), request)) return matches;
  }
  return [];
}

function toCandidate({ row, distance }: Neighbour, { distanceOf }: MatchRequest): Candidate {
  if (distanceOf === null) return { row, distance, resemblance: null };
  return { row, distance: distanceOf(row), resemblance: distance };
}

function isInside({ distance, resemblance }: MatchRequest): (candidate: Candidate) => boolean {
  return (candidate) =>
    within(candidate.distance, distance) &&
    (candidate.resemblance === null || within(candidate.resemblance, resemblance));
}

function within(value: number, { least, most }: Bounds): boolean {
  return value >= least && value <= most;
}

/** Whether all later candidates are outside the bounds of the measure that orders them. */
function isPast(last: Neighbour | undefined, request: MatchRequest): boolean {
  return last === undefined || last.distance > orderedBounds(request).most;
}

/** The bounds of the measure that orders the candidates. */
function orderedBounds({ distance, resemblance, distanceOf }: MatchRequest): Bounds {
  return distanceOf === null ? distance : resemblance;
}

/** The allowed rows that are not nearer than `least`. */
function maskFrom(set: VectorSet, probe: Float32Array, least: number, allowed: RowMask | undefined): RowMask {
  const exactProbe = Float64Array.from(probe);
  const bits = new Uint8Array(set.ids.length);
  let count = 0;
  for (let row = 0; row < bits.length; row++) {
    if (allowed !== undefined && allowed.bits[row] !== 1) continue;
    if (distanceTo(set, row, exactProbe) < least) continue;
    bits[row] = 1;
    count++;
  }
  return { bits, count };
}

/** At most `top` matches, one per file. */
function firstOfFiles(
  candidates: readonly Candidate[],
  contents: Uint32Array,
  top: number,
  describe: (candidate: Candidate) => Match | null,
): Match[] {
  const seen = new Set<number>();
  const matches: Match[] = [];
  for (const candidate of candidates) {
    if (matches.length === top) break;
    const content = contents[candidate.row] ?? 0;
    if (seen.has(content)) continue;
    seen.add(content);
    const match = describe(candidate);
    if (match !== null) matches.push(match);
  }
  return matches;
}

function describeMatch(
  photos: Photos,
  faceId: number,
  { distance, resemblance }: Candidate,
  filter: PhotoFilter,
): Match | null {
  const face = photos.findFace(faceId);
  if (face === null) return null;
  const path = photos.pathsOf(face.contentId, filter).find((candidate) => !filter.excluded.has(candidate));
  const photo = path === undefined ? null : photos.find(path);
  const box = photo?.faces[face.position]?.box;
  if (photo === null || box === undefined) return null;
  return { photo, faceIndex: face.position, box, distance, resemblance };
}

function invalid(what: string, name: string, received: unknown): LookalikeError {
  return invalidOption(what, name, received, `Pass ${what} for ${name}.`);
}

function badProbe(message: string): LookalikeError {
  return new LookalikeError("ERR_PROBE_INVALID", message, {
    hint: "Pass the embedding of a face from the gallery's embedder.",
  });
}
