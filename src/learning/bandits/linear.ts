import { invalidOption } from "../../core/index.ts";
import { factorise, solveFactorised } from "../uplift/linear/solve.ts";
import { bestOfNormals } from "./best-arm.ts";

/** More features cost more time per customer than they add information. */
export const MAX_BANDIT_FEATURES = 50;

/**
 * Sums of one arm's customers: x x', lower triangle in row-major order, x r and r r. Additive over batches and
 * machines.
 */
export interface LinearArm {
  readonly a: Float64Array;
  readonly b: Float64Array;
  squares: number;
  n: number;
}

export interface LinearOptions {
  /** Ridge penalty, above 0; default 1. */
  readonly lambda?: number | undefined;
  /** Weight of the uncertainty; default 1. */
  readonly alpha?: number | undefined;
}

/** @throws ERR_OPTION_INVALID the number of features is not in 1..50 */
export function emptyLinearArm(features: number): LinearArm {
  if (!(features >= 1 && features <= MAX_BANDIT_FEATURES)) {
    throw invalidOption(
      "1 to 50 features",
      "a linear policy",
      features,
      "Name the columns that matter most for the choice.",
    );
  }
  return { a: new Float64Array(features * features), b: new Float64Array(features), squares: 0, n: 0 };
}

/**
 * Adds one customer to an arm.
 *
 * @param features standardised
 * @param weight how often the customer counts, such as 1 / propensity; default 1
 */
export function addReward(arm: LinearArm, features: ArrayLike<number>, reward: number, weight = 1): void {
  const width = arm.b.length;
  for (let i = 0; i < width; i++) {
    const x = weight * (features[i] ?? 0);
    arm.b[i] = (arm.b[i] ?? 0) + x * reward;
    for (let j = 0; j <= i; j++) {
      arm.a[i * width + j] = (arm.a[i * width + j] ?? 0) + x * (features[j] ?? 0);
    }
  }
  arm.squares += weight * reward * reward;
  arm.n++;
}

/**
 * Standard deviation of one customer's reward around the arms' regressions, pooled over the arms. As `alpha`, it
 * gives `bestChances` the posterior of rewards with this noise. 1 if it cannot be estimated.
 */
export function residualDeviation(arms: readonly LinearArm[], { lambda = 1 }: LinearOptions = {}): number {
  let squares = 0;
  let degrees = 0;
  for (const arm of arms) {
    const width = arm.b.length;
    if (arm.n <= width) continue;
    const { theta } = fit(arm, lambda);
    // |r - X theta|^2, where (A + lambda I) theta = b.
    squares += Math.max(0, arm.squares - product(theta, arm.b) - lambda * product(theta, theta));
    degrees += arm.n - width;
  }
  return degrees > 0 && squares > 0 ? Math.sqrt(squares / degrees) : 1;
}

/** A fixed policy over arms whose rewards are linear in the features. */
export interface LinearPolicy {
  /** For each arm, x'theta + alpha sqrt(x' A^-1 x): LinUCB (Li, Chu, Langford and Schapire 2010). */
  upperBounds(features: ArrayLike<number>): Float64Array;
  /**
   * For each arm, the probability that its draw from the posterior is the highest: LinTS (Agrawal and Goyal
   * 2013), by quadrature, so that the propensity is exact. The array is reused.
   *
   * @param offsets added to the arms' means, such as predictions of the uplift model
   */
  bestChances(features: ArrayLike<number>, offsets?: ArrayLike<number>): Float64Array;
}

export function freezeLinear(
  arms: readonly LinearArm[],
  { lambda = 1, alpha = 1 }: LinearOptions = {},
): LinearPolicy {
  const fitted = arms.map((arm) => fit(arm, lambda));
  const width = fitted[0]?.theta.length ?? 0;
  const scratch = new Float64Array(width);
  const beliefs = arms.map(() => ({ mean: 0, deviation: 0 }));
  const chances = new Float64Array(arms.length);
  const weigh = (features: ArrayLike<number>, offsets?: ArrayLike<number>) => {
    for (const [arm, { factor, theta }] of fitted.entries()) {
      const belief = beliefs[arm];
      if (belief === undefined) continue;
      belief.mean = (offsets?.[arm] ?? 0) + product(theta, features);
      belief.deviation = alpha * Math.max(1e-9, Math.sqrt(inverseForm(factor, features, scratch)));
    }
    return beliefs;
  };
  return {
    upperBounds: (features) => Float64Array.from(weigh(features), ({ mean, deviation }) => mean + deviation),
    bestChances: (features, offsets) => bestOfNormals(weigh(features, offsets), chances),
  };
}

/** Ridge regression of the rewards: the Cholesky factor of A + lambda I, and the coefficients. */
function fit({ a, b }: LinearArm, lambda: number) {
  const width = b.length;
  const factor = Float64Array.from(a);
  for (let i = 0; i < width; i++) factor[i * width + i] = (factor[i * width + i] ?? 0) + lambda;
  factorise(factor, width);
  return { factor, theta: solveFactorised(factor, b) };
}

/** x' (L L')^-1 x, by one forward substitution. */
function inverseForm(factor: Float64Array, x: ArrayLike<number>, scratch: Float64Array): number {
  const width = scratch.length;
  let form = 0;
  for (let i = 0; i < width; i++) {
    let sum = x[i] ?? 0;
    const row = i * width;
    for (let k = 0; k < i; k++) sum -= (factor[row + k] ?? 0) * (scratch[k] ?? 0);
    const value = sum / (factor[row + i] ?? 1);
    scratch[i] = value;
    form += value * value;
  }
  return form;
}

function product(a: Float64Array, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
