import { armEffects, averageOf, meanError, shrinkEffects, takeClusters } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { LearnerId } from "../types.ts";
import { foldMoments, pooledSlope, shrunkSlope } from "./calibrate.ts";
import type { HeldOutEffects } from "./compare.ts";
import { FOLDS, type Fold, othersOf } from "./folds.ts";
import { bestArm, type OfferTerms, worthOf } from "./terms.ts";

/** The value of policies on held-out customers over showing nothing, by doubly robust scores. */
export interface ValueTable {
  /** [learner][fold]: for each test row, the value of the choice by calibrated effects. */
  readonly personal: readonly (readonly Float64Array[])[];
  /**
   * [fold]: for each test row, the value of the best single offer on the fold's training rows; 0 if none
   * pays.
   */
  readonly single: readonly Float64Array[];
}

export interface ValueInput {
  readonly experiment: EncodedExperiment;
  readonly folds: readonly Fold[];
  readonly effects: ReadonlyMap<LearnerId, HeldOutEffects>;
  readonly terms: readonly OfferTerms[];
  /** Doubly robust scores of each arm; one number per row of the experiment. */
  readonly scores: readonly Float64Array[];
}

/**
 * Evaluates every learner's policy on the folds' test rows. A fold's effects are calibrated on the other
 * folds of its repeat: jointly shrunk average effects of its training rows, and slopes measured on the other
 * folds.
 */
export function tabulateValues({ experiment, folds, effects, terms, scores }: ValueInput): ValueTable {
  const averages = folds.map(({ train }) =>
    shrinkEffects(
      armEffects(
        scores.map((column) => Float64Array.from(train, (row) => column[row] as number)),
        takeClusters(experiment.clusters, train),
      ),
    ),
  );
  const earned = (arm: number, row: number) =>
    arm < 0 ? 0 : worthOf(terms[arm] as OfferTerms, scores[arm]?.[row] as number);
  const single = folds.map(({ test }, at) => {
    const best = bestArm(terms, (arm) => averages[at]?.[arm] as number);
    return Float64Array.from(test, (row) => earned(best, row));
  });
  const personal = [...effects.values()].map((byFold) => {
    const moments = folds.map((fold, at) =>
      scores.map((column, arm) => foldMoments(fold, byFold[at]?.[arm] ?? new Float64Array(0), column)),
    );
    return folds.map(({ train, test }, at) => {
      const others = othersOf(at);
      const lines = terms.map((_, arm) => {
        const held = byFold[at]?.[arm] ?? new Float64Array(0);
        const parts = others.flatMap((fold) => moments[fold]?.[arm] ?? []);
        const slope = shrunkSlope(pooledSlope(parts, train.length));
        return { held, slope, centre: averageOf(held) };
      });
      return Float64Array.from(test, (row, i) => {
        const chosen = bestArm(terms, (arm) => {
          const line = lines[arm] as (typeof lines)[number];
          return (averages[at]?.[arm] as number) + line.slope * ((line.held[i] as number) - line.centre);
        });
        return earned(chosen, row);
      });
    });
  });
  return { personal, single };
}

/**
 * For each customer, the mean over the repeats of the policy's value in the fold that tested the customer.
 */
export function valuePerRow(
  rows: number,
  folds: readonly Fold[],
  valuesOf: (fold: number) => Float64Array | undefined,
): Float64Array {
  const sums = new Float64Array(rows);
  const repeats = folds.length / FOLDS;
  for (const [at, { test }] of folds.entries()) {
    const values = valuesOf(at);
    for (let i = 0; i < test.length; i++) {
      const row = test[i] as number;
      sums[row] = (sums[row] as number) + (values?.[i] ?? 0) / repeats;
    }
  }
  return sums;
}

/** A learner is excluded if its policy earns less than another's by more than this number of standard errors. */
const CLEAR = 1;

/** For each learner, whether its policy earns as much as the best one's, apart from noise. */
export function earningEnough({ personal }: ValueTable, { experiment, folds }: ValueInput): boolean[] {
  const rows = experiment.arms.length;
  const values = personal.map((byFold) => valuePerRow(rows, folds, (fold) => byFold[fold]));
  const means = values.map(averageOf);
  const top = means.reduce((best, mean, i) => (mean > (means[best] as number) ? i : best), 0);
  const best = values[top] as Float64Array;
  return values.map((own, i) => {
    const behind = (means[top] as number) - (means[i] as number);
    if (behind <= 0) return true;
    const difference = best.map((value, row) => value - (own[row] as number));
    return behind <= CLEAR * meanError(difference, experiment.clusters);
  });
}
