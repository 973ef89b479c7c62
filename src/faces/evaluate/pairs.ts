import { createRandom, randomPermutation } from "../../core/index.ts";
import { euclideanDistance } from "../distance.ts";
import type { ComparedPair, PersonPhoto } from "./types.ts";

/** Two photos that are not compared yet. */
export interface PhotoPair<T> {
  /** null: assigned at random. */
  readonly fold: string | null;
  readonly a: T;
  readonly b: T;
  readonly same: boolean;
}

/**
 * All pairs of the same person, and all pairs of different people; of more than `maxDifferent` of the latter,
 * as many drawn at random without repeats.
 */
export function pairUp<T extends { readonly person: string }>(
  photos: readonly T[],
  { maxDifferent, seed }: { readonly maxDifferent: number; readonly seed: number },
): PhotoPair<T>[] {
  const same: PhotoPair<T>[] = [];
  const earlier = new Map<string, T[]>();
  for (const b of photos) {
    const others = earlier.get(b.person) ?? [];
    for (const a of others) same.push({ fold: null, a, b, same: true });
    earlier.set(b.person, [...others, b]);
  }
  const total = (photos.length * (photos.length - 1)) / 2 - same.length;
  return [
    ...same,
    ...(total <= maxDifferent ? allDifferent(photos) : drawDifferent(photos, maxDifferent, seed)),
  ];
}

function allDifferent<T extends { readonly person: string }>(photos: readonly T[]): PhotoPair<T>[] {
  return photos.flatMap((a, i) =>
    photos
      .slice(i + 1)
      .filter((b) => b.person !== a.person)
      .map((b) => ({ fold: null, a, b, same: false })),
  );
}

function drawDifferent<T extends { readonly person: string }>(
  photos: readonly T[],
  count: number,
  seed: number,
): PhotoPair<T>[] {
  const random = createRandom(seed);
  const drawn = new Map<number, PhotoPair<T>>();
  while (drawn.size < count) {
    const [i, j] = [Math.floor(random() * photos.length), Math.floor(random() * photos.length)];
    const [a, b] = [photos[Math.min(i, j)], photos[Math.max(i, j)]];
    if (!a || !b || a.person === b.person) continue;
    drawn.set(Math.min(i, j) * photos.length + Math.max(i, j), { fold: null, a, b, same: false });
  }
  return [...drawn.values()];
}

/** Assigns pairs without a fold to `folds` of them at random, same and different pairs evenly. */
export function assignFolds<T extends { readonly fold: string | null; readonly same: boolean }>(
  pairs: readonly T[],
  { folds, seed }: { readonly folds: number; readonly seed: number },
): (T & { readonly fold: string })[] {
  const random = createRandom(seed);
  const assigned = new Map<boolean, number>([
    [true, 0],
    [false, 0],
  ]);
  const foldOf = new Array<string>(pairs.length);
  for (const index of randomPermutation(pairs.length, random)) {
    const pair = pairs[index] as T;
    const count = assigned.get(pair.same) ?? 0;
    foldOf[index] = pair.fold ?? String((count % folds) + 1);
    assigned.set(pair.same, count + 1);
  }
  return pairs.map((pair, i) => ({ ...pair, fold: foldOf[i] as string }));
}

/** Measures the distance between two described photos. */
export function comparePhotos({ fold, a, b, same }: PhotoPair<PersonPhoto> & { fold: string }): ComparedPair {
  const distance = a.embedding && b.embedding ? euclideanDistance(a.embedding, b.embedding) : null;
  const known = typeof a.quality === "number" && typeof b.quality === "number";
  const quality = known ? Math.min(a.quality as number, b.quality as number) : null;
  return { fold, same, distance, quality, people: [a.person, b.person] };
}
