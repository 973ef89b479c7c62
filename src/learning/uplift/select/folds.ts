import { createRandom } from "../../../core/index.ts";
import { assignFolds, splitFold } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";

/** One part of the rows for testing; the others are for training. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

export const FOLDS = 5;
/** Number of random splits into folds: a finding must not depend on a single split. */
const REPEATS = 3;

/**
 * The folds of every repeat, in order of the repeats; arms and outcomes are spread evenly over the folds of a
 * repeat.
 */
export function splitRepeatedly({ arms, outcomes, kind, clusters }: EncodedExperiment, seed: number): Fold[] {
  const strata = Int32Array.from(arms, (arm, row) => 2 * arm + (isOne(outcomes[row] as number) ? 1 : 0));
  return Array.from({ length: REPEATS }, (_, repeat) => {
    const foldOf = assignFolds(strata, FOLDS, createRandom(seed + 1000 * repeat), clusters);
    return Array.from({ length: FOLDS }, (_, fold) => splitFold(foldOf, fold));
  }).flat();

  function isOne(outcome: number): boolean {
    return kind === "binary" ? outcome === 1 : outcome > 0;
  }
}

/** The other folds of a fold's repeat. */
export function othersOf(fold: number): number[] {
  const first = fold - (fold % FOLDS);
  return Array.from({ length: FOLDS }, (_, i) => first + i).filter((i) => i !== fold);
}

/** The folds of each repeat, as ranges [first, end) of `splitRepeatedly`. */
export function repeatsOf(folds: number): readonly (readonly [number, number])[] {
  return Array.from({ length: folds / FOLDS }, (_, repeat) => [repeat * FOLDS, (repeat + 1) * FOLDS]);
}
