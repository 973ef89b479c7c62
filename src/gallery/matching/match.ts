import { expected, LookalikeError } from "../../errors.ts";
import { embedderMismatch } from "../indexing/run.ts";
import type { Photos } from "../state/photos.ts";
import type { GalleryState } from "../state/store.ts";
import type { Match, MatchOptions } from "../types.ts";
import type { Neighbour, RowMask } from "../vectors/types.ts";
import type { PhotoFilter } from "./filter.ts";
import type { Searcher } from "./searcher.ts";

/** @throws ERR_OPTION_INVALID */
export function checkOptions(options: MatchOptions): void {
  const { top = 5, at, territory, media } = options;
  if (!Number.isInteger(top) || top < 1) throw invalid("a positive integer", "top", top);
  if (at !== undefined && Number.isNaN(at.getTime())) throw invalid("a valid date", "at", at);
  if (territory !== undefined && !/^[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?$/.test(territory)) {
    throw invalid("an ISO 3166 code such as NL or US-CA", "territory", territory);
  }
  if (media !== undefined && !/^[a-z][a-z0-9_-]{0,39}$/i.test(media)) {
    throw invalid("a medium such as online or print", "media", media);
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

/**
 * The nearest photos: faces are asked for in growing numbers until enough different files are among them. Files of
 * equal content are one match, shown as the first of their paths that passes the filter.
 */
export function findMatches(
  { index, set }: Searcher,
  photos: Photos,
  probe: Float32Array,
  request: { readonly top: number; readonly filter: PhotoFilter; readonly mask: RowMask | undefined },
): readonly Match[] {
  const { top, filter, mask } = request;
  const available = mask?.count ?? index.size;
  const matches = new Map<number, Match | null>();
  let found = 0;
  for (let asked = 0; found < top && asked < available; ) {
    asked = Math.min(available, asked === 0 ? 2 * top : 4 * asked);
    for (const neighbour of index.search(probe, asked, mask)) {
      const content = set.contents[neighbour.row] ?? 0;
      if (found === top || matches.has(content)) continue;
      const match = describeMatch(photos, set.ids[neighbour.row] ?? 0, neighbour, filter);
      matches.set(content, match);
      if (match !== null) found++;
    }
  }
  return [...matches.values()].filter((match) => match !== null).sort((a, b) => a.distance - b.distance);
}

function describeMatch(
  photos: Photos,
  faceId: number,
  neighbour: Neighbour,
  filter: PhotoFilter,
): Match | null {
  const { distance } = neighbour;
  const face = photos.findFace(faceId);
  if (face === null) return null;
  const path = photos.pathsOf(face.contentId, filter).find((candidate) => !filter.excluded.has(candidate));
  const photo = path === undefined ? null : photos.find(path);
  const box = photo?.faces[face.position]?.box;
  return photo === null || box === undefined ? null : { photo, faceIndex: face.position, box, distance };
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
