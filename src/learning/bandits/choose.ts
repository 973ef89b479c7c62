import { type ArmPrior, type ArmRewards, pooledVariance, posteriorOf } from "./arms.ts";
import { bestOfBetas, bestOfNormals } from "./best-arm.ts";

export const ALGORITHMS = ["epsilon-greedy", "ucb1", "thompson", "top-two"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Algorithms whose distribution depends on the customer's features (`freezeLinear`). */
export const LINEAR_ALGORITHMS = ["lin-ts", "lin-ucb"] as const;
export type LinearAlgorithm = (typeof LINEAR_ALGORITHMS)[number];

export function isLinear(algorithm: Algorithm | LinearAlgorithm): algorithm is LinearAlgorithm {
  return algorithm === "lin-ts" || algorithm === "lin-ucb";
}

export interface ChooseOptions {
  readonly algorithm: Algorithm;
  /** `binary` rewards (0 and 1) have a beta posterior, amounts a normal one. */
  readonly reward: "binary" | "amount";
  /** In the order of the arms; default: one pseudo-customer with the overall mean. */
  readonly priors?: readonly ArmPrior[] | undefined;
  /** For epsilon-greedy: share of customers whose arm is drawn uniformly, in [0, 1]. Default 0.1. */
  readonly epsilon?: number | undefined;
  /** For UCB1: weight of an arm's uncertainty. Default 1. */
  readonly alpha?: number | undefined;
  /** For top-two: probability of keeping the leader. Default 0.5. */
  readonly keep?: number | undefined;
}

/**
 * The distribution of the next batch of customers over the arms: weights in the arms' order that sum to 1.
 * Rewards arrive in batches long after the choice, so a distribution is needed rather than one arm.
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
 * Upper confidence bounds: mean + alpha sqrt(2 log(N) / n); an arm without customers ranks first.
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
 * The weights if the leader is kept with probability `keep` and otherwise another arm is drawn. The
 * second-best arm receives more customers, so the best arm is identified sooner.
 *
 * Source: Russo 2020, "Simple Bayesian algorithms for best-arm identification", Operations Research 68.
 *
 * @param best probability that each arm is the best, in any order
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
  /** Customers that every arm needs before the weights apply; default 100. */
  readonly least?: number | undefined;
}

/**
 * The assignment probabilities p = f + (1 - K f) w: every arm keeps a share f from the uniform part, so that
 * later policies can be evaluated on the log. Uniform until every arm has `least` customers.
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
  const means = arms.map((arm, i) => posteriorOf(arm, priors[i] ?? FLAT, 1).mean);
  return mostOf(means).map((weight) => epsilon / arms.length + (1 - epsilon) * weight);
}

function bestWeights(arms: readonly ArmRewards[], { reward, priors: given }: ChooseOptions): Float64Array {
  const priors = priorsOf(arms, given);
  if (reward === "amount") {
    const variance = pooledVariance(arms);
    return bestOfNormals(arms.map((arm, i) => posteriorOf(arm, priors[i] ?? FLAT, variance)));
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

/** 1 for the arm with the largest score; tied arms share it. */
export function mostOf(scores: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(scores);
  const most = Math.max(...own);
  const winners = own.filter((score) => score === most).length;
  return own.map((score) => (score === most ? 1 / winners : 0));
}
