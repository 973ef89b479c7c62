/**
 * Independent units (customers, or whole clusters) of one arm, reduced to the numbers that a comparison of
 * means needs. Plain means, ratios, adjusted and clustered means all take this form.
 */
export interface Sample {
  /** Number of units, 0 or more. */
  readonly n: number;
  readonly mean: number;
  /**
   * Variance of one unit, with n - 1 in the denominator; the standard error of the mean is sqrt(variance /
   * n).
   */
  readonly variance: number;
}

/** Sums over the units of one arm: additive over days, shards and machines. */
export interface Moments {
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** Sums of two quantities, x and y, of the same units. */
export interface JointMoments {
  readonly n: number;
  readonly y: number;
  readonly yy: number;
  readonly x: number;
  readonly xx: number;
  readonly xy: number;
}

/** The mean of a quantity; n = 0 gives NaN. */
export function sampleOf({ n, sum, squares }: Moments): Sample {
  return { n, mean: sum / n, variance: spread(n, squares, sum * (sum / n)) };
}

/**
 * A ratio of two sums, y / x, such as value per order, or clustered customers (y: a cluster's outcomes, x:
 * its customers), by the delta method. The units must be the randomised ones.
 *
 * Source: Deng, Knoblich and Lu 2018, "Applying the Delta Method in Metric Analytics", KDD.
 */
export function ratioOf(moments: JointMoments): Sample {
  const { n, x, y } = moments;
  const { varianceX, varianceY, covariance } = covariances(moments);
  const ratio = y / x;
  const meanX = x / n;
  const variance = (varianceY - 2 * ratio * covariance + ratio * ratio * varianceX) / (meanX * meanX);
  return { n, mean: ratio, variance: Math.max(0, variance) };
}

/** Variances and the covariance of one unit, n - 1 in the denominator. */
export function covariances({ n, x, xx, y, yy, xy }: JointMoments) {
  return {
    varianceX: spread(n, xx, x * (x / n)),
    varianceY: spread(n, yy, y * (y / n)),
    covariance: n > 1 ? (xy - x * (y / n)) / (n - 1) : 0,
  };
}

export function addMoments(a: JointMoments, b: JointMoments): JointMoments {
  return {
    n: a.n + b.n,
    y: a.y + b.y,
    yy: a.yy + b.yy,
    x: a.x + b.x,
    xx: a.xx + b.xx,
    xy: a.xy + b.xy,
  };
}

export const NO_MOMENTS: JointMoments = { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 };

function spread(n: number, squares: number, squaredSum: number): number {
  return n > 1 ? Math.max(0, squares - squaredSum) / (n - 1) : 0;
}
