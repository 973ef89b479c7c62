import { createRandom } from "../../core/index.ts";
import { assignFolds } from "../folds.ts";
import type { LoggedDecisions } from "./logged.ts";

export interface CrossFitOptions {
  /**
   * A small whole number per row; rewards within one stratum are similar, such as a place on the page.
   * Default: one stratum.
   */
  readonly strata?: Int32Array | undefined;
  /** Default 3. */
  readonly folds?: number | undefined;
  readonly seed?: number | undefined;
}

/** Weight, in rows, of the overall mean in the mean of an action or stratum. */
const PRIOR_ROWS = 20;

/**
 * Rewards predicted from the log itself. Each row's prediction comes from the other folds: an action's mean
 * in its stratum, shrunk towards the overall mean. A poor prediction reduces precision but adds no bias.
 */
export function crossFitRewards(
  log: LoggedDecisions,
  { strata, folds = 3, seed = 1 }: CrossFitOptions = {},
): (row: number, action: number) => number {
  const { actions, rewards, actionCount } = log;
  const foldOf = assignFolds(actions, folds, createRandom(seed));
  const stratumOf = (row: number) => strata?.[row] ?? 0;
  const strataCount = 1 + actions.reduce((most, _, row) => Math.max(most, stratumOf(row)), 0);
  const cells = strataCount * actionCount;
  const sums = new Float64Array(folds * cells);
  const counts = new Float64Array(folds * cells);
  for (let row = 0; row < actions.length; row++) {
    const cell = (foldOf[row] ?? 0) * cells + stratumOf(row) * actionCount + (actions[row] ?? 0);
    sums[cell] = (sums[cell] ?? 0) + (rewards[row] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const total = (values: Float64Array, from: number, to: number) =>
    values.subarray(from, to).reduce((sum, value) => sum + value, 0);
  const allSum = total(sums, 0, sums.length);
  const allCount = total(counts, 0, counts.length);
  const predictions = new Float64Array(folds * cells);
  for (let fold = 0; fold < folds; fold++) {
    const outside = allCount - total(counts, fold * cells, (fold + 1) * cells);
    const mean = (allSum - total(sums, fold * cells, (fold + 1) * cells)) / Math.max(1, outside);
    for (let cell = 0; cell < cells; cell++) {
      let sum = 0;
      let count = 0;
      for (let other = 0; other < folds; other++) {
        if (other === fold) continue;
        sum += sums[other * cells + cell] ?? 0;
        count += counts[other * cells + cell] ?? 0;
      }
      predictions[fold * cells + cell] = (sum + PRIOR_ROWS * mean) / (count + PRIOR_ROWS);
    }
  }
  return (row, action) =>
    predictions[(foldOf[row] ?? 0) * cells + stratumOf(row) * actionCount + action] ?? 0;
}
