import { averageOf, type Clusters, projectLinearly } from "../../../statistics/index.ts";
import type { Fold } from "./folds.ts";

/**
 * The ratio of real to predicted differences between customers, from customers that the models had not seen.
 */
export interface Slope {
  /** 1: as large as predicted; above 1: the predictions are too small. */
  readonly value: number;
  readonly error: number;
}

/** A slope of some rows, with the sum of squares of the predictions around their means. */
export interface MeasuredSlope extends Slope {
  readonly squares: number;
}

/** Standard deviation of the prior of a slope; its mean is 1. */
const PRIOR_DEVIATION = 0.5;
/** Largest slope; the smallest is 0. No ranking is reversed, and none is inflated by a few customers. */
const MOST = 3;

/**
 * A measured slope, shrunk towards 1 according to its uncertainty (the posterior mean of a normal prior and a
 * normal estimate), within [0, 3].
 */
export function shrunkSlope({ value, error }: Slope): number {
  const prior = PRIOR_DEVIATION ** 2;
  const weight = prior / (prior + error * error);
  return Math.min(MOST, Math.max(0, 1 + weight * (value - 1)));
}

/** Sums of one fold around its own means, from which slopes of several folds are combined. */
export interface FoldMoments {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/**
 * @param effects one per row of the fold's test rows
 * @param scores doubly robust scores, one per row of the experiment
 */
export function foldMoments({ test }: Fold, effects: Float64Array, scores: Float64Array): FoldMoments {
  const meanEffect = averageOf(effects);
  let meanScore = 0;
  for (const row of test) meanScore += (scores[row] as number) / test.length;
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < test.length; i++) {
    const x = (effects[i] as number) - meanEffect;
    const y = (scores[test[i] as number] as number) - meanScore;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  return { xx, xy, yy };
}

/** The slope of several folds together; its error assumes that scores are equally noisy everywhere. */
export function pooledSlope(folds: readonly FoldMoments[], rows: number): Slope {
  const sum = (of: (fold: FoldMoments) => number) => folds.reduce((total, fold) => total + of(fold), 0);
  const xx = sum((fold) => fold.xx);
  if (!(xx > 1e-18 * rows)) return { value: 1, error: Number.POSITIVE_INFINITY };
  return { value: sum((fold) => fold.xy) / xx, error: Math.sqrt(sum((fold) => fold.yy) / rows / xx) };
}

/**
 * The slope over all rows of one repeat, or of rows that no model had seen, with a cluster-robust error.
 * Effects and scores are centred by fold, because the average of a fold's model has an error that depends on
 * the fold.
 *
 * Source: Chernozhukov, Demirer, Duflo and Fernández-Val 2018, "Generic machine learning inference on
 * heterogeneous treatment effects", section 3.1 (best linear predictor).
 */
export function robustSlope(
  parts: readonly { readonly rows: ArrayLike<number>; readonly effects: Float64Array }[],
  scores: Float64Array,
  clusters: Clusters,
): MeasuredSlope {
  const total = parts.reduce((sum, { effects }) => sum + effects.length, 0);
  const x = new Float64Array(total);
  const y = new Float64Array(total);
  const own = clusters && new Int32Array(total);
  let at = 0;
  for (const { rows, effects } of parts) {
    const meanEffect = averageOf(effects);
    let meanScore = 0;
    for (let i = 0; i < effects.length; i++)
      meanScore += (scores[rows[i] as number] as number) / effects.length;
    for (let i = 0; i < effects.length; i++, at++) {
      const row = rows[i] as number;
      x[at] = (effects[i] as number) - meanEffect;
      y[at] = (scores[row] as number) - meanScore;
      if (own && clusters) own[at] = clusters[row] as number;
    }
  }
  let squares = 0;
  for (const value of x) squares += value * value;
  if (!(squares > 1e-18 * total)) return { value: 1, error: Number.POSITIVE_INFINITY, squares: 0 };
  const { coefficients, errors } = projectLinearly(y, { width: 1, values: x }, [0], own);
  return { value: coefficients[0] as number, error: errors[0] as number, squares };
}

/**
 * A slope whose error is at least the error that results if scores vary on these rows as among all customers.
 * On a few thousand rows with a rare outcome, a robust error alone may be many times too small, because few
 * buyers have the largest predictions.
 *
 * @param scores of all customers
 */
export function guardedSlope(slope: MeasuredSlope, scores: Float64Array): MeasuredSlope {
  if (slope.squares === 0) return slope;
  const mean = averageOf(scores);
  let variance = 0;
  for (const score of scores) variance += (score - mean) ** 2 / scores.length;
  return { ...slope, error: Math.max(slope.error, Math.sqrt(variance / slope.squares)) };
}

/**
 * The slope of two sets of rows together, as in one regression with a mean for each. The weights are the sums
 * of squares: weights by errors would favour a set whose error is too small by chance.
 */
export function pooledWith(one: MeasuredSlope, other: MeasuredSlope): MeasuredSlope {
  if (other.squares === 0) return one;
  if (one.squares === 0) return other;
  const squares = one.squares + other.squares;
  const [a, b] = [one.squares / squares, other.squares / squares];
  return {
    value: a * one.value + b * other.value,
    error: Math.hypot(a * one.error, b * other.error),
    squares,
  };
}
