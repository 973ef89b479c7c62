import type { Clusters } from "../../statistics/index.ts";
import type { BinFeature, BinnedRows } from "../features/bins.ts";
import { quantum } from "./histogram.ts";
import { sigmoid } from "./sigmoid.ts";
import type { Loss } from "./types.ts";

/** Training data: one target per row of `binned`; only the listed rows are read. */
export interface BoostingData {
  readonly binned: BinnedRows;
  readonly features: readonly BinFeature[];
  /** 0 or 1 for the logistic loss. */
  readonly targets: Float64Array;
  /** Weight of each row, at least 0; null: all 1. */
  readonly weights: Float64Array | null;
  readonly rows: Uint32Array;
  /** Rows that are held out together; default: every row is its own cluster. */
  readonly clusters?: Clusters;
}

/** First and second derivatives of a loss, as whole numbers of quanta. */
export interface Quanta {
  readonly gradient: number;
  readonly curvature: number;
  /** Mean curvature of a row, in quanta. */
  readonly meanCurvature: number;
}

/**
 * 1.5 x 2^52: adding and subtracting it rounds a number below 2^51 to a whole one, faster than Math.round.
 */
const ROUNDER = 1.5 * 2 ** 52;

/**
 * Differentiates a loss at the scores.
 *
 * @param statistics overwritten with the gradient and curvature of each binned row
 */
export function differentiate(
  data: BoostingData,
  loss: Loss,
  scores: Float64Array,
  statistics: Float64Array,
): Quanta {
  const { targets, rows, weights } = data;
  const isLogistic = loss === "logistic";
  let heaviest = weights === null ? 1 : 0;
  if (weights !== null) for (const row of rows) heaviest = Math.max(heaviest, weights[row] as number);
  const largest = isLogistic ? heaviest : heaviest * largestResidual(data, scores);
  const quanta = { gradient: quantum(largest, rows.length), curvature: quantum(heaviest, rows.length) };
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const weight = weights === null ? 1 : (weights[row] as number);
    const score = scores[row] as number;
    const predicted = isLogistic ? sigmoid(score) : score;
    const curvature = isLogistic ? weight * predicted * (1 - predicted) : weight;
    const residual = predicted - (targets[row] as number);
    statistics[2 * row] = weight * residual * quanta.gradient + ROUNDER - ROUNDER;
    const whole = curvature * quanta.curvature + ROUNDER - ROUNDER;
    statistics[2 * row + 1] = whole;
    sum += whole;
  }
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

/** Mean weighted loss of the rows. */
export function lossOf(
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

/** The best constant score: the mean, or the log-odds of the mean with half an outcome added on each side. */
export function startOf({ targets, weights, rows }: BoostingData, loss: Loss): number {
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
