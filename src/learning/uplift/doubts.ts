import { averageOf, meanError } from "../../statistics/index.ts";
import type { Doubt } from "./evaluate.ts";
import type { EncodedExperiment } from "./experiment.ts";

/** Probabilities below this, or above 1 minus this, leave no comparable customers; for two arms. */
const EXTREME = 0.02;
/** Share of customers with such a probability that an adjustment bears. */
const MOST_EXTREME = 0.05;
/** Customers that an arm's weighted rows are worth, as a share of its rows, at the least. */
const LEAST_EFFECTIVE = 0.3;
/** Standard errors of the difference between raw and adjusted effects that chance does not pass. */
const CLEAR = 2.6;

/**
 * Why effects cannot be determined from a log without random assignment and with estimated probabilities: arms
 * without customers alike to compare with, or an adjustment that moves an effect beyond error, so that what moved it
 * may well be more than the columns say. Empty if the arms were assigned at random, or with known probabilities.
 *
 * @param scores doubly robust, per arm
 */
export function doubtsOf(experiment: EncodedExperiment, scores: readonly Float64Array[]): Doubt[] {
  const { propensities, labels } = experiment;
  if (propensities.source !== "estimated" || propensities.perArm === null) return [];
  const alone = labels.filter((_, arm) => lacksOverlap(experiment, arm));
  const moved = labels.slice(1).filter((_, i) => isMoved(experiment, scores[i] as Float64Array, i + 1));
  return [
    ...(alone.length > 0 ? [{ kind: "no overlap", arms: alone } as const] : []),
    ...(moved.length > 0 ? [{ kind: "moved", arms: moved } as const] : []),
  ];
}

function lacksOverlap({ propensities, arms }: EncodedExperiment, arm: number): boolean {
  const column = propensities.perArm?.[arm] as Float64Array;
  const share = propensities.shares[arm] as number;
  // Of many arms each is rare: a fifth of its share then.
  const least = Math.min(EXTREME, share / 5);
  let extreme = 0;
  let weights = 0;
  let squares = 0;
  let rows = 0;
  for (let row = 0; row < arms.length; row++) {
    const p = column[row] as number;
    if (p < least || p > 1 - EXTREME) extreme++;
    if (arms[row] !== arm) continue;
    rows++;
    weights += 1 / p;
    squares += 1 / (p * p);
  }
  return extreme > MOST_EXTREME * arms.length || (weights * weights) / squares < LEAST_EFFECTIVE * rows;
}

/** Whether the adjusted effect differs from the raw one by more than error, both being of the same customers. */
function isMoved(experiment: EncodedExperiment, scores: Float64Array, arm: number): boolean {
  const { arms, outcomes, clusters } = experiment;
  const meanOf = (code: number) => averageOf(outcomes.filter((_, row) => arms[row] === code));
  const shareOf = (code: number) =>
    arms.reduce((count, own) => count + (own === code ? 1 : 0), 0) / arms.length;
  const [control, shown] = [meanOf(0), meanOf(arm)];
  const [controlShare, shownShare] = [shareOf(0), shareOf(arm)];
  const difference = scores.map((score, row) => {
    const outcome = outcomes[row] as number;
    let raw = shown - control;
    if (arms[row] === arm) raw += (outcome - shown) / shownShare;
    else if (arms[row] === 0) raw -= (outcome - control) / controlShare;
    return score - raw;
  });
  return Math.abs(averageOf(difference)) > CLEAR * meanError(difference, clusters);
}
