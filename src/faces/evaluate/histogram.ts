import type { ComparedPair } from "./types.ts";

/** How many detected pairs lie at which distance. */
export interface DistanceHistogram {
  readonly binWidth: number;
  /** Per bin, from distance 0. */
  readonly same: readonly number[];
  readonly different: readonly number[];
}

const BIN_WIDTH = 0.02;

export function countDistances(pairs: readonly ComparedPair[]): DistanceHistogram {
  const bins = (same: boolean) => {
    const counts: number[] = [];
    for (const pair of pairs) {
      if (pair.same !== same || pair.distance === null) continue;
      const bin = Math.floor(pair.distance / BIN_WIDTH);
      while (counts.length <= bin) counts.push(0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { binWidth: BIN_WIDTH, same: bins(true), different: bins(false) };
}
