/**
 * Data of an arm: rewards of customers whose outcome window has ended. If the propensity p of an arm changed
 * between runs, each reward has the weight 1 / p, scaled to the number of customers.
 */
export interface ArmRewards {
  /** Number of customers, 0 or more. */
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** The prior of an arm's mean reward, as pseudo-customers with an average reward. */
export interface ArmPrior {
  readonly mean: number;
  /** Number of pseudo-customers, above 0. */
  readonly weight: number;
}

export interface Posterior {
  readonly mean: number;
  /** Standard deviation of the mean, not of one customer's reward. */
  readonly deviation: number;
}

/**
 * Normal posterior of an arm's mean. The variance is pooled over the arms, because an arm with few customers
 * gives a poor estimate.
 *
 * @param variance of one customer's reward
 */
export function posteriorOf({ n, sum }: ArmRewards, prior: ArmPrior, variance: number): Posterior {
  const weight = n + prior.weight;
  return { mean: (sum + prior.mean * prior.weight) / weight, deviation: Math.sqrt(variance / weight) };
}

/** The variance of one customer's reward, within arms. */
export function pooledVariance(arms: readonly ArmRewards[]): number {
  let squares = 0;
  let degrees = 0;
  for (const { n, sum, squares: own } of arms) {
    if (n < 2) continue;
    squares += Math.max(0, own - (sum * sum) / n);
    degrees += n - 1;
  }
  return degrees > 0 && squares > 0 ? squares / degrees : 1;
}
