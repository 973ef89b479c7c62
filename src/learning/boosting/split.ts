import { type BinFeature, binCount } from "../features/bins.ts";
import { BINS_STRIDE } from "./histogram.ts";

/** Sums over the rows of a leaf, in quanta. */
export interface LeafSums {
  readonly gradient: number;
  readonly curvature: number;
}

export interface Split {
  readonly gain: number;
  readonly feature: number;
  /** The highest bin that goes left; -1 for a category. */
  readonly threshold: number;
  readonly missingLeft: boolean;
  /** Bins that go left, for a category; null for a number. */
  readonly set: readonly number[] | null;
  readonly left: LeafSums;
}

/** Everything that a split is judged by, in quanta of the gradients and curvatures. */
export interface SplitRules {
  readonly l2: number;
  readonly minCurvature: number;
}

/**
 * The split of the highest gain `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)`, or null where none gains
 * anything. A number is cut at a bin, with the missing on the side where they gain more. A category's bins are
 * ordered by their gradient over curvature first: then the best subset is a prefix of that order (Fisher 1958).
 *
 * Source: Chen and Guestrin 2016, "XGBoost", section 3; Ke et al. 2017, "LightGBM", section 2.
 *
 * @param columns indices of the features that may be split on
 */
export function findSplit(
  histogram: Float64Array,
  features: readonly BinFeature[],
  columns: ArrayLike<number>,
  leaf: LeafSums,
  rules: SplitRules,
): Split | null {
  let best: Split | null = null;
  let gain = 0;
  for (let i = 0; i < columns.length; i++) {
    const index = columns[i] as number;
    const feature = features[index] as BinFeature;
    const search = feature.kind === "number" ? findCut : findSubset;
    const found = search(histogram, index, binCount(feature), leaf, rules, gain);
    if (found === null) continue;
    best = found;
    gain = found.gain;
  }
  return best;
}

function findCut(
  histogram: Float64Array,
  feature: number,
  bins: number,
  leaf: LeafSums,
  { l2, minCurvature }: SplitRules,
  atLeast: number,
): Split | null {
  const base = feature * BINS_STRIDE;
  const missing = { gradient: histogram[base] as number, curvature: histogram[base + 1] as number };
  const parent = (leaf.gradient * leaf.gradient) / (leaf.curvature + l2);
  let gain = Math.max(atLeast, 1e-9 * parent);
  let threshold = -1;
  let missingLeft = false;
  let left = leaf;
  // Without missing values in the leaf, one pass says it all.
  const passes = missing.curvature > 0 ? 2 : 1;
  for (let pass = 0; pass < passes; pass++) {
    let g = pass === 1 ? missing.gradient : 0;
    let h = pass === 1 ? missing.curvature : 0;
    for (let bin = 1, at = base + 2; bin < bins - 1 + (pass === 0 && passes === 2 ? 1 : 0); bin++, at += 2) {
      const curvature = histogram[at + 1] as number;
      if (curvature === 0) continue;
      g += histogram[at] as number;
      h += curvature;
      if (h < minCurvature) continue;
      const otherCurvature = leaf.curvature - h;
      if (otherCurvature < minCurvature) break;
      const other = leaf.gradient - g;
      const here = (g * g) / (h + l2) + (other * other) / (otherCurvature + l2) - parent;
      if (here <= gain) continue;
      gain = here;
      threshold = bin;
      // Where training saw nothing missing, it will go with the larger part.
      missingLeft = passes === 1 ? h >= otherCurvature : pass === 1;
      left = { gradient: g, curvature: h };
    }
  }
  return threshold < 0 ? null : { gain, feature, threshold, missingLeft, set: null, left };
}

function findSubset(
  histogram: Float64Array,
  feature: number,
  bins: number,
  leaf: LeafSums,
  { l2, minCurvature }: SplitRules,
  atLeast: number,
): Split | null {
  const base = feature * BINS_STRIDE;
  const present: number[] = [];
  for (let bin = 0; bin < bins; bin++) if ((histogram[base + 2 * bin + 1] as number) > 0) present.push(bin);
  if (present.length < 2) return null;
  // Drawn towards the leaf's own ratio, so that a bin of few rows does not lead the order by chance.
  const prior = (leaf.gradient / leaf.curvature) * minCurvature;
  const ratio = Float64Array.from(
    { length: bins },
    (_, bin) =>
      ((histogram[base + 2 * bin] as number) + prior) /
      ((histogram[base + 2 * bin + 1] as number) + minCurvature),
  );
  present.sort((a, b) => (ratio[a] as number) - (ratio[b] as number) || a - b);
  const parent = (leaf.gradient * leaf.gradient) / (leaf.curvature + l2);
  let gain = Math.max(atLeast, 1e-9 * parent);
  let size = 0;
  let left = leaf;
  let g = 0;
  let h = 0;
  for (let i = 0; i < present.length - 1; i++) {
    const at = base + 2 * (present[i] as number);
    g += histogram[at] as number;
    h += histogram[at + 1] as number;
    const otherCurvature = leaf.curvature - h;
    if (h < minCurvature || otherCurvature < minCurvature) continue;
    const other = leaf.gradient - g;
    const here = (g * g) / (h + l2) + (other * other) / (otherCurvature + l2) - parent;
    if (here <= gain) continue;
    gain = here;
    size = i + 1;
    left = { gradient: g, curvature: h };
  }
  if (size === 0) return null;
  const set = present.slice(0, size).sort((a, b) => a - b);
  return { gain, feature, threshold: -1, missingLeft: set[0] === 0, set, left };
}
