import { createRandom } from "../../../core/index.ts";
import { dealFolds, splitFold } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";

/** One part of the rows to test on, the others to learn from. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export const FOLDS = 5;
/** Number of random splits into folds: results must not depend on a single split. */
const DEALS = 3;

/** The folds of all splits in sequence; arms and outcomes are stratified over the folds of a split. */
export function dealAll({ arms, outcomes, kind, clusters }: EncodedExperiment, seed: number): Fold[] {
  const strata = Int32Array.from(arms, (arm, row) => 2 * arm + (isOne(outcomes[row] as number) ? 1 : 0));
  return Array.from({ length: DEALS }, (_, deal) => {
    const foldOf = dealFolds(strata, FOLDS, createRandom(seed + 1000 * deal), clusters);
    return Array.from({ length: FOLDS }, (_, fold) => splitFold(foldOf, fold));
  }).flat();

  function isOne(outcome: number): boolean {
    return kind === "binary" ? outcome === 1 : outcome > 0;
  }
}

/** The folds of each split: [first, end) of those of `dealAll`. */
export function dealsOf(folds: number): readonly (readonly [number, number])[] {
  return Array.from({ length: folds / FOLDS }, (_, deal) => [deal * FOLDS, (deal + 1) * FOLDS]);
}
