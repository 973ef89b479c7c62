import { isCopy, type PictureHash } from "../../io/image/index.ts";
import type { PhotoRelease } from "../types.ts";
import type { VectorSet } from "../vectors/types.ts";

/** A photo with a release of its own, or without one. */
export interface PhotoPicture {
  readonly path: string;
  readonly contentId: number;
  readonly picture: PictureHash | null;
}

export interface ReleasedPhoto extends PhotoPicture {
  readonly release: PhotoRelease;
}

/** The release that a copy inherits. */
export interface Original {
  /** Path of the original photo; of several, the one whose release ends first. */
  readonly of: string;
  readonly release: PhotoRelease;
  /** The release in its stored form. */
  readonly text: string;
}

/**
 * Faces closer than this are from one picture, even if it was cropped or rotated (docs/faces.md, "Copies of a picture").
 * About one in 20 pairs of different photos of one person in one sitting is as close.
 */
const SAME_PICTURE_DISTANCE = 0.1;
/** Maximum number of face comparisons, a few seconds; beyond it only pictures are compared. */
const MOST_PAIRS = 2e7;

/**
 * Finds the photos without a release that are copies of photos with one: files of equal content, pictures with similar
 * hashes, and pictures whose faces are closer than `SAME_PICTURE_DISTANCE`.
 *
 * @returns the originals of the copies, by path
 */
export function findOriginals(
  released: readonly ReleasedPhoto[],
  others: readonly PhotoPicture[],
  set: VectorSet,
): ReadonlyMap<string, Original> {
  const found = new Map<string, Original>();
  if (released.length === 0) return found;
  const rowsOf = rowsByContent(set);
  const count = (photos: readonly PhotoPicture[]) =>
    photos.reduce((sum, { contentId }) => sum + (rowsOf.get(contentId)?.length ?? 0), 0);
  const comparesFaces = count(released) * count(others) <= MOST_PAIRS;
  for (const photo of others) {
    const originals = released.filter(
      (original) =>
        original.contentId === photo.contentId ||
        isSamePicture(original, photo) ||
        (comparesFaces && showsSameShot(set, rowsOf.get(original.contentId), rowsOf.get(photo.contentId))),
    );
    const original = strictest(originals);
    if (original !== null) found.set(photo.path, original);
  }
  return found;
}

function isSamePicture({ picture: a }: PhotoPicture, { picture: b }: PhotoPicture): boolean {
  return a !== null && b !== null && isCopy(a, b);
}

function rowsByContent({ contents }: VectorSet): ReadonlyMap<number, readonly number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < contents.length; row++) {
    const content = contents[row] ?? 0;
    const known = rows.get(content);
    if (known === undefined) rows.set(content, [row]);
    else known.push(row);
  }
  return rows;
}

function showsSameShot(
  { vectors, dimensions }: VectorSet,
  left: readonly number[] = [],
  right: readonly number[] = [],
): boolean {
  const bound = SAME_PICTURE_DISTANCE ** 2;
  return left.some((a) =>
    right.some((b) => {
      let sum = 0;
      for (let d = 0; d < dimensions && sum <= bound; d++) {
        sum += ((vectors[a * dimensions + d] ?? 0) - (vectors[b * dimensions + d] ?? 0)) ** 2;
      }
      return sum <= bound;
    }),
  );
}

/** The combined limits of all releases, with the id of the one that ends first. */
function strictest(originals: readonly ReleasedPhoto[]): Original | null {
  const [first] = originals.toSorted((a, b) => endOf(a.release) - endOf(b.release));
  if (first === undefined) return null;
  const releases = originals.map(({ release }) => release);
  const dates = releases.flatMap(({ expires }) => (expires === null ? [] : [expires.getTime()]));
  const territories = common(releases.map((release) => release.territories));
  const media = common(releases.map((release) => release.media ?? []));
  // Releases without a common territory or medium allow nothing.
  const isNowhere = territories === null || media === null;
  const withdrawn = releases.find((release) => release.withdrawn != null)?.withdrawn ?? null;
  const release: PhotoRelease = {
    id: first.release.id,
    expires: dates.length === 0 ? null : new Date(Math.min(...dates)),
    territories: territories ?? [],
    withdrawn: withdrawn ?? (isNowhere ? new Date(0) : null),
    media: media ?? [],
  };
  return { of: first.path, release, text: JSON.stringify(release) };
}

function endOf({ withdrawn, expires }: PhotoRelease): number {
  if (withdrawn != null) return Number.NEGATIVE_INFINITY;
  return expires?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** Entries that all non-empty lists have in common; null: there are such lists but no common entry. */
function common(lists: readonly (readonly string[])[]): readonly string[] | null {
  const limited = lists.filter((list) => list.length > 0);
  const [first = [], ...rest] = limited;
  const shared = first.filter((entry) => rest.every((list) => list.includes(entry)));
  return limited.length > 0 && shared.length === 0 ? null : shared;
}
