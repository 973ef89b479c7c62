import { createRandom } from "../../../random.ts";
import { dealFolds, splitFold } from "../../measure/folds.ts";
import type { EncodedExperiment } from "../experiment.ts";

/** One part of the rows to test on, the others to learn from. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export const FOLDS = 5;
/** Below so many rows, where single customers move a Qini, the rows are dealt three times. */
const SMALL_ROWS = 6_000;

/** Repetitions of a 5-fold deal, arms and outcomes spread evenly; the folds of one repetition after the other. */
export function dealAll({ arms, outcomes, kind }: EncodedExperiment, seed: number): Fold[] {
  const repeats = arms.length < SMALL_ROWS ? 3 : 1;
  const strata = Int32Array.from(arms, (arm, row) => 2 * arm + (isOne(outcomes[row] as number) ? 1 : 0));
  return Array.from({ length: repeats }, (_, repeat) => {
    const foldOf = dealFolds(strata, FOLDS, createRandom(seed + 1000 * repeat));
    return Array.from({ length: FOLDS }, (_, fold) => splitFold(foldOf, fold));
  }).flat();

  function isOne(outcome: number): boolean {
    return kind === "binary" ? outcome === 1 : outcome > 0;
  }
}
