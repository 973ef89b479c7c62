import { createRandom, type Random, randomPermutation } from "../../core/index.ts";
import type { Clusters } from "../../statistics/index.ts";
import type { BinFeature, BinnedRows } from "../features/bins.ts";
import { createGrower, type GrownTree } from "./grow.ts";
import { quantum } from "./histogram.ts";
import { addTreeTo } from "./predict.ts";
import { sigmoid } from "./sigmoid.ts";
import type { BoostingModel, BoostingOptions, Loss, Tree } from "./types.ts";

/** What is learned from: one target per row of `binned`; only the rows listed are read. */
export interface BoostingData {
  readonly binned: BinnedRows;
  readonly features: readonly BinFeature[];
  /** 0 or 1 for the logistic loss. */
  readonly targets: Float64Array;
  /** At least 0; null: all 1. */
  readonly weights: Float64Array | null;
  readonly rows: Uint32Array;
  /** Rows that are held out together; default: each for itself. */
  readonly clusters?: Clusters;
}

export const BOOSTING_DEFAULTS: Omit<BoostingOptions, "loss" | "seed"> = {
  trees: 100,
  leaves: 31,
  learningRate: 0.1,
  l2Rows: 1,
  minLeafRows: 20,
  columnShare: 1,
  rowShare: 1,
  patience: 10,
};

/** Maximum number of rows for early stopping, and their share of the rows. */
const MAX_VALIDATION_ROWS = 50_000;
const VALIDATION_SHARE = 0.25;
/** Up to so many rows, the model is fitted again on all of them once the number of trees is known. */
const MAX_REFIT_ROWS = 300_000;

/**
 * Gradient boosting of decision trees on binned features. The same data and seed give the same model, bit by bit, on
 * any machine: gradients are rounded to whole multiples of a power of two, whose sums are exact in any order.
 *
 * Source: Friedman 2001, "Greedy function approximation"; Chen and Guestrin 2016, "XGBoost" (second-order leaves);
 * Ke et al. 2017, "LightGBM" (leaf-wise growth on histograms).
 *
 * @param validation rows whose loss stops the growth; the model keeps the trees up to the lowest. Default: none
 */
export function fitBoosting(
  data: BoostingData,
  options: BoostingOptions,
  validation: Uint32Array = new Uint32Array(0),
): BoostingModel {
  const { binned, features, rows } = data;
  const random = createRandom(options.seed);
  const start = startOf(data, options.loss);
  const scores = new Float64Array(binned.rows);
  for (const row of rows) scores[row] = start;
  for (const row of validation) scores[row] = start;
  const statistics = new Float64Array(2 * binned.rows);
  const grower = createGrower(binned, features);
  const trees: Tree[] = [];
  let lowest = validation.length > 0 ? lossOf(data, options.loss, scores, validation) : 0;
  let kept = 0;
  while (trees.length < options.trees) {
    const quanta = differentiate(data, options.loss, scores, statistics);
    const sampled = options.rowShare < 1 ? sampleRows(rows, options.rowShare, random) : rows;
    const grown = grower.grow(statistics, sampled, {
      leaves: options.leaves,
      rules: {
        l2: options.l2Rows * quanta.meanCurvature,
        minCurvature: options.minLeafRows * quanta.meanCurvature,
      },
      columns: sampleColumns(features.length, options.columnShare, random),
    });
    if (grown.leaves.length === 1) break;
    const tree = withValues(grown, options, quanta);
    trees.push(tree);
    if (sampled === rows) addLeaves(grown, tree, scores);
    else addTreeTo(tree, binned, rows, scores);
    if (validation.length === 0) continue;
    addTreeTo(tree, binned, validation, scores);
    const loss = lossOf(data, options.loss, scores, validation);
    if (loss < lowest) {
      lowest = loss;
      kept = trees.length;
    } else if (trees.length - kept >= options.patience) break;
  }
  const best = validation.length > 0 ? trees.slice(0, kept) : trees;
  return { kind: "boosting", loss: options.loss, start, trees: best };
}

/**
 * The same, with the number of trees chosen on a part of the rows that is held out. Where that is cheap, the model is
 * then fitted on all rows with that number.
 */
export function fitBoostingStopped(data: BoostingData, options: BoostingOptions): BoostingModel {
  const shuffled = shuffleRows(data, createRandom(options.seed ^ 0x5bd1e995));
  const held = Math.min(MAX_VALIDATION_ROWS, Math.floor(data.rows.length * VALIDATION_SHARE));
  const pick = (from: number, to: number) =>
    shuffled
      .subarray(from, to)
      .map((i) => data.rows[i] as number)
      .sort();
  const model = fitBoosting({ ...data, rows: pick(held, shuffled.length) }, options, pick(0, held));
  if (data.rows.length > MAX_REFIT_ROWS || model.trees.length === 0) return model;
  return fitBoosting(data, { ...options, trees: model.trees.length });
}

/** Positions in `rows`, at random, rows of one cluster side by side. */
function shuffleRows({ rows, clusters }: BoostingData, random: Random): Uint32Array {
  const shuffled = randomPermutation(rows.length, random);
  if (!clusters) return shuffled;
  const order = new Map<number, number>();
  for (const i of shuffled) {
    const cluster = clusters[rows[i] as number] as number;
    if (!order.has(cluster)) order.set(cluster, order.size);
  }
  const rank = (i: number) => order.get(clusters[rows[i] as number] as number) as number;
  return shuffled.sort((a, b) => rank(a) - rank(b) || a - b);
}

