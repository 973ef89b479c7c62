import { addMoments, covariances, type JointMoments, type Sample } from "./sample.ts";

/** The arms' means after adjustment for data from before the campaign. */
export interface Adjusted {
  /** In the order of the arms. */
  readonly samples: readonly Sample[];
  /** Slope per fold, fitted on the other folds: what the fold subtracts per unit of x. */
  readonly slopes: readonly number[];
  /** Share of the variance that the adjustment removed; negative if it added variance. */
  readonly saved: number;
}

/**
 * CUPED: y - theta (x - mean of x), with x measured before the assignment. Theta is fitted within the arms
 * (their covariances pooled) on the folds that a customer is not in, so that it cannot fit the customer's own
 * noise. Folds must be drawn without regard to arms and outcomes.
 *
 * Source: Deng, Xu, Kohavi and Walker 2013, "Improving the sensitivity of online controlled experiments by
 * utilizing pre-experiment data", WSDM.
 *
 * @param arms for each arm, the sums of every fold: y is the outcome, x the value from before the assignment
 */
export function cuped(arms: readonly (readonly JointMoments[])[]): Adjusted {
  const folds = Math.max(0, ...arms.map((own) => own.length));
  const totals = arms.map(total);
  const everyone = total(totals);
  const centre = everyone.n > 0 ? everyone.x / everyone.n : 0;
  const slopes = Array.from({ length: folds }, (_, fold) =>
    slopeOf(folds === 1 ? totals : arms.map((own) => total(own.filter((_, other) => other !== fold)))),
  );
  const samples = arms.map((own) => adjustedSample(own, slopes, centre));
  const raw = totals.reduce((sum, moments) => sum + covariances(moments).varianceY / moments.n, 0);
  const kept = samples.reduce((sum, { variance, n }) => sum + variance / n, 0);
  return { samples, slopes, saved: raw > 0 ? 1 - kept / raw : 0 };
}

function slopeOf(arms: readonly JointMoments[]): number {
  let covariance = 0;
  let variance = 0;
  for (const moments of arms) {
    if (moments.n < 2) continue;
    const own = covariances(moments);
    covariance += (moments.n - 1) * own.covariance;
    variance += (moments.n - 1) * own.varianceX;
  }
  return variance > 0 ? covariance / variance : 0;
}

/** Mean and variance of y - slope (x - centre); each fold has its own slope. */
function adjustedSample(folds: readonly JointMoments[], slopes: readonly number[], centre: number): Sample {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const [fold, own] of folds.entries()) {
    const slope = slopes[fold] ?? 0;
    // Moments of z = x - centre.
    const z = own.x - own.n * centre;
    const zz = own.xx - 2 * centre * own.x + own.n * centre * centre;
    const yz = own.xy - centre * own.y;
    n += own.n;
    sum += own.y - slope * z;
    squares += own.yy - 2 * slope * yz + slope * slope * zz;
  }
  const mean = sum / n;
  return { n, mean, variance: n > 1 ? Math.max(0, squares - n * mean * mean) / (n - 1) : 0 };
}

function total(parts: readonly JointMoments[]): JointMoments {
  return parts.reduce(addMoments, { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 });
}
