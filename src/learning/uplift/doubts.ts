import { averageOf, type Clusters, firstRows, meanError, unevenRejections } from "../../statistics/index.ts";
import { type EncodeOptions, type ExperimentRows, encodeExperiment } from "./experiment.ts";
import { type BalanceRows, effectWithin, type GroupedColumn, imbalancedColumns } from "./imbalance.ts";
import { scoresOf } from "./learners/dr.ts";
import type { Doubt } from "./metrics.ts";
import { driftingOrder } from "./order-of-rows.ts";
import { otherUnits, repeatedBuyers } from "./rows.ts";
import { MIN_ARM_ROWS } from "./select/compare-learners.ts";

/**
 * Probabilities below this, or above 1 minus this, mean that there are no comparable customers; for two arms.
 */
const EXTREME = 0.02;
/** Largest share of customers with such a probability that an adjustment tolerates. */
const MOST_EXTREME = 0.05;
/** Minimum effective number of an arm's weighted rows, as a share of its rows. */
const LEAST_EFFECTIVE = 0.3;
/** Standard errors between raw and adjusted effects that chance does not exceed. */
const CLEAR = 2.6;

/**
 * The reasons why effects cannot be determined from a log; empty if they can:
 *
 * - customers of the arms were measured in different shares;
 * - customers who bought have several rows, and no others, or the amounts of an arm are in another unit;
 * - probabilities had to be estimated, and arms have no comparable customers, or the adjustment changes an
 *   effect beyond error, so that unmeasured differences are likely too;
 * - columns differ between the arms more than the probabilities of the arms explain. With equal
 *   probabilities, this counts only if comparing similar customers changes an effect; given probabilities
 *   cannot be those of the arms shown;
 * - the shares of the arms change in the course of the log, without given probabilities, and comparing neighbours changes
 *   an effect.
 *
 * @param scoresOf doubly robust scores per arm, called if probabilities had to be estimated
 */
export function doubtsOf(experiment: BalanceRows, scoresOf: () => readonly Float64Array[]): Doubt[] {
  return [
    ...incomplete(experiment),
    ...repeatedBuyers(experiment),
    ...otherUnits(experiment),
    ...incomparable(experiment, scoresOf),
  ];
}

function incomplete({ received, arms, clusters }: BalanceRows): Doubt[] {
  const uneven = unevenRejections(received, arms.length / firstRows(arms.length, clusters).length);
  return uneven.length === 0
    ? []
    : [
        {
          kind: "incomplete",
          arms: uneven.map(({ arm }) => arm),
          received: [...received.slice(0, 1), ...uneven],
        },
      ];
}

function incomparable(experiment: BalanceRows, scoresOf: () => readonly Float64Array[]): Doubt[] {
  const { propensities, labels } = experiment;
  const offers = labels.slice(1);
  const uneven = imbalancedColumns(experiment);
  if (propensities.source === "given") return uneven.length > 0 ? [unbalanced(offers, uneven)] : [];
  const order = propensities.source === "shares" ? driftingOrder(experiment) : null;
  if (propensities.source === "shares" && uneven.length === 0 && order === null) return [];
  const plain = offers.map((_, i) => plainEffect(experiment, i + 1));
  const changing = (effects: readonly Float64Array[]) =>
    uneven.filter((column) =>
      effects.some((own, i) => differ(effectWithin(experiment, column, i + 1), own, experiment.clusters)),
    );
  if (propensities.source === "shares") {
    const alone = uneven.some((column) => isDividing(experiment, column)) ? labels : [];
    const changed = changing(plain);
    if (alone.length > 0 || changed.length > 0)
      return [...noOverlap(alone), ...(changed.length > 0 ? [unbalanced(offers, changed)] : [])];
    const drifted = offers.filter(
      (_, i) =>
        order !== null &&
        differ(effectWithin(experiment, order, i + 1), plain[i] as Float64Array, experiment.clusters),
    );
    return drifted.length > 0 ? [{ kind: "drifting", arms: drifted }] : [];
  }
  const scores = scoresOf();
  const alone = labels.filter((_, arm) => lacksOverlap(experiment, arm));
  const moved = offers.filter((_, i) =>
    differ(scores[i] as Float64Array, plain[i] as Float64Array, experiment.clusters),
  );
  const changed = moved.length === 0 ? changing(scores) : [];
  return [
    ...noOverlap(alone),
    ...(moved.length > 0 ? [{ kind: "moved", arms: moved } as const] : []),
    ...(changed.length > 0 ? [unbalanced(offers, changed)] : []),
  ];
}

function noOverlap(arms: readonly string[]): Doubt[] {
  return arms.length > 0 ? [{ kind: "no overlap", arms }] : [];
}

/** Whether most groups of a column have customers of one arm alone, for more customers than an adjustment tolerates. */
function isDividing({ arms, labels }: BalanceRows, { groups, count }: GroupedColumn): boolean {
  const rows = Array.from({ length: count }, () => new Uint32Array(labels.length));
  for (let row = 0; row < arms.length; row++) {
    const group = rows[groups[row] as number] as Uint32Array;
    group[arms[row] as number] = (group[arms[row] as number] as number) + 1;
  }
  const divided = rows.reduce((sum, group) => {
    const all = group.reduce((a, b) => a + b, 0);
    return sum + (Math.max(...group) > (1 - EXTREME) * all ? all : 0);
  }, 0);
  return divided > MOST_EXTREME * arms.length;
}

function unbalanced(arms: readonly string[], columns: readonly GroupedColumn[]): Doubt {
  return { kind: "unbalanced", arms, columns: columns.map(({ feature }) => feature) };
}

function lacksOverlap({ propensities, arms }: BalanceRows, arm: number): boolean {
  const column = propensities.perArm?.[arm] as Float64Array;
  const share = propensities.shares[arm] as number;
  // With many arms each is rare, so the limit is a fifth of its share.
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

/** One number per row, whose mean is the unadjusted difference between an arm and the control. */
function plainEffect({ arms, outcomes }: BalanceRows, arm: number): Float64Array {
  const meanOf = (code: number) => averageOf(outcomes.filter((_, row) => arms[row] === code));
  const shareOf = (code: number) =>
    arms.reduce((count, own) => count + (own === code ? 1 : 0), 0) / arms.length;
  const [control, shown] = [meanOf(0), meanOf(arm)];
  const [controlShare, shownShare] = [shareOf(0), shareOf(arm)];
  return outcomes.map((outcome, row) => {
    if (arms[row] === arm) return shown - control + (outcome - shown) / shownShare;
    return arms[row] === 0 ? shown - control - (outcome - control) / controlShare : shown - control;
  });
}

/** Whether two estimates of an effect, on the same customers, differ by more than error. */
function differ(one: Float64Array, other: Float64Array, clusters: Clusters): boolean {
  const difference = one.map((score, row) => score - (other[row] as number));
  return Math.abs(averageOf(difference)) > CLEAR * meanError(difference, clusters);
}

/** `doubtsOf` for a log that is not encoded; empty if an arm has too few rows to compare. */
export function logDoubts(
  experiment: ExperimentRows,
  options: EncodeOptions & { readonly seed: number },
): Doubt[] {
  const encoded = encodeExperiment(experiment, options);
  const rows = encoded.labels.map((_, arm) => encoded.arms.reduce((n, own) => n + (own === arm ? 1 : 0), 0));
  if (rows.some((count) => count < MIN_ARM_ROWS)) return [];
  return doubtsOf(encoded, () => scoresOf(encoded, options.seed));
}