/** The best constant: the mean, or its log-odds with half an outcome more on each side. */
function startOf({ targets, weights, rows }: BoostingData, loss: Loss): number {
  let total = 0;
  let sum = 0;
  for (const row of rows) {
    const weight = weights === null ? 1 : (weights[row] as number);
    total += weight;
    sum += weight * (targets[row] as number);
  }
  if (loss === "squared") return total > 0 ? sum / total : 0;
  return Math.log((sum + 0.5) / (total - sum + 0.5));
}

interface Quanta {
  readonly gradient: number;
  readonly curvature: number;
  /** Of a row, in quanta. */
  readonly meanCurvature: number;
}

/** 1.5 x 2^52: adding and taking it away rounds a number below 2^51 to a whole one, faster than Math.round. */
const ROUNDER = 1.5 * 2 ** 52;

/** First and second derivatives of the loss at the scores, as whole numbers of quanta. */
function differentiate(
  data: BoostingData,
  loss: Loss,
  scores: Float64Array,
  statistics: Float64Array,
): Quanta {
  const { rows, weights } = data;
  let heaviest = weights === null ? 1 : 0;
  if (weights !== null) for (const row of rows) heaviest = Math.max(heaviest, weights[row] as number);
  const largest = loss === "logistic" ? heaviest : heaviest * largestResidual(data, scores);
  const quanta = { gradient: quantum(largest, rows.length), curvature: quantum(heaviest, rows.length) };
  const sum =
    loss === "logistic"
      ? differentiateLogistic(data, scores, statistics, quanta)
      : differentiateSquared(data, scores, statistics, quanta);
  return { ...quanta, meanCurvature: sum / Math.max(1, rows.length) };
}

function largestResidual({ targets, rows }: BoostingData, scores: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const residual = Math.abs((scores[row] as number) - (targets[row] as number));
    if (residual > largest) largest = residual;
  }
  return largest;
}

/** @returns the sum of the curvatures */
function differentiateLogistic(
  { targets, weights, rows }: BoostingData,
  scores: Float64Array,
  statistics: Float64Array,
  quanta: Pick<Quanta, "gradient" | "curvature">,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weights === null ? 1 : (weights[row] as number);
    const p = sigmoid(scores[row] as number);
    statistics[2 * row] = weight * (p - (targets[row] as number)) * quanta.gradient + ROUNDER - ROUNDER;
    const whole = weight * p * (1 - p) * quanta.curvature + ROUNDER - ROUNDER;
    statistics[2 * row + 1] = whole;
    sum += whole;
  }
  return sum;
}

function differentiateSquared(
  { targets, weights, rows }: BoostingData,
  scores: Float64Array,
  statistics: Float64Array,
  quanta: Pick<Quanta, "gradient" | "curvature">,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weights === null ? 1 : (weights[row] as number);
    const residual = (scores[row] as number) - (targets[row] as number);
    statistics[2 * row] = weight * residual * quanta.gradient + ROUNDER - ROUNDER;
    const whole = weight * quanta.curvature + ROUNDER - ROUNDER;
    statistics[2 * row + 1] = whole;
    sum += whole;
  }
  return sum;
}

/** A Newton step per leaf, shortened by the learning rate. */
function withValues({ tree, leaves }: GrownTree, options: BoostingOptions, quanta: Quanta): Tree {
  const l2 = options.l2Rows * quanta.meanCurvature;
  const unit = quanta.curvature / quanta.gradient;
  const values = Float64Array.from(
    leaves,
    ({ gradient, curvature }) => ((-options.learningRate * gradient) / (curvature + l2)) * unit,
  );
  return { ...tree, values };
}

function addLeaves({ leaves, order }: GrownTree, tree: Tree, scores: Float64Array): void {
  for (const [leaf, { from, to }] of leaves.entries()) {
    const value = tree.values[leaf] as number;
    for (let i = from; i < to; i++) {
      const row = order[i] as number;
      scores[row] = (scores[row] as number) + value;
    }
  }
}

/** Mean weighted loss of the rows. */
function lossOf(
  { targets, weights }: BoostingData,
  loss: Loss,
  scores: Float64Array,
  rows: Uint32Array,
): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const score = scores[row] as number;
    const target = targets[row] as number;
    const weight = weights === null ? 1 : (weights[row] as number);
    sum +=
      loss === "squared"
        ? weight * (score - target) ** 2
        : weight * (Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - target * score);
  }
  return sum / Math.max(1, rows.length);
}

/** Each row with the given probability, in order; all where that would leave none. */
function sampleRows(rows: Uint32Array, share: number, random: Random): Uint32Array {
  const sampled = rows.filter(() => random() < share);
  return sampled.length > 0 ? sampled : rows;
}

function sampleColumns(count: number, share: number, random: Random): Uint32Array {
  const size = Math.max(1, Math.round(count * share));
  if (size >= count) return Uint32Array.from({ length: count }, (_, i) => i);
  return randomPermutation(count, random).subarray(0, size).sort();
}
