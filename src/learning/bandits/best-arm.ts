import { betaShare } from "../../statistics/index.ts";
import type { Posterior } from "./arms.ts";

/** The probability that each arm is the best, by quadrature; the probabilities sum to 1. */

const NODES = 49;
const REACH = 6;
const STEP = (2 * REACH) / (NODES - 1);
const Z = Float64Array.from({ length: NODES }, (_, i) => -REACH + i * STEP);
const DENSITY = Z.map((z) => Math.exp((-z * z) / 2));

/**
 * For independent normal posteriors: the integral of each arm's density times the distribution functions of
 * the others, by the trapezoidal rule. `into` is overwritten, so that a million customers need no allocation.
 */
export function bestOfNormals(
  arms: readonly Posterior[],
  into: Float64Array = new Float64Array(arms.length),
): Float64Array {
  let total = 0;
  for (const [i, { mean, deviation }] of arms.entries()) {
    let sum = 0;
    for (let node = 0; node < NODES; node++) {
      const value = mean + deviation * (Z[node] ?? 0);
      let product = DENSITY[node] ?? 0;
      for (const [j, other] of arms.entries()) {
        if (j !== i && product > 0) product *= below((value - other.mean) / other.deviation);
      }
      sum += product;
    }
    into[i] = sum;
    total += sum;
  }
  for (let i = 0; i < arms.length; i++) into[i] = (into[i] ?? 0) / total;
  return into;
}

/** For independent beta posteriors, on a grid that covers all of them. */
export function bestOfBetas(
  arms: readonly { readonly alpha: number; readonly beta: number }[],
): Float64Array {
  const moments = arms.map(({ alpha, beta }) => {
    const mean = alpha / (alpha + beta);
    return { mean, deviation: Math.sqrt((mean * (1 - mean)) / (alpha + beta + 1)) };
  });
  const low = Math.max(0, Math.min(...moments.map(({ mean, deviation }) => mean - 8 * deviation)));
  const high = Math.min(1, Math.max(...moments.map(({ mean, deviation }) => mean + 12 * deviation)));
  const cells = 1500;
  const shares = arms.map(({ alpha, beta }) =>
    Float64Array.from({ length: cells + 1 }, (_, i) =>
      i === cells ? 1 : betaShare(low + ((high - low) * i) / cells, alpha, beta),
    ),
  );
  const chances = new Float64Array(arms.length);
  for (let cell = 0; cell < cells; cell++) {
    const middles = shares.map((share) => ((share[cell] ?? 0) + (share[cell + 1] ?? 0)) / 2);
    for (const [i, share] of shares.entries()) {
      let product = (share[cell + 1] ?? 0) - (share[cell] ?? 0);
      for (const [j, middle] of middles.entries()) if (j !== i) product *= middle;
      chances[i] = (chances[i] ?? 0) + product;
    }
  }
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  return chances.map((chance) => chance / total);
}

/**
 * The normal distribution function to 1e-7. This is accurate enough: the probability is used for the draw and
 * logged unchanged.
 *
 * Source: Abramowitz and Stegun 1964, 26.2.17.
 */
function below(x: number): number {
  if (x > 8) return 1;
  if (x < -8) return 0;
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-x * x) / 2) * poly;
  return x > 0 ? 1 - tail : tail;
}
