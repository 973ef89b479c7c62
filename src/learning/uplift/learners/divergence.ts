import { type Random, randomPermutation } from "../../../core/index.ts";
import { type BinFeature, binCount } from "../../features/bins.ts";
import type { EncodedExperiment } from "../experiment.ts";

/** The split of a forest's tree: the one after which the arms' mean outcomes differ most. */

/** Minimum number of rows of every arm in a leaf, in the half on which the tree is grown. */
const MIN_ARM_ROWS = 50;

/** The data on which all trees of a forest are grown. */
export interface ForestData {
  readonly experiment: EncodedExperiment;
  /** Bins of each feature. */
  readonly columns: readonly Uint8Array[];
  /** Weight of a row: its arm's share divided by its own probability; null: all 1. */
  readonly weights: Float64Array | null;
}

/** Sums per arm: the weights of its rows and their weighted outcomes; two numbers per arm. */
export type ArmSums = Float64Array;

export function sumOver({ experiment, weights }: ForestData, rows: Uint32Array): ArmSums {
  const sums = new Float64Array(2 * experiment.labels.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const at = 2 * (experiment.arms[row] as number);
    const weight = weights === null ? 1 : (weights[row] as number);
    sums[at] = (sums[at] as number) + weight;
    sums[at + 1] = (sums[at + 1] as number) + weight * (experiment.outcomes[row] as number);
  }
  return sums;
}

export interface DivergenceSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly set: readonly number[] | null;
}

/**
 * The split after which the arms differ most, among a random part of the features; null if none is allowed.
 */
export function findDivergence(
  { experiment, columns, weights }: ForestData,
  rows: Uint32Array,
  random: Random,
): DivergenceSplit | null {
  const arms = experiment.labels.length;
  const { features } = experiment.bins;
  const tried = randomPermutation(features.length, random).subarray(
    0,
    Math.ceil(Math.sqrt(features.length)) + 1,
  );
  const histogram = new Float64Array(256 * 2 * arms);
  let best: DivergenceSplit | null = null;
  let highest = 0;
  for (const index of tried) {
    const feature = features[index] as BinFeature;
    const bins = columns[index] as Uint8Array;
    histogram.fill(0);
    const total = new Float64Array(2 * arms);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      const arm = experiment.arms[row] as number;
      const weight = weights === null ? 1 : (weights[row] as number);
      const outcome = weight * (experiment.outcomes[row] as number);
      const at = 2 * ((bins[row] as number) * arms + arm);
      histogram[at] = (histogram[at] as number) + weight;
      histogram[at + 1] = (histogram[at + 1] as number) + outcome;
      total[2 * arm] = (total[2 * arm] as number) + weight;
      total[2 * arm + 1] = (total[2 * arm + 1] as number) + outcome;
    }
    const order = orderBins(histogram, binCount(feature), arms, feature.kind === "category");
    const found = scanOrder(histogram, order, total, highest);
    if (found === null) continue;
    highest = found.gain;
    const taken = order.slice(0, found.size);
    best =
      feature.kind === "category"
        ? { feature: index, threshold: -1, missingLeft: taken.includes(0), set: taken.sort((a, b) => a - b) }
        : { feature: index, threshold: Math.max(...taken), missingLeft: taken.includes(0), set: null };
  }
  return best;
}

/** Bins with rows: numbers ascending with missing values first, categories by the difference between arms. */
function orderBins(histogram: Float64Array, bins: number, arms: number, isCategory: boolean): number[] {
  const present: number[] = [];
  const gap = new Float64Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    let rows = 0;
    let offered = 0;
    let outcome = 0;
    for (let arm = 0; arm < arms; arm++) {
      const count = histogram[2 * (bin * arms + arm)] as number;
      rows += count;
      if (arm === 0) continue;
      offered += count;
      outcome += histogram[2 * (bin * arms + arm) + 1] as number;
    }
    if (rows === 0) continue;
    present.push(bin);
    const none = (histogram[2 * bin * arms + 1] as number) / Math.max(1, histogram[2 * bin * arms] as number);
    gap[bin] = outcome / Math.max(1, offered) - none;
  }
  if (isCategory) present.sort((a, b) => (gap[a] as number) - (gap[b] as number) || a - b);
  return present;
}

/** @returns the number of bins of the order that go left, and the gain, if it is above `atLeast` */
function scanOrder(
  histogram: Float64Array,
  order: readonly number[],
  total: ArmSums,
  atLeast: number,
): { readonly size: number; readonly gain: number } | null {
  const left = new Float64Array(total.length);
  const right = Float64Array.from(total);
  const before = divergence(total) * rowsOf(total);
  let gain = atLeast;
  let size = 0;
  for (let i = 0; i < order.length - 1; i++) {
    const base = (order[i] as number) * total.length;
    for (let k = 0; k < total.length; k++) {
      const value = histogram[base + k] as number;
      left[k] = (left[k] as number) + value;
      right[k] = (right[k] as number) - value;
    }
    if (fewest(left) < MIN_ARM_ROWS) continue;
    if (fewest(right) < MIN_ARM_ROWS) break;
    const here = divergence(left) * rowsOf(left) + divergence(right) * rowsOf(right) - before;
    if (here <= gain) continue;
    gain = here;
    size = i + 1;
  }
  return size === 0 ? null : { size, gain };
}

/** Squared differences between the mean outcomes of every two arms; those with the control count twice. */
function divergence(sums: ArmSums): number {
  const arms = sums.length / 2;
  let distance = 0;
  for (let a = 1; a < arms; a++) {
    const mean = (sums[2 * a + 1] as number) / (sums[2 * a] as number);
    for (let b = 0; b < a; b++) {
      const gap = mean - (sums[2 * b + 1] as number) / (sums[2 * b] as number);
      distance += (b === 0 ? 2 : 1) * gap * gap;
    }
  }
  return distance;
}

function rowsOf(sums: ArmSums): number {
  let rows = 0;
  for (let at = 0; at < sums.length; at += 2) rows += sums[at] as number;
  return rows;
}

function fewest(sums: ArmSums): number {
  let rows = Number.POSITIVE_INFINITY;
  for (let at = 0; at < sums.length; at += 2) rows = Math.min(rows, sums[at] as number);
  return rows;
}
