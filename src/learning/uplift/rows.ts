import { clusterSums, quantile } from "../../statistics/index.ts";
import { rowsByArm } from "./experiment.ts";
import type { BalanceRows } from "./imbalance.ts";
import { USUAL_SHARE, usualAmount } from "./learners/outcome.ts";
import type { Doubt } from "./metrics.ts";

/** Doubts that the rows of a log raise by themselves, whatever their columns are. */

/** Minimum number of customers with several rows, and their share who have an outcome in each. */
const LEAST_REPEATED = 20;
const NEARLY_ALL = 0.95;
/** Largest share of the other customers who have an outcome: above it, several rows with one are no surprise. */
const MOST_SINGLE = 0.5;
/** Ratio of two medians of amounts that no offer explains, such as cents beside euros. */
const OTHER_UNIT = 20;
/** Minimum number of amounts of an arm whose median is compared. */
const LEAST_AMOUNTS = 20;

/**
 * Customers with several rows who have an outcome in each, where most customers with one row have none: the log was
 * joined to purchases, so that buyers count several times.
 */
export function repeatedBuyers({ outcomes, clusters, labels }: BalanceRows): Doubt[] {
  if (clusters === null) return [];
  const rows = clusterSums(new Float64Array(outcomes.length).fill(1), clusters);
  const withOutcome = clusterSums(
    outcomes.map((outcome) => (outcome === 0 ? 0 : 1)),
    clusters,
  );
  let [several, bought, single, singleBought] = [0, 0, 0, 0];
  for (const [customer, own] of rows.entries()) {
    const isBuyer = withOutcome[customer] === own ? 1 : 0;
    if (own > 1) {
      several++;
      bought += isBuyer;
    } else {
      single++;
      singleBought += isBuyer;
    }
  }
  const isJoined =
    several >= LEAST_REPEATED && bought >= NEARLY_ALL * several && singleBought <= MOST_SINGLE * single;
  return isJoined && single > 0 ? [{ kind: "repeated", arms: labels.slice(1) }] : [];
}

/**
 * Arms whose amounts are so much larger or smaller than the control's that their unit is another. An amount is the
 * difference from that of most customers of the arm: 0, or what showing the offer costs.
 */
export function otherUnits(experiment: BalanceRows): Doubt[] {
  const { outcomes, arms, labels } = experiment;
  const everyone = Uint32Array.from(arms.keys());
  const medians = rowsByArm(experiment, everyone).map((rows) => {
    const { amount, share } = usualAmount(outcomes, rows);
    const usual = share >= USUAL_SHARE ? amount : 0;
    const amounts = Float64Array.from(rows, (row) => Math.abs((outcomes[row] as number) - usual))
      .filter((own) => own > 0)
      .sort();
    return amounts.length < LEAST_AMOUNTS ? null : quantile(amounts, 0.5);
  });
  const [control = null] = medians;
  if (control === null) return [];
  const others = labels.filter((_, arm) => {
    const median = medians[arm] ?? control;
    return Math.max(median / control, control / median) > OTHER_UNIT;
  });
  return others.length > 0 ? [{ kind: "units", arms: others }] : [];
}
