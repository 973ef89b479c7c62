import { bootstrap, percentileInterval } from "../bootstrap.ts";
import type { Estimate } from "../intervals.ts";
import type { LoggedDecisions, TargetPolicy } from "./logged.ts";

export const VALUE_ESTIMATORS = ["ips", "snips", "dr", "switchDr", "drOs"] as const;
export type ValueEstimator = (typeof VALUE_ESTIMATORS)[number];

export interface ValueOptions {
  /** Predicted reward of an action in a row, learned on other rows; default 0, which turns `dr` into `ips`. */
  readonly predicted?: ((row: number, action: number) => number) | undefined;
  /** Switch-DR uses the log up to this weight and only the prediction above it; default 10. */
  readonly switchAt?: number | undefined;
  /** DRos shrinks weights w to lambda w / (w^2 + lambda); default 10. */
  readonly lambda?: number | undefined;
  readonly resamples?: number | undefined;
  readonly seed?: number | undefined;
}

/** The mean reward if the policy had decided, with two intervals (95 %). */
export interface PolicyEstimate {
  readonly value: number;
  /** Percentiles of a bootstrap over decisions; null if it is undefined. */
  readonly bootstrap: Estimate | null;
  /**
   * Empirical Bernstein: valid for any distribution of bounded terms, and therefore wide; null for a ratio of
   * sums.
   */
  readonly bernstein: { readonly low: number; readonly high: number } | null;
}

/**
 * Evaluates a policy on the log of another one:
 *
 * - ips: mean of w r;
 * - snips: sum of w r over sum of w (normalised in every resample, so that the interval is that of the
 *   ratio);
 * - dr: mean of sum_a pi(a) q(a) + w (r - q);
 * - switchDr: the same with w = 0 above `switchAt`;
 * - drOs: the same with shrunk weights.
 *
 * Source: Horvitz and Thompson 1952; Swaminathan and Joachims 2015; Dudík, Langford and Li 2011; Wang,
 * Agarwal and Dudík 2017; Su, Dimakopoulou, Krishnamurthy and Dudík 2020.
 *
 * @param weights from `importanceWeights`
 */
export function policyEstimates(
  log: LoggedDecisions,
  policy: TargetPolicy,
  weights: Float64Array,
  options: ValueOptions = {},
): Readonly<Record<ValueEstimator, PolicyEstimate>> {
  const { predicted = () => 0, switchAt = 10, lambda = 10, resamples = 500, seed = 1 } = options;
  const base = new Float64Array(weights.length);
  const residual = new Float64Array(weights.length);
  for (let row = 0; row < weights.length; row++) {
    let expectedReward = 0;
    for (let action = 0; action < log.actionCount; action++) {
      const chance = policy(row, action);
      if (chance > 0) expectedReward += chance * predicted(row, action);
    }
    base[row] = expectedReward;
    residual[row] = (log.rewards[row] ?? 0) - predicted(row, log.actions[row] ?? 0);
  }
  const corrected = (shrink: (weight: number) => number) =>
    Float64Array.from(weights, (weight, row) => (base[row] ?? 0) + shrink(weight) * (residual[row] ?? 0));
  const terms = {
    ips: Float64Array.from(weights, (weight, row) => weight * (log.rewards[row] ?? 0)),
    dr: corrected((weight) => weight),
    switchDr: corrected((weight) => (weight <= switchAt ? weight : 0)),
    drOs: corrected((weight) => (lambda * weight) / (weight * weight + lambda)),
  };
  const measure = (counts?: Uint8Array) => {
    const ips = weightedSum(terms.ips, counts);
    const rows = counts === undefined ? weights.length : weightedSum(null, counts);
    const mass = weightedSum(weights, counts);
    return [
      ips / rows,
      mass > 0 ? ips / mass : null,
      weightedSum(terms.dr, counts) / rows,
      weightedSum(terms.switchDr, counts) / rows,
      weightedSum(terms.drOs, counts) / rows,
    ];
  };
  const values = measure();
  const resampled = bootstrap(weights.length, measure, { resamples, seed });
  const estimate = (index: number, own: Float64Array | null): PolicyEstimate => ({
    value: values[index] ?? Number.NaN,
    bootstrap: percentileInterval(values[index] ?? null, resampled[index] ?? []),
    bernstein: own === null ? null : bernsteinInterval(own),
  });
  return {
    ips: estimate(0, terms.ips),
    snips: estimate(1, null),
    dr: estimate(2, terms.dr),
    switchDr: estimate(3, terms.switchDr),
    drOs: estimate(4, terms.drOs),
  };
}

/**
 * Empirical Bernstein interval (95 %) of the mean of the terms; their range is taken from the terms
 * themselves.
 *
 * Source: Maurer and Pontil 2009, "Empirical Bernstein bounds and sample variance penalization", theorem 4.
 */
export function bernsteinInterval(terms: Float64Array, alpha = 0.05): { low: number; high: number } {
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const term of terms) {
    sum += term;
    least = Math.min(least, term);
    most = Math.max(most, term);
  }
  const mean = sum / terms.length;
  let squares = 0;
  for (const term of terms) squares += (term - mean) ** 2;
  const degrees = Math.max(1, terms.length - 1);
  const odds = Math.log(4 / alpha);
  const radius =
    Math.sqrt((2 * (squares / degrees) * odds) / terms.length) + (7 * (most - least) * odds) / (3 * degrees);
  return { low: mean - radius, high: mean + radius };
}

function weightedSum(values: Float64Array | null, counts?: Uint8Array): number {
  let sum = 0;
  const length = values?.length ?? counts?.length ?? 0;
  for (let row = 0; row < length; row++) {
    const count = counts === undefined ? 1 : (counts[row] ?? 0);
    if (count > 0) sum += count * (values === null ? 1 : (values[row] ?? 0));
  }
  return sum;
}
