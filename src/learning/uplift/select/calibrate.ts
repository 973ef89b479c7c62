import { averageOf, type Clusters, projectLinearly } from "../../../statistics/index.ts";
import type { Fold } from "./folds.ts";

/** How far predicted differences between customers are from real ones, from customers that the models had not seen. */
export interface Slope {
  /** 1: as large as predicted; above 1 the predictions are too small. */
  readonly value: number;
  readonly error: number;
}

/** A slope of some rows, with the sum of squares of the predictions around their means that it was measured with. */
export interface MeasuredSlope extends Slope {
  readonly squares: number;
}

/** What is believed of a slope before the data: 1, give or take so much. */
const PRIOR_DEVIATION = 0.5;
/** No ranking is turned round, and none is blown up by a few customers. */
const MOST = 3;

/**
 * A measured slope, drawn towards 1 by how uncertain it is (the mean of a normal prior and a normal estimate), within
 * 0 to 3.
 */
export function believedSlope({ value, error }: Slope): number {
  const prior = PRIOR_DEVIATION ** 2;
  const weight = prior / (prior + error * error);
  return Math.min(MOST, Math.max(0, 1 + weight * (value - 1)));
}

/** Sums of one fold around its own means: what slopes of several folds are put together from. */
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

/** The slope of some folds together, its error as if scores were equally noisy everywhere. */
export function pooledSlope(folds: readonly FoldMoments[], rows: number): Slope {
  const sum = (of: (fold: FoldMoments) => number) => folds.reduce((total, fold) => total + of(fold), 0);
  const xx = sum((fold) => fold.xx);
  if (!(xx > 1e-18 * rows)) return { value: 1, error: Number.POSITIVE_INFINITY };
  return { value: sum((fold) => fold.xy) / xx, error: Math.sqrt(sum((fold) => fold.yy) / rows / xx) };
}

/**
 * The slope over all rows of one repeat, or of rows that no model had seen, with a cluster-robust error. Effects and scores
 * are taken around their fold's means: a fold's model errs in its average by what the fold itself is off.
 *
 * Source: Chernozhukov, Demirer, Duflo and Fernández-Val 2018, "Generic machine learning inference on heterogeneous
 * treatment effects", section 3.1 (best linear predictor).
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
 * A slope whose error is at least what it is if scores vary on the rows as they do among all customers. On a few thousand rows with a
 * rare outcome, a robust error alone may be many times too small: few buyers have the rows' largest predictions.
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
 * The slope of two sets of rows together, as one regression with a mean for each would give it. Weights are the sums of squares:
 * those by errors would follow the set whose error happens to be too small.
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
