import { niceStep } from "../../reports/index.ts";
import type { ComparedPair } from "./types.ts";

/** The number of detected pairs per interval of distance. */
export interface DistanceHistogram {
  readonly binWidth: number;
  /** Count per bin, from distance 0. */
  readonly same: readonly number[];
  readonly different: readonly number[];
}

/** Approximate number of bins; the range of distances differs between embedders. */
const BINS = 60;

export function countDistances(pairs: readonly ComparedPair[]): DistanceHistogram {
  const found = pairs.filter((pair) => pair.distance !== null);
  const binWidth = niceStep(found.reduce((max, { distance }) => Math.max(max, distance ?? 0), 0) / BINS);
  const bins = (same: boolean) => {
    const counts: number[] = [];
    for (const pair of found) {
      if (pair.same !== same) continue;
      const bin = Math.floor((pair.distance ?? 0) / binWidth);
      while (counts.length <= bin) counts.push(0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    return counts;
  };
  return { binWidth, same: bins(true), different: bins(false) };
}
