/**
 * Data of an arm: rewards of customers whose window has ended. Weighted rewards (of customers who were given it
 * with a propensity p that changed between runs) count 1 / p each, scaled to the number of customers.
 */
export interface ArmRewards {
  /** Customers, 0 or more. */
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** What is believed of an arm before any reward: as if so many customers had earned so much on average. */
export interface ArmPrior {
  readonly mean: number;
  /** Pseudo-customers, above 0. */
  readonly weight: number;
}

export interface Believed {
  readonly mean: number;
  /** Of the mean, not of a customer. */
  readonly deviation: number;
}

/**
 * Normal posterior of an arm's mean. The spread of a customer is pooled over the arms, since one with few customers
 * says little of its own.
 *
 * @param variance of one customer's reward
 */
export function believe({ n, sum }: ArmRewards, prior: ArmPrior, variance: number): Believed {
  const weight = n + prior.weight;
  return { mean: (sum + prior.mean * prior.weight) / weight, deviation: Math.sqrt(variance / weight) };
}

/** The variance of one customer's reward, within the arms. */
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
