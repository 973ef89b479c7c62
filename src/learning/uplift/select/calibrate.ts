import { averageOf, type Clusters, projectLinearly } from "../../../statistics/index.ts";
import type { Fold } from "./folds.ts";

/** How far predicted differences between customers are from real ones, from customers that the models had not seen. */
export interface Slope {
  /** 1: as large as predicted; above 1 the predictions are too small. */
  readonly value: number;
  readonly error: number;
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
): Slope {
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
  if (!(squares > 1e-18 * total)) return { value: 1, error: Number.POSITIVE_INFINITY };
  const { coefficients, errors } = projectLinearly(y, { width: 1, values: x }, [0], own);
  return { value: coefficients[0] as number, error: errors[0] as number };
}
