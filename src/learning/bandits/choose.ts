import { type ArmPrior, type ArmRewards, believe, pooledVariance } from "./arms.ts";
import { bestOfBetas, bestOfNormals } from "./best-arm.ts";

export const ALGORITHMS = ["epsilon-greedy", "ucb1", "thompson", "top-two"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface ChooseOptions {
  readonly algorithm: Algorithm;
  /** 0 and 1 are believed as a beta, amounts as a normal distribution. */
  readonly reward: "binary" | "amount";
  /** In the order of the arms; default: the mean of all as if one customer had earned it. */
  readonly priors?: readonly ArmPrior[] | undefined;
  /** Of epsilon-greedy: share of customers whose arm is drawn uniformly. Default 0.1. */
  readonly epsilon?: number | undefined;
  /** Of UCB1: how much the doubt of an arm counts. Default 1. */
  readonly alpha?: number | undefined;
  /** Of top-two: how often the leader is kept. Default 0.5. */
  readonly keep?: number | undefined;
}

/**
 * How the next batch of customers should be spread over the arms: weights in the arms' order that sum to 1. Rewards
 * come back in batches long after the choice, so what matters is a spread, not one arm.
 *
 * @param arms at least one
 */
export function armWeights(arms: readonly ArmRewards[], options: ChooseOptions): Float64Array {
  switch (options.algorithm) {
    case "epsilon-greedy":
      return greedyWeights(arms, options);
    case "ucb1":
      return mostOf(ucb1Scores(arms, options.alpha));
    case "thompson":
      return bestWeights(arms, options);
    case "top-two":
      return topTwo(bestWeights(arms, options), options.keep);
  }
}

/**
 * Upper confidence bounds: mean + alpha sqrt(2 log(N) / n); an arm without customers comes first.
 *
 * Source: Auer, Cesa-Bianchi and Fischer 2002, "Finite-time analysis of the multiarmed bandit problem".
 */
export function ucb1Scores(arms: readonly ArmRewards[], alpha = 1): number[] {
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  return arms.map(({ n, sum }) =>
    n === 0 ? Number.POSITIVE_INFINITY : sum / n + alpha * Math.sqrt((2 * Math.log(total)) / n),
  );
}

/**
 * The weights if the leader is kept with a probability and a rival is drawn otherwise: more customers
 * for the second-best arm, so that the best arm is identified sooner.
 *
 * Source: Russo 2020, "Simple Bayesian algorithms for best-arm identification", Operations Research 68.
 *
 * @param best probability of each arm to be the best, in any order
 */
export function topTwo(best: Float64Array, keep = 0.5): Float64Array {
  let odds = 0;
  for (const chance of best) odds += chance / Math.max(1 - chance, 1e-12);
  const weights = best.map((chance) => {
    const own = chance / Math.max(1 - chance, 1e-12);
    return chance * (keep + (1 - keep) * (odds - own));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export interface FloorOptions {
  /** Share of customers whose arm is always drawn uniformly; at least 0.05, default 0.05. */
  readonly uniform?: number | undefined;
  /** Customers that every arm needs before weights count at all; default 100. */
  readonly least?: number | undefined;
}

/**
 * The probabilities that customers are assigned with: p = f + (1 - K f) w, so that every arm keeps a share f of the
 * uniform part, and later policies can be valued on what was logged. Uniform until every arm has `least` customers.
 */
export function withFloor(
  weights: Float64Array,
  arms: readonly ArmRewards[],
  { uniform = 0.05, least = 100 }: FloorOptions = {},
): Float64Array {
  const count = weights.length;
  if (arms.some(({ n }) => n < least)) return new Float64Array(count).fill(1 / count);
  const floor = Math.max(uniform, 0.05) / count;
  return weights.map((weight) => floor + (1 - count * floor) * weight);
}

function greedyWeights(arms: readonly ArmRewards[], { epsilon = 0.1, ...options }: ChooseOptions) {
  const priors = priorsOf(arms, options.priors);
  const means = arms.map((arm, i) => believe(arm, priors[i] ?? FLAT, 1).mean);
  return mostOf(means).map((weight) => epsilon / arms.length + (1 - epsilon) * weight);
}

function bestWeights(arms: readonly ArmRewards[], { reward, priors: given }: ChooseOptions): Float64Array {
  const priors = priorsOf(arms, given);
  if (reward === "amount") {
    const variance = pooledVariance(arms);
    return bestOfNormals(arms.map((arm, i) => believe(arm, priors[i] ?? FLAT, variance)));
  }
  return bestOfBetas(
    arms.map(({ n, sum }, i) => {
      const { mean, weight } = priors[i] ?? FLAT;
      const share = Math.min(1 - 1e-6, Math.max(1e-6, mean));
      return { alpha: sum + share * weight, beta: n - sum + (1 - share) * weight };
    }),
  );
}

const FLAT: ArmPrior = { mean: 0.5, weight: 1 };

function priorsOf(arms: readonly ArmRewards[], given: readonly ArmPrior[] | undefined): readonly ArmPrior[] {
  if (given !== undefined) return given;
  const n = arms.reduce((total, arm) => total + arm.n, 0);
  const sum = arms.reduce((total, arm) => total + arm.sum, 0);
  return arms.map(() => (n > 0 ? { mean: sum / n, weight: 1 } : FLAT));
}

/** 1 for the arm of the largest score; arms that tie share it. */
function mostOf(scores: readonly number[]): Float64Array {
  const most = Math.max(...scores);
  const winners = scores.filter((score) => score === most).length;
  return Float64Array.from(scores, (score) => (score === most ? 1 / winners : 0));
}
