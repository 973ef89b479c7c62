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

/** The rules for judging a split, in quanta of gradients and curvatures. */
export interface SplitRules {
  readonly l2: number;
  readonly minCurvature: number;
}

/** The position of one feature in a leaf's histogram. */
interface Column {
  readonly index: number;
  /** Number of bins, the bin of missing values first. */
  readonly bins: number;
  readonly kind: BinFeature["kind"];
}

/** A leaf to split: pairs of gradient and curvature per bin and feature, and their sums. */
export interface Leaf {
  readonly histogram: Float64Array;
  readonly sums: LeafSums;
}

/**
 * The split with the highest gain `G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2)`, or null if no
 * split has a gain. A number is cut at a bin, with missing values on the side with the higher gain. A
 * category's bins are first ordered by gradient over curvature: the best subset is then a prefix of that
 * order (Fisher 1958).
 *
 * Source: Chen and Guestrin 2016, "XGBoost", section 3; Ke et al. 2017, "LightGBM", section 2.
 *
 * @param columns indices of the features that may be split on
 */
export function findSplit(
  leaf: Leaf,
  features: readonly BinFeature[],
  columns: ArrayLike<number>,
  rules: SplitRules,
): Split | null {
  let best: Split | null = null;
  let gain = 0;
  for (let i = 0; i < columns.length; i++) {
    const index = columns[i] as number;
    const feature = features[index] as BinFeature;
    const column = { index, bins: binCount(feature), kind: feature.kind };
    const found =
      column.kind === "number" ? findCut(leaf, column, rules, gain) : findSubset(leaf, column, rules, gain);
    if (found === null) continue;
    best = found;
    gain = found.gain;
  }
  return best;
}

function findCut(
  { histogram, sums: leaf }: Leaf,
  { index: feature, bins }: Column,
  { l2, minCurvature }: SplitRules,
  atLeast: number,
): Split | null {
  const base = feature * BINS_STRIDE;
  const missing = { gradient: histogram[base] as number, curvature: histogram[base + 1] as number };
  const parent = (leaf.gradient * leaf.gradient) / (leaf.curvature + l2);
  const atLeastGain = Math.max(atLeast, 1e-9 * parent);
  const search = { histogram, base, leaf, parent, l2, minCurvature };
  // Without missing values in the leaf one pass is enough; later missing values go with the larger part.
  if (missing.curvature === 0) {
    const cut = scanCuts(search, { gradient: 0, curvature: 0 }, bins - 1, atLeastGain);
    if (cut === null) return null;
    const missingLeft = cut.left.curvature >= leaf.curvature - cut.left.curvature;
    return { ...cut, feature, missingLeft, set: null };
  }
  const right = scanCuts(search, { gradient: 0, curvature: 0 }, bins, atLeastGain);
  const left = scanCuts(search, missing, bins - 1, right?.gain ?? atLeastGain);
  if (left !== null) return { ...left, feature, missingLeft: true, set: null };
  return right === null ? null : { ...right, feature, missingLeft: false, set: null };
}

interface CutSearch extends SplitRules {
  readonly histogram: Float64Array;
  /** Start of the feature's bins. */
  readonly base: number;
  readonly leaf: LeafSums;
  readonly parent: number;
}

/**
 * The best cut with more than a given gain, or null.
 *
 * @param start sums to the left of every cut: the missing values, or zero
 * @param end the first bin after which no cut is tried
 */
function scanCuts(
  { histogram, base, leaf, parent, l2, minCurvature }: CutSearch,
  start: LeafSums,
  end: number,
  atLeast: number,
): Pick<Split, "gain" | "threshold" | "left"> | null {
  let gain = atLeast;
  let threshold = -1;
  let left = start;
  let g = start.gradient;
  let h = start.curvature;
  for (let bin = 1, at = base + 2; bin < end; bin++, at += 2) {
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
    left = { gradient: g, curvature: h };
  }
  return threshold < 0 ? null : { gain, threshold, left };
}

function findSubset(
  leaf: Leaf,
  column: Column,
  { l2, minCurvature }: SplitRules,
  atLeast: number,
): Split | null {
  const { histogram, sums } = leaf;
  const base = column.index * BINS_STRIDE;
  const present = orderedBins(leaf, column, minCurvature);
  if (present.length < 2) return null;
  const parent = (sums.gradient * sums.gradient) / (sums.curvature + l2);
  let gain = Math.max(atLeast, 1e-9 * parent);
  let size = 0;
  let left = sums;
  let g = 0;
  let h = 0;
  for (let i = 0; i < present.length - 1; i++) {
    const at = base + 2 * (present[i] as number);
    g += histogram[at] as number;
    h += histogram[at + 1] as number;
    const otherCurvature = sums.curvature - h;
    if (h < minCurvature || otherCurvature < minCurvature) continue;
    const other = sums.gradient - g;
    const here = (g * g) / (h + l2) + (other * other) / (otherCurvature + l2) - parent;
    if (here <= gain) continue;
    gain = here;
    size = i + 1;
    left = { gradient: g, curvature: h };
  }
  if (size === 0) return null;
  const set = present.slice(0, size).sort((a, b) => a - b);
  return { gain, feature: column.index, threshold: -1, missingLeft: set[0] === 0, set, left };
}

/** The bins with rows, ordered by gradient over curvature. */
function orderedBins({ histogram, sums }: Leaf, { index, bins }: Column, minCurvature: number): number[] {
  const base = index * BINS_STRIDE;
  const present: number[] = [];
  for (let bin = 0; bin < bins; bin++) if ((histogram[base + 2 * bin + 1] as number) > 0) present.push(bin);
  // Shrunk towards the leaf's own ratio, so that a bin with few rows does not come first by chance.
  const prior = (sums.gradient / sums.curvature) * minCurvature;
  const ratio = Float64Array.from(
    { length: bins },
    (_, bin) =>
      ((histogram[base + 2 * bin] as number) + prior) /
      ((histogram[base + 2 * bin + 1] as number) + minCurvature),
  );
  return present.sort((a, b) => (ratio[a] as number) - (ratio[b] as number) || a - b);
}
