import { createRandom, type Random, randomPermutation } from "../../../random.ts";
import { sidesOf } from "../../boosting/grow.ts";
import type { Tree } from "../../boosting/types.ts";
import { type BinFeature, binCount, getFeature } from "../../features/bins.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

const TREES = 60;
/** Rows that a tree is grown and filled on, at the most. */
const MAX_TREE_ROWS = 100_000;
const MAX_DEPTH = 6;
/** Rows of every arm that a leaf needs, in the half that the tree is grown on. */
const MIN_ARM_ROWS = 50;
/** Rows at which a leaf's difference counts half, the parent's the other half. */
const PRIOR_ROWS = 200;

/**
 * A forest for any number of arms: each tree splits where the squared Euclidean divergence between the arms' mean
 * outcomes grows most, and its leaves are honest: the means are those of rows that played no part in the splits.
 *
 * Source: Rzepakowski and Jaroszewicz 2012, "Decision trees for uplift modeling with single and multiple treatments",
 * Knowledge and Information Systems 32; honesty: Athey and Imbens 2016, PNAS 113.
 */
export function fitForest({ experiment, rows, seed }: LearnerInput): FittedLearner {
  const random = createRandom(seed);
  const columns = experiment.bins.features.map((_, feature) => getFeature(experiment.binned, feature));
  const weights = inverseOwn(experiment);
  const data: ForestData = { experiment, columns, weights };
  const trees = Array.from({ length: TREES }, () => growTree(data, rows, random));
  return {
    none: { kind: "forest", output: 0 },
    arms: experiment.labels.slice(1).map((_, i) => ({
      predicts: "outcome",
      model: { kind: "forest", output: i + 1 },
    })),
    forest: trees,
  };
}

interface ForestData {
  readonly experiment: EncodedExperiment;
  /** Bins by feature. */
  readonly columns: readonly Uint8Array[];
  /** What a row counts: its arm's share over its own probability; null: all 1. */
  readonly weights: Float64Array | null;
}

function inverseOwn({ propensities, arms }: EncodedExperiment): Float64Array | null {
  const { own, shares } = propensities;
  return own === null
    ? null
    : own.map((probability, row) => (shares[arms[row] as number] as number) / probability);
}

/** Sums per arm: what its rows count, and their weighted outcomes; two numbers per arm. */
type ArmSums = Float64Array;

interface Grown {
  readonly feature: number[];
  readonly threshold: number[];
  readonly missingLeft: number[];
  readonly sets: (readonly number[])[];
  readonly left: number[];
  readonly right: number[];
  readonly values: number[];
}

function growTree(data: ForestData, all: Uint32Array, random: Random): Tree {
  const shuffled = randomPermutation(all.length, random);
  const size = Math.min(MAX_TREE_ROWS, Math.floor(all.length * 0.6));
  const drawn = shuffled.subarray(0, size).map((i) => all[i] as number);
  const half = size >> 1;
  const grown: Grown = {
    feature: [],
    threshold: [],
    missingLeft: [],
    sets: [],
    left: [],
    right: [],
    values: [],
  };
  const root = {
    growing: drawn.subarray(0, half),
    filling: drawn.subarray(half),
    means: meansOf(sumOver(data, drawn.subarray(half)), null),
    depth: 0,
  };
  visit(data, grown, root, random);
  return {
    feature: Int32Array.from(grown.feature),
    threshold: Int32Array.from(grown.threshold),
    missingLeft: Uint8Array.from(grown.missingLeft),
    sets: grown.sets,
    left: Int32Array.from(grown.left),
    right: Int32Array.from(grown.right),
    values: Float64Array.from(grown.values),
  };
}

interface Node {
  /** Rows that decide splits, and rows that fill the leaves. */
  readonly growing: Uint32Array;
  readonly filling: Uint32Array;
  /** Mean outcome per arm. */
  readonly means: Float64Array;
  readonly depth: number;
}

/** @returns the node's number, or ~leaf */
function visit(data: ForestData, grown: Grown, node: Node, random: Random): number {
  const split = node.depth < MAX_DEPTH ? findDivergence(data, node.growing, random) : null;
  if (split === null) {
    const arms = node.means.length;
    grown.values.push(...node.means);
    return ~(grown.values.length / arms - 1);
  }
  const number = grown.feature.push(split.feature) - 1;
  grown.threshold.push(split.set === null ? split.threshold : -grown.sets.push(split.set));
  grown.missingLeft.push(split.missingLeft ? 1 : 0);
  grown.left.push(0);
  grown.right.push(0);
  const goesLeft = sidesOf(split);
  const bins = data.columns[split.feature] as Uint8Array;
  const side = (rows: Uint32Array, wanted: number) =>
    rows.filter((row) => goesLeft[bins[row] as number] === wanted);
  const child = (wanted: number): Node => {
    const filling = side(node.filling, wanted);
    return {
      growing: side(node.growing, wanted),
      filling,
      means: meansOf(sumOver(data, filling), node.means),
      depth: node.depth + 1,
    };
  };
  grown.left[number] = visit(data, grown, child(1), random);
  grown.right[number] = visit(data, grown, child(0), random);
  return number;
}

function sumOver({ experiment, weights }: ForestData, rows: Uint32Array): ArmSums {
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

/** Mean outcome per arm, drawn towards the parent's by `PRIOR_ROWS`. */
function meansOf(sums: ArmSums, parent: Float64Array | null): Float64Array {
  return Float64Array.from({ length: sums.length / 2 }, (_, arm) => {
    const prior = parent === null ? 0 : PRIOR_ROWS;
    const rows = (sums[2 * arm] as number) + prior;
    return rows > 0 ? ((sums[2 * arm + 1] as number) + prior * (parent?.[arm] ?? 0)) / rows : 0;
  });
}

interface DivergenceSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly set: readonly number[] | null;
}

/** The split after which the arms differ most, of a random part of the features; null where none may be made. */
function findDivergence(
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

/** Bins that hold rows: numbers upwards with the missing first, categories by how far the arms differ in them. */
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

/** @returns how many bins of the order go left, and the gain, where it is above `atLeast` */
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

/** Squared differences between the mean outcomes of each two arms, those with the control counting double. */
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
