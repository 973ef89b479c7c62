import { logGamma } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";

/**
 * P(|T| > t) for Student's t with `freedom` degrees of freedom, which need not be whole:
 * I(freedom / (freedom + t^2); freedom / 2, 1 / 2).
 */
export function studentTwoSided(t: number, freedom: number): number {
  if (t === 0) return 1;
  return betaShare(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/**
 * The value that |T| exceeds with probability `alpha`: Newton's method on the tail from the normal quantile,
 * with bisection if a step leaves the bracket.
 *
 * @param alpha in (0, 1)
 */
export function studentCritical(alpha: number, freedom: number): number {
  let low = 0;
  let high = Math.max(4, 2 * -normalQuantile(alpha / 2));
  while (studentTwoSided(high, freedom) > alpha && high < 1e12) high *= 2;
  let t = Math.min(high, -normalQuantile(alpha / 2));
  for (let step = 0; step < 200; step++) {
    const excess = studentTwoSided(t, freedom) - alpha;
    if (excess > 0) low = t;
    else high = t;
    const next = t + excess / (2 * studentDensity(t, freedom));
    const moved = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(moved - t) <= 1e-13 * Math.max(1, t)) return moved;
    t = moved;
  }
  return t;
}

function studentDensity(t: number, freedom: number): number {
  const scale = logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - 0.5 * Math.log(freedom * Math.PI);
  return Math.exp(scale - ((freedom + 1) / 2) * Math.log1p((t * t) / freedom));
}

/**
 * The regularised incomplete beta function I(x; a, b), by Lentz's continued fraction.
 *
 * Source: Abramowitz and Stegun 1964, 26.5.8.
 *
 * @param x in [0, 1]
 * @param a above 0
 * @param b above 0
 */
export function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  // The continued fraction converges fast only below the mean.
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

const MAX_TERMS = 100_000;

function betaFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    value *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

function guard(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
