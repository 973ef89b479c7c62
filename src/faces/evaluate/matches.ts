import { euclideanDistance } from "../distance.ts";
import type { PersonPhoto } from "./types.ts";

/** Whether a photo's person gets a match: a photo of another person inside the bounds. */
export interface MatchOutcome {
  readonly person: string;
  /**
   * False: the person gets the default, because no other person is inside the bounds or the photo shows no
   * face.
   */
  readonly matched: boolean;
}

/**
 * Which customers get a match if the first photo of each person is the inventory, every photo is a
 * customer's, and a match is another person at a distance from `least` to `most`. The same bounds give groups
 * of people different match rates, because faces of some groups lie closer together than those of others.
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
