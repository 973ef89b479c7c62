import { euclideanDistance } from "../distance.ts";
import type { PersonPhoto } from "./types.ts";

/** Whether a photo's person gets a match: somebody else's photo inside the bounds. */
export interface MatchOutcome {
  readonly person: string;
  /** False: the person gets the default, as no other person is inside the bounds or the photo shows no face. */
  readonly matched: boolean;
}

/**
 * Who gets a match when the first photo of each person is the inventory, every photo is a customer's, and a match is
 * somebody else at a distance from `least` to `most`. The same distances serve groups of people unequally, since faces of
 * some groups lie closer together than those of others.
 */
export function evaluateMatches(
  photos: readonly PersonPhoto[],
  { least, most }: { readonly least: number; readonly most: number },
): readonly MatchOutcome[] {
  const inventory = new Map<string, Float32Array>();
  for (const { person, embedding } of photos)
    if (embedding !== null && !inventory.has(person)) inventory.set(person, embedding);
  return photos.map(({ person, embedding }) => ({
    person,
    matched:
      embedding !== null &&
      [...inventory].some(
        ([other, face]) => other !== person && isInside(euclideanDistance(embedding, face)),
      ),
  }));

  function isInside(distance: number): boolean {
    return distance >= least && distance <= most;
  }
}
