import { normalQuantile, Z_95 } from "./normal.ts";

/** A number with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A proportion with its Wilson score interval, which stays in [0, 1] and keeps its coverage for small
 * counts and rare events. Counts may be fractional: with a prior of `a` pseudo-observations added to both, it
 * approximates the credible interval of the Beta posterior.
 *
 * Source: Wilson 1927, JASA 22; Brown, Cai and DasGupta 2001, Statistical Science 16.
 *
 * @param successes in [0, trials]
 * @param trials 0 gives the value 0.5 with the interval [0, 1]
 * @param alpha the share of intervals that miss the proportion; default 0.05
 */
export function wilson(successes: number, trials: number, alpha = 0.05): Estimate {
  if (trials <= 0) return { value: 0.5, low: 0, high: 1 };
  const p = successes / trials;
  const z = alpha === 0.05 ? Z_95 : -normalQuantile(alpha / 2);
  const z2 = (z * z) / trials;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = Math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2);
  return {
    value: p,
    low: Math.max(0, Math.min(p, centre - half)),
    high: Math.min(1, Math.max(p, centre + half)),
  };
}

/**
 * The difference `a - b` of two independent proportions, with the interval that combines their Wilson limits.
 *
 * Source: Newcombe 1998, Statistics in Medicine 17, method 10.
 */
export function differenceOf(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/**
 * A mean with its normal interval (95 %). `differenceOf` of two such means has Welch's standard error.
 *
 * @param rows above 0; with a single row the interval has width 0
 */
export function meanOf(rows: number, sum: number, squares: number): Estimate {
  const value = sum / rows;
  const variance = rows > 1 ? Math.max(0, squares - rows * value * value) / (rows - 1) : 0;
  return around(value, Math.sqrt(variance / rows));
}

/** A value with the normal interval (95 %) for its standard error. */
export function around(value: number, standardError: number): Estimate {
  return { value, low: value - Z_95 * standardError, high: value + Z_95 * standardError };
}
