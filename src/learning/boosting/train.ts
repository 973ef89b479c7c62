import { createRandom, type Random, randomPermutation } from "../../core/index.ts";
import { createGrower, type GrownTree } from "./grow.ts";
import { type BoostingData, differentiate, lossOf, type Quanta, startOf } from "./loss.ts";
import { addTreeTo } from "./predict.ts";
import type { BoostingModel, BoostingOptions, Tree } from "./types.ts";

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

/** Maximum number of rows for early stopping, and their share of all rows. */
const MAX_VALIDATION_ROWS = 50_000;
const VALIDATION_SHARE = 0.25;
/** Up to this number of rows, the model is fitted again on all of them with the chosen number of trees. */
const MAX_REFIT_ROWS = 300_000;

/**
 * Gradient boosting of decision trees on binned features. The same data and seed give the same model, bit by
 * bit, on any machine: gradients are rounded to whole multiples of a power of two, whose sums are exact in
 * any order.
 *
 * Source: Friedman 2001, "Greedy function approximation"; Chen and Guestrin 2016, "XGBoost" (second-order
 * leaves); Ke et al. 2017, "LightGBM" (leaf-wise growth on histograms).
 *
 * @param validation rows whose loss stops training; the model keeps the trees up to the lowest loss. Default:
 *   none
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
 * The same, with the number of trees chosen on held-out rows. If it is cheap, the model is then fitted on all
 * rows with that number.
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

/** Positions in `rows`, in random order; rows of one cluster stay together. */
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

/** A Newton step per leaf, multiplied by the learning rate. */
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

/**
 * A random sample of the rows, each with the given probability, in order; all rows if the sample would be
 * empty.
 */
function sampleRows(rows: Uint32Array, share: number, random: Random): Uint32Array {
  const sampled = rows.filter(() => random() < share);
  return sampled.length > 0 ? sampled : rows;
}

function sampleColumns(count: number, share: number, random: Random): Uint32Array {
  const size = Math.max(1, Math.round(count * share));
  if (size >= count) return Uint32Array.from({ length: count }, (_, i) => i);
  return randomPermutation(count, random).subarray(0, size).sort();
}
