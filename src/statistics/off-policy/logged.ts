import { invalidOption } from "../../core/index.ts";

/** The decisions of a policy and their rewards. */
export interface LoggedDecisions {
  /** The action taken, an index from 0. */
  readonly actions: Int32Array;
  readonly rewards: Float64Array;
  /** The probability, in (0, 1], with which the logging policy took that action. */
  readonly propensity: Float64Array;
  readonly actionCount: number;
}

/**
 * A policy to evaluate: the probability, in [0, 1], with which it takes an action for the customer of a row.
 */
export type TargetPolicy = (row: number, action: number) => number;

/** How well the log covers the policy. */
export interface Overlap {
  readonly rows: number;
  /** (sum of weights)^2 / sum of squared weights: the effective number of rows of the log for this policy. */
  readonly effectiveRows: number;
  readonly largestWeight: number;
  /** Mean of the weights: about 1 if the propensities are right. */
  readonly meanWeight: number;
  /** Actions that the policy takes but the log never does. */
  readonly unseen: readonly number[];
}

/**
 * Importance weights: the policy's probability of the logged action over the logging policy's.
 *
 * @throws ERR_OPTION_INVALID actions outside [0, actionCount), propensities outside (0, 1], columns of
 *   different lengths, probabilities of the policy outside [0, 1]
 */
export function importanceWeights(log: LoggedDecisions, policy: TargetPolicy): Float64Array {
  const rows = log.actions.length;
  if (rows === 0 || log.rewards.length !== rows || log.propensity.length !== rows) {
    throw invalidOption(`${rows} rewards and propensities, 1 or more`, "the log", log.rewards.length);
  }
  return Float64Array.from(log.actions, (action, row) => {
    const own = log.propensity[row] ?? Number.NaN;
    if (!(action >= 0 && action < log.actionCount)) refuse(`action of row ${row}`, action, "an index from 0");
    if (!(own > 0 && own <= 1)) refuse(`propensity of row ${row}`, own, "a probability in (0, 1]");
    if (!Number.isFinite(log.rewards[row]))
      refuse(`reward of row ${row}`, log.rewards[row], "a finite number");
    const target = policy(row, action);
    if (!(target >= 0 && target <= 1 + 1e-9)) {
      refuse(`the policy's probability in row ${row}`, target, "a probability in [0, 1]");
    }
    return target / own;
  });
}

export function overlapOf(log: LoggedDecisions, policy: TargetPolicy, weights: Float64Array): Overlap {
  let sum = 0;
  let squares = 0;
  let largestWeight = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
    if (weight > largestWeight) largestWeight = weight;
  }
  const rows = weights.length;
  return {
    rows,
    effectiveRows: squares > 0 ? (sum * sum) / squares : 0,
    largestWeight,
    meanWeight: sum / rows,
    unseen: unseenActions(log, policy),
  };
}

function unseenActions({ actions, actionCount }: LoggedDecisions, policy: TargetPolicy): number[] {
  const seen = new Set(actions);
  return Array.from({ length: actionCount }, (_, action) => action).filter(
    (action) => !seen.has(action) && actions.some((_, row) => policy(row, action) > 0),
  );
}

function refuse(name: string, received: unknown, what: string): never {
  throw invalidOption(
    what,
    name,
    received,
    "Log for every decision the action, its probability at that moment, and the reward.",
  );
}
