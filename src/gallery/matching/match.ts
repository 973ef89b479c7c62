import { expected, LookalikeError } from "../../core/index.ts";
import type { HairColor } from "../../faces/index.ts";
import { embedderMismatch } from "../indexing/embedder.ts";
import type { Photos } from "../state/photos.ts";
import type { GalleryState } from "../state/store.ts";
import type { AppearanceFilter, Match, MatchOptions } from "../types.ts";
import type { Neighbour, RowMask } from "../vectors/types.ts";
import type { PhotoFilter } from "./filter.ts";
import type { Penalty } from "./resemblance.ts";
import type { Searcher } from "./searcher.ts";

/** @throws ERR_OPTION_INVALID */
export function checkOptions(options: MatchOptions): void {
  const {
    top = 5,
    at,
    territory,
    media,
    maxDistance = 0,
    appearance = {},
    floor = {},
    resemblance,
  } = options;
  if (!Number.isInteger(top) || top < 1) throw invalid("a positive integer", "top", top);
  if (at !== undefined && Number.isNaN(at.getTime())) throw invalid("a valid date", "at", at);
  if (territory !== undefined && !/^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$/.test(territory)) {
    throw invalid("an ISO 3166 code such as NL or US-CA", "territory", territory);
  }
  if (media !== undefined && !/^[a-z][a-z0-9_-]{0,39}$/i.test(media)) {
    throw invalid("a medium such as online or print", "media", media);
  }
  if (!(maxDistance >= 0)) throw invalid("a distance of 0 or more", "maxDistance", maxDistance);
  checkAppearance(appearance);
  const { interocularPx = 0, score = 0 } = floor;
  if (!(interocularPx >= 0)) throw invalid("pixels, 0 or more", "floor.interocularPx", interocularPx);
  if (!(score >= 0 && score <= 1)) throw invalid("a number from 0 to 1", "floor.score", score);
  for (const name of ["age", "hair", "smile"] as const) {
    const weight = resemblance?.[name] ?? 0;
    if (!(weight >= 0 && weight < Infinity)) {
      throw invalid("a weight of 0 or more", `resemblance.${name}`, weight);
    }
  }
}

const HAIR_COLORS: ReadonlySet<HairColor> = new Set([
  "black",
  "brown",
  "blond",
  "red",
  "grey",
  "bald",
  "unknown",
]);

function checkAppearance({ age, hair }: AppearanceFilter): void {
  if (age !== undefined && !(age.length === 2 && age[0] <= age[1])) {
    throw invalid("two ages, the lower one first", "appearance.age", age);
  }
  const unknown = hair?.find((color) => !HAIR_COLORS.has(color));
  if (hair?.length === 0 || unknown !== undefined) {
    throw invalid(`one of ${[...HAIR_COLORS].join(", ")}`, "appearance.hair", unknown);
  }
}

/** @throws ERR_PROBE_INVALID, ERR_GALLERY_EMBEDDER */
export function checkProbe(
  probe: Float32Array,
  { embedder }: GalleryState,
  embedderId: string | undefined,
): void {
  const broken = probe.findIndex((component) => !Number.isFinite(component));
  if (broken >= 0)
    throw badProbe(expected("a finite number", `component ${broken} of the probe`, probe[broken]));
  if (embedder === null) return;
  if (embedderId !== undefined && embedderId !== embedder.id) throw embedderMismatch(embedder.id, embedderId);
  if (probe.length === embedder.dimensions) return;
  throw badProbe(expected(`${embedder.dimensions} dimensions`, "the probe", probe.length));
}

export interface MatchRequest {
  readonly top: number;
  readonly filter: PhotoFilter;
  readonly mask: RowMask | undefined;
  /** Farther faces are left out. */
  readonly maxDistance: number;
  /** What is added to a row's distance: 0 or more. */
  readonly penalty: Penalty | null;
}

interface Scored extends Neighbour {
  readonly score: number;
}

/**
 * The photos of the lowest score: faces are asked for by distance, in growing numbers, until enough different files
 * are among them and no face farther away can have a lower score, which is never below its distance (the threshold
 * algorithm, Fagin et al. 2003). Files of equal content are one match, shown as the first of their paths that passes
 * the filter.
 */
export function findMatches(
  { index, set }: Searcher,
  photos: Photos,
  probe: Float32Array,
  request: MatchRequest,
): readonly Match[] {
  const { top, filter, mask, maxDistance, penalty } = request;
  const available = mask?.count ?? index.size;
  const described = new Map<number, Match | null>();
  const describe = (scored: Scored): Match | null => {
    const known = described.get(scored.row);
    if (known !== undefined) return known;
    const match = describeMatch(photos, set.ids[scored.row] ?? 0, scored, filter);
    described.set(scored.row, match);
    return match;
  };
  for (let asked = Math.min(available, (penalty === null ? 2 : 8) * top); asked > 0; ) {
    const neighbours = index.search(probe, asked, mask);
    const reach = neighbours.at(-1)?.distance ?? Number.POSITIVE_INFINITY;
    const scored = neighbours
      .filter(({ distance }) => distance <= maxDistance)
      .map((neighbour) => ({ ...neighbour, score: neighbour.distance + (penalty?.(neighbour.row) ?? 0) }))
      .sort((a, b) => a.score - b.score || a.distance - b.distance || a.row - b.row);
    const matches = firstOfFiles(scored, set.contents, top, describe);
    const isSettled = matches.length === top && (matches.at(-1)?.score ?? 0) <= reach;
    if (isSettled || asked === available || reach > maxDistance) return matches;
    asked = Math.min(available, 4 * asked);
  }
  return [];
}

/** At most `top` matches, one per file. */
function firstOfFiles(
  scored: readonly Scored[],
  contents: Uint32Array,
  top: number,
  describe: (scored: Scored) => Match | null,
): Match[] {
  const seen = new Set<number>();
  const matches: Match[] = [];
  for (const candidate of scored) {
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
  { distance, score }: Scored,
  filter: PhotoFilter,
): Match | null {
  const face = photos.findFace(faceId);
  if (face === null) return null;
  const path = photos.pathsOf(face.contentId, filter).find((candidate) => !filter.excluded.has(candidate));
  const photo = path === undefined ? null : photos.find(path);
  const box = photo?.faces[face.position]?.box;
  if (photo === null || box === undefined) return null;
  return { photo, faceIndex: face.position, box, distance, score };
}

function invalid(what: string, name: string, received: unknown): LookalikeError {
  return new LookalikeError("ERR_OPTION_INVALID", expected(what, name, received), {
    hint: `Pass ${what} for ${name}.`,
  });
}

function badProbe(message: string): LookalikeError {
  return new LookalikeError("ERR_PROBE_INVALID", message, {
    hint: "Pass the embedding of a face, made by the gallery's embedder.",
  });
}
