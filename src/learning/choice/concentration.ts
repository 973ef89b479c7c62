import { logGamma } from "../../statistics/index.ts";

/** A segment's counts and the probabilities expected from its parent level. */
export interface CountedSegment {
  readonly counts: ArrayLike<number>;
  /** Positive, summing to 1. */
  readonly parent: ArrayLike<number>;
}

const LOWEST = 0.01;
/** With a million pseudo-customers a segment is practically equal to its parent. */
const HIGHEST = 1e6;
const GRID_STEPS = 24;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The concentration under which the segments' counts are most likely, if each segment's probabilities are a
 * Dirichlet draw around its parent's (type II maximum likelihood). A grid over the logarithm and then a
 * golden-section search find the maximum. If the counts are not informative (every segment has a single
 * customer), the result is the highest concentration, so that noise is not taken for a difference.
 *
 * Source: Minka 2000, "Estimating a Dirichlet distribution", section on the Dirichlet-multinomial (Pólya).
 *
 * @returns pseudo-customers, in [0.01, 1,000,000]
 */
export function estimateConcentration(segments: readonly CountedSegment[]): number {
  const telling = segments.filter(({ counts }) => sum(counts) > 1);
  if (telling.length === 0) return HIGHEST;
  const likelihood = (logarithm: number) => logLikelihood(telling, Math.exp(logarithm));
  const low = Math.log(LOWEST);
  const width = (Math.log(HIGHEST) - low) / GRID_STEPS;
  let best = GRID_STEPS;
  let bestValue = likelihood(low + GRID_STEPS * width);
  for (let step = GRID_STEPS - 1; step >= 0; step--) {
    const value = likelihood(low + step * width);
    if (value > bestValue) {
      best = step;
      bestValue = value;
    }
  }
  if (best === GRID_STEPS) return HIGHEST;
  if (best === 0) return LOWEST;
  return Math.exp(maximise(likelihood, low + (best - 1) * width, low + (best + 1) * width));
}

/**
 * Posterior mean of a segment's probabilities: its counts plus `concentration` pseudo-customers of its
 * parent.
 */
export function shrink({ counts, parent }: CountedSegment, concentration: number): Float64Array {
  const total = sum(counts) + concentration;
  return Float64Array.from(
    parent,
    (expected, i) => ((counts[i] as number) + concentration * expected) / total,
  );
}

/** Log of the Dirichlet-multinomial likelihood, up to a constant. */
function logLikelihood(segments: readonly CountedSegment[], concentration: number): number {
  let value = 0;
  for (const { counts, parent } of segments) {
    value -= logRising(concentration, sum(counts));
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i] as number;
      if (count > 0) value += logRising(concentration * (parent[i] as number), count);
    }
  }
  return value;
}

/** log(x (x + 1) ... (x + n - 1)). */
function logRising(x: number, n: number): number {
  return logGamma(x + n) - logGamma(x);
}

function maximise(value: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = value(left);
  let atRight = value(right);
  while (high - low > 1e-4) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = value(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = value(right);
    }
  }
  return (low + high) / 2;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
