import { type OwnedSegment, shrinkBranches } from "./tree.ts";
import type { BranchConcentration, Segment, SegmentCount } from "./types.ts";

export type Level = "current" | "age" | "residence" | "cell";

/** Segments of one level by `keyOf`. */
export type LevelSegments = ReadonlyMap<string, OwnedSegment>;
/** Probabilities of one level by `keyOf`. */
export type LevelProbabilities = ReadonlyMap<string, Float64Array>;

/** A segment's key in a level; null if the segment lacks a value of the level. */
export function keyOf({ current, age, residence }: Segment, level: Level): string | null {
  const needsAge = level === "age" || level === "cell";
  const needsResidence = level === "residence" || level === "cell";
  if (current < 0 || (needsAge && age < 0) || (needsResidence && residence < 0)) return null;
  return `${current} ${needsAge ? age : "-"} ${needsResidence ? residence : "-"}`;
}

/**
 * Sums the counts of a level's segments and adds the probabilities expected from the level above.
 *
 * @param parents for the `current` level the overall expectation, for all others those of the current
 *   manufacturers
 * @param pairs for the `cell` level: the probabilities of both pairs
 */
export function levelSegments(
  counts: readonly SegmentCount[],
  level: Level,
  parents: LevelProbabilities,
  pairs?: { readonly age: LevelProbabilities; readonly residence: LevelProbabilities },
): LevelSegments {
  const segments = new Map<string, OwnedSegment & { readonly counts: Float64Array }>();
  for (const segment of counts) {
    const key = keyOf(segment, level);
    if (key === null) continue;
    let sums = segments.get(key);
    if (sums === undefined) {
      const above = parents.get(keyOf(segment, "current") as string) as Float64Array;
      const parent = pairs
        ? crossPairs(
            above,
            pairs.age.get(keyOf(segment, "age") as string) ?? above,
            pairs.residence.get(keyOf(segment, "residence") as string) ?? above,
          )
        : above;
      sums = { own: segment.current, counts: new Float64Array(parent.length), parent };
      segments.set(key, sums);
    }
    for (const [i, count] of segment.next.entries()) sums.counts[i] = (sums.counts[i] as number) + count;
  }
  return segments;
}

export function shrinkLevel(segments: LevelSegments, concentration: BranchConcentration): LevelProbabilities {
  return new Map([...segments].map(([key, segment]) => [key, shrinkBranches(segment, concentration)]));
}

/**
 * The expected probabilities of the crossing of two pairs that share the current manufacturer: age and
 * residence multiply the odds independently.
 */
export function crossPairs(above: Float64Array, age: Float64Array, residence: Float64Array): Float64Array {
  const products = above.map((p, i) => ((age[i] as number) * (residence[i] as number)) / p);
  const total = products.reduce((sum, product) => sum + product, 0);
  return products.map((product) => product / total);
}

/**
 * Share of customers by the manufacturer bought next, with half a customer added to each (Jeffreys' prior).
 */
export function overallShares(counts: readonly SegmentCount[], manufacturers: number): Float64Array {
  return smoothedShares(counts, manufacturers, () => true);
}

/**
 * The expected probabilities for a manufacturer's customers before their own counts: they stay at the overall
 * rate, and those who leave distribute like all customers who leave. Shrinking towards the plain overall
 * shares would ignore that people stay.
 */
export function currentParents(counts: readonly SegmentCount[], manufacturers: number): LevelProbabilities {
  const leavers = smoothedShares(counts, manufacturers, (segment, next) => segment.current !== next);
  let stayed = 0.5;
  let all = 1;
  for (const { current, next } of counts) {
    if (current < 0) continue;
    stayed += next[current] ?? 0;
    all += next.reduce((sum, count) => sum + count, 0);
  }
  const loyalty = manufacturers === 1 ? 1 : stayed / all;
  return new Map(
    Array.from(leavers.keys(), (current) => {
      const elsewhere = 1 - (leavers[current] as number);
      const parent = leavers.map((share, next) =>
        next === current ? loyalty : ((1 - loyalty) * share) / elsewhere,
      );
      return [keyOf({ current, age: -1, residence: -1 }, "current") as string, parent] as const;
    }),
  );
}

function smoothedShares(
  counts: readonly SegmentCount[],
  manufacturers: number,
  counted: (segment: Segment, next: number) => boolean,
): Float64Array {
  const shares = new Float64Array(manufacturers).fill(0.5);
  for (const segment of counts) {
    for (const [next, count] of segment.next.entries()) {
      if (counted(segment, next)) shares[next] = (shares[next] as number) + count;
    }
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}
