import { chiSquareTail } from "./checks/chi-square.ts";

/** P(Z > x) for a standard normal Z; relative error about 1e-11, for small p-values too. */
export function normalTail(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const outer = chiSquareTail(x * x, 1) / 2;
  return x > 0 ? outer : 1 - outer;
}

/** P(Z <= x). */
export function normalShare(x: number): number {
  return normalTail(-x);
}

export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** Half width of a two-sided 95 % interval, in standard errors: the 97.5 % point of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/**
 * The `share` quantile of the standard normal distribution: Acklam's rational approximation with one step of
 * Halley's method, accurate to about 1e-12.
 *
 * Source: Acklam 2003, "An algorithm for computing the inverse normal cumulative distribution function".
 *
 * @param share in [0, 1]; -Infinity at 0, Infinity at 1
 */
export function normalQuantile(share: number): number {
  if (!(share > 0)) return share === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (!(share < 1)) return share === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  const start = share > 0.5 ? -lowerQuantile(1 - share) : lowerQuantile(share);
  const error = (normalShare(start) - share) / normalDensity(start);
  return start - error / (1 + (start * error) / 2);
}

const TAIL = 0.02425;

function lowerQuantile(p: number): number {
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      polynomial(
        [
          -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
          4.374664141464968, 2.938163982698783,
        ],
        q,
      ) / polynomial([7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1], q)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    (q *
      polynomial(
        [
          -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
          2.506628277459239,
        ],
        r,
      )) /
    polynomial(
      [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
      r,
    )
  );
}

/** Horner's scheme, the highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
