import { chiSquareTail } from "./checks/chi-square.ts";
import { logGamma } from "./gamma.ts";
import { logBeta } from "./student.ts";

/**
 * Uniform boundaries: limits that a sum of mean-zero terms exceeds at any time with a limited probability.
 * `v` is the intrinsic time, such as the sum of the squared terms; each boundary is narrowest near `best`.
 * Unlike `sequenceInterval` they are exact for bounded outcomes, for any number of them.
 *
 * Source: Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", Annals of Statistics 49, propositions 5 to 9.
 */
export interface Tuning {
  /** The intrinsic time at which the boundary should be tightest, above 0. */
  readonly best: number;
  /** The level for which it is tightest; default 0.05. */
  readonly alpha?: number | undefined;
}

/** The rho of a two-sided normal mixture. */
export function twoSidedRho({ best, alpha = 0.05 }: Tuning): number {
  const odds = 2 * Math.log(1 / alpha);
  return best / (odds + Math.log(1 + odds));
}

/**
 * The bound on |sum| of a two-sided normal mixture: exceeded at any time with a probability of at most
 * `alpha`.
 */
export function normalMixtureBound(v: number, alpha: number, tuning: Tuning): number {
  const rho = twoSidedRho(tuning);
  return Math.sqrt((v + rho) * (Math.log((v + rho) / rho) + 2 * Math.log(1 / alpha)));
}

/**
 * Evidence against the hypothesis that the terms of a sum have a mean of at most 0, for terms that exceed it
 * by at most `scale`; its inverse is a p-value.
 */
export interface GammaExponentialMixture {
  /** Logarithm of the supermartingale at sum `s` and time `v`. */
  log(s: number, v: number): number;
  /** The sum at which the supermartingale reaches 1 / alpha. */
  bound(v: number, alpha: number): number;
}

/** @param scale c of the paper: the terms' range */
export function gammaExponentialMixture(scale: number, tuning: Tuning): GammaExponentialMixture {
  const { alpha = 0.05 } = tuning;
  // One-sided: tuned like a two-sided mixture at twice the level.
  const rho = twoSidedRho({ best: tuning.best, alpha: 2 * alpha });
  const squared = scale * scale;
  const shape = rho / squared;
  const leading = shape * Math.log(shape) - logGamma(shape) - logLowerGamma(shape, shape);
  const log = (s: number, v: number): number => {
    const a = (v + rho) / squared;
    const x = (scale * s + v + rho) / squared;
    if (!(x > 0)) return Number.NEGATIVE_INFINITY;
    return leading + logGamma(a) + logLowerGamma(a, x) - a * Math.log(x) + (scale * s + v) / squared;
  };
  return { log, bound: (v, level) => solve((s) => log(s, v) - Math.log(1 / level), v) };
}

/** Logarithm of the regularised lower incomplete gamma function P(a, x). */
function logLowerGamma(a: number, x: number): number {
  return Math.log1p(-chiSquareTail(2 * x, 2 * a));
}

/**
 * Confidence sequence of a proportion from its counts, by the two-sided beta-binomial mixture; exact at every look.
 *
 * @param successes in [0, trials]
 * @param best the number of trials at which it should be narrowest
 */
export function bernoulliSequence(
  successes: number,
  trials: number,
  { best, alpha = 0.05 }: Tuning,
): { low: number; high: number } {
  const share = successes / trials;
  const excess = (p: number) => betaBinomialLog(p, { successes, trials, best, alpha }) - Math.log(1 / alpha);
  return {
    low: share > 0 ? bisect(excess, 0, share) : 0,
    high: share < 1 ? bisect((p) => -excess(p), share, 1) : 1,
  };
}

function betaBinomialLog(
  p: number,
  { successes, trials, best, alpha }: { successes: number; trials: number; best: number; alpha: number },
): number {
  const q = 1 - p;
  const variance = p * q;
  // Pseudo-trials of the mixing beta distribution, around p.
  const weight = Math.max(twoSidedRho({ best: best * variance, alpha }) / variance - 1, 1e-3);
  const failures = trials - successes;
  return (
    logBeta(weight * p + successes, weight * q + failures) -
    logBeta(weight * p, weight * q) -
    successes * Math.log(p) -
    failures * Math.log(q)
  );
}

/** The root of a function that is positive at `low` and negative at `high`. */
function bisect(value: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (value(middle) > 0) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

/** The positive root of an increasing function. */
function solve(value: (x: number) => number, start: number): number {
  let high = Math.max(start, 1e-6);
  while (value(high) < 0) high *= 2;
  return bisect((x) => -value(x), 0, high);
}
