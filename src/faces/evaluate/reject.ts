import type { ComparedPair, RejectCurve, RejectPoint } from "./types.ts";

/** Number of points of the curve, at equal shares of the same pairs. */
const STEPS = 101;
/** The relevant part of the curve: rejecting more than half is not practical. */
const USEFUL = 0.2;

/**
 * Error versus reject: the false non-match rate when same pairs with the lowest quality are rejected first. An
 * undetected face has the lowest quality. Pairs of equal quality are rejected together, in proportion.
 *
 * Source: Grother and Tabassi 2007, 'Performance of biometric quality measures', IEEE PAMI 29(4).
 *
 * @returns null if no pair has a quality, or no same pair is rejected falsely
 *
 * @example
 * const curve = errorVersusReject(pairs, 0.6);
 */
export function errorVersusReject(pairs: readonly ComparedPair[], threshold: number): RejectCurve | null {
  const measured = pairs.some(({ quality }) => typeof quality === "number");
  const same = pairs
    .filter((pair) => pair.same)
    .map(({ distance, quality }) => ({
      quality: distance === null ? -Infinity : (quality ?? Infinity),
      missed: distance === null || distance >= threshold,
    }))
    .toSorted((a, b) => (a.quality === b.quality ? 0 : a.quality - b.quality));
  const missed = same.filter((pair) => pair.missed).length;
  if (!measured || missed === 0) return null;
  const missedUpTo = cumulateTies(same);
  const points = Array.from({ length: STEPS - 1 }, (_, step): RejectPoint => {
    const rejected = (step / (STEPS - 1)) * same.length;
    return {
      rejected: step / (STEPS - 1),
      falseNonMatch: (missed - missedUpTo(rejected)) / (same.length - rejected),
    };
  });
  const useful = points.filter(({ rejected }) => rejected <= USEFUL);
  const average = useful.reduce((sum, point) => sum + point.falseNonMatch, 0) / useful.length;
  return { threshold, points, remaining: average / (missed / same.length) };
}

/** Number of false rejects among the first pairs, for any (fractional) number of them; ties are shared evenly. */
function cumulateTies(
  sorted: readonly { readonly quality: number; readonly missed: boolean }[],
): (count: number) => number {
  const ends: { count: number; missed: number }[] = [{ count: 0, missed: 0 }];
  let missed = 0;
  sorted.forEach((pair, i) => {
    if (pair.missed) missed++;
    if (sorted[i + 1]?.quality !== pair.quality) ends.push({ count: i + 1, missed });
  });
  return (count) => {
    const next = ends.findIndex((end) => end.count >= count);
    const [from, to] = [ends[Math.max(0, next - 1)], ends[next]];
    if (!from || !to || to.count === from.count) return to?.missed ?? 0;
    return from.missed + ((to.missed - from.missed) * (count - from.count)) / (to.count - from.count);
  };
}
