import { expected, invalidOption, LookalikeError } from "../core/index.ts";
import { type Clusters, clusteredMean } from "./clusters.ts";
import { doublyRobust } from "./doubly-robust.ts";
import { around, type Estimate } from "./intervals.ts";

/** The holdout of a randomised experiment, on which policies are evaluated. */
export interface PolicySample {
  /** Arm that each row was given; 0 is the control. */
  readonly arms: Int32Array;
  /** Number of arms, the control included. */
  readonly armCount: number;
  readonly outcomes: Float64Array;
  /** Probability, in (0, 1], with which each row was given its arm; default: the arm's share of the rows. */
  readonly propensity?: Float64Array | null | undefined;
  /** Predicted outcome by arm and row; default: each arm's mean outcome. */
  readonly predicted?: readonly Float64Array[] | undefined;
  /** Rows that depend on each other; default: all rows are independent. */
  readonly clusters?: Clusters | undefined;
}

/** What an arm earns per outcome and costs per customer; the control's are 0 and 0. */
export interface ArmTerms {
  readonly margin: number;
  readonly cost: number;
}

export interface PolicyValue {
  /** Share of rows that the policy gives each arm. */
  readonly shares: readonly number[];
  /**
   * Mean outcome if the policy decided for every customer, by self-normalised inverse propensity weighting.
   */
  readonly ipw: Estimate;
  /** The same, doubly robust. */
  readonly doublyRobust: Estimate;
  /** Gain over showing no offers, per customer, in the unit of the margins; doubly robust. */
  readonly gain: Estimate;
}

/** Values per row whose means are the policy's values; used to compare two policies row by row. */
export interface PolicyScores {
  readonly outcome: Float64Array;
  readonly gain: Float64Array;
}

/**
 * The value of a policy, estimated on customers who were assigned at random:
 *
 * - IPW: sum of 1{arm = policy} y / e over sum of 1{arm = policy} / e (Hájek), with the linearised standard
 *   error;
 * - doubly robust: mean of m(policy) + 1{arm = policy} (y - m(policy)) / e;
 * - gain: mean of margin(policy) x (effect of the policy's arm against the control) - cost(policy), 0 if the
 *   policy shows nothing; the effect is a difference of two doubly robust scores.
 *
 * Intervals are normal (95 %), over the rows, for a policy that was learned on other rows.
 *
 * Source: Dudík, Langford and Li 2011, "Doubly robust policy evaluation and learning"; Hájek 1971.
 *
 * @param policy the arm that the policy gives each row
 * @param terms by arm, the control's too; default margin 1 and cost 0
 * @throws ERR_ARM_EMPTY the policy and the experiment agree on no row, so the policy cannot be evaluated
 * @throws ERR_OPTION_INVALID a propensity outside (0, 1]
 */
export function policyValue(
  sample: PolicySample,
  policy: ArrayLike<number>,
  terms?: readonly ArmTerms[],
): PolicyValue {
  const scores = policyScores(sample, policy, terms);
  const counts = new Array<number>(sample.armCount).fill(0);
  for (let row = 0; row < policy.length; row++) {
    const arm = policy[row] as number;
    counts[arm] = (counts[arm] as number) + 1;
  }
  return {
    shares: counts.map((count) => count / policy.length),
    ipw: hajek(sample, policy),
    doublyRobust: clusteredMean(scores.outcome, sample.clusters),
    gain: clusteredMean(scores.gain, sample.clusters),
  };
}

/** Doubly robust scores of a policy per row; as `policyValue`. */
export function policyScores(
  sample: PolicySample,
  policy: ArrayLike<number>,
  terms: readonly ArmTerms[] = defaultTerms(sample.armCount),
): PolicyScores {
  const { arms, outcomes } = sample;
  const rows = arms.length;
  const propensity = propensitiesOf(sample);
  const predict = predictorOf(sample);
  const outcome = new Float64Array(rows);
  const gain = new Float64Array(rows);
  const scoreOf = (row: number, arm: number): number => {
    const outcome = arms[row] === arm ? (outcomes[row] as number) : null;
    return doublyRobust(predict(arm, row), outcome, propensity[row] as number);
  };
  for (let row = 0; row < rows; row++) {
    const arm = policy[row] as number;
    const score = scoreOf(row, arm);
    outcome[row] = score;
    if (arm === 0) continue;
    const { margin, cost } = terms[arm] as ArmTerms;
    gain[row] = margin * (score - scoreOf(row, 0)) - cost;
  }
  return { outcome, gain };
}

/** The difference in value of two policies on the same rows: the mean difference of their scores. */
export function comparePolicies(a: Float64Array, b: Float64Array, clusters?: Clusters): Estimate {
  return clusteredMean(
    a.map((value, row) => value - (b[row] as number)),
    clusters,
  );
}

function hajek(sample: PolicySample, policy: ArrayLike<number>): Estimate {
  const { arms, outcomes } = sample;
  const propensity = propensitiesOf(sample);
  let weights = 0;
  let sum = 0;
  for (let row = 0; row < arms.length; row++) {
    if (arms[row] !== policy[row]) continue;
    weights += 1 / (propensity[row] as number);
    sum += (outcomes[row] as number) / (propensity[row] as number);
  }
  if (weights === 0) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      expected("a customer who was shown what the policy would show", "the sample", 0),
      {
        hint: "Use a log that contains the offers that the policy chooses.",
      },
    );
  }
  const mean = sum / weights;
  let squares = 0;
  for (let row = 0; row < arms.length; row++) {
    if (arms[row] !== policy[row]) continue;
    squares += (((outcomes[row] as number) - mean) / (propensity[row] as number)) ** 2;
  }
  return around(mean, Math.sqrt(squares) / weights);
}

function propensitiesOf({ arms, armCount, propensity }: PolicySample): Float64Array {
  if (propensity) {
    const bad = propensity.findIndex((e) => !(e > 0 && e <= 1));
    if (bad < 0) return propensity;
    throw invalidOption(
      "a probability in (0, 1]",
      `propensity[${bad}]`,
      propensity[bad],
      "Remove rows whose assignment was certain or impossible.",
    );
  }
  const counts = new Float64Array(armCount);
  for (const arm of arms) counts[arm] = (counts[arm] as number) + 1;
  return Float64Array.from(arms, (arm) => (counts[arm] as number) / arms.length);
}

function predictorOf({ arms, armCount, outcomes, predicted }: PolicySample) {
  if (predicted) return (arm: number, row: number) => predicted[arm]?.[row] as number;
  const counts = new Float64Array(armCount);
  const sums = new Float64Array(armCount);
  for (let row = 0; row < arms.length; row++) {
    const arm = arms[row] as number;
    counts[arm] = (counts[arm] as number) + 1;
    sums[arm] = (sums[arm] as number) + (outcomes[row] as number);
  }
  return (arm: number) => (sums[arm] as number) / Math.max(1, counts[arm] as number);
}

function defaultTerms(armCount: number): ArmTerms[] {
  return Array.from({ length: armCount }, () => ({ margin: 1, cost: 0 }));
}
