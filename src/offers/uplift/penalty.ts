import type { Random } from "../../random.ts";
import { randomPermutation } from "../../random.ts";
import { type DesignMatrix, takeNumbers, takeRows } from "../features/encode.ts";
import { dealFolds, splitFold } from "../measure/folds.ts";
import { fitLogisticPath, logLoss, predictLogistic } from "./logistic.ts";

/** Rows of one arm, ready to be fitted. */
export interface ArmRows {
  readonly matrix: DesignMatrix;
  /** 0 or 1 per row. */
  readonly outcomes: Float64Array;
}

/** From hardly any shrinkage to nearly none of the effects left, for standardised columns. */
const PENALTIES: readonly number[] = [10_000, 3_000, 1_000, 300, 100, 30, 10, 3, 1];
const FOLDS = 3;
/**
 * More rows than this decide nothing: a prior's precision does not depend on how many rows are read, and with so
 * many it hardly matters.
 */
const MAX_ROWS = 20_000;
/** In nats: penalties whose losses differ by less are equally good. */
const TOLERANCE = 1e-3;

/**
 * The penalty of the lowest cross-validated log-loss, one for all arms together: arms shrunk by different amounts
 * would differ by the shrinkage alone, which looks like an uplift.
 *
 * Source of the bias avoided: Künzel et al. 2019, PNAS 116 (regularisation in T-learners).
 */
export function choosePenalty(arms: readonly ArmRows[], random: Random): number {
  const losses = new Float64Array(PENALTIES.length);
  for (const arm of arms) {
    const sample = sampleRows(arm, random);
    const foldOf = dealFolds(sample.outcomes, FOLDS, random);
    for (let fold = 0; fold < FOLDS; fold++) addFoldLosses(losses, sample, splitFold(foldOf, fold));
  }
  // From the strongest on, so that a tie goes to the simpler model.
  const best = losses.reduce((at, loss, i) => (loss < (losses[at] as number) ? i : at), 0);
  return PENALTIES[best] as number;
}

function addFoldLosses(
  losses: Float64Array,
  { matrix, outcomes }: ArmRows,
  rows: { train: Uint32Array; test: Uint32Array },
): void {
  if (rows.train.length === 0 || rows.test.length === 0) return;
  const train = takeRows(matrix, rows.train);
  const test = takeRows(matrix, rows.test);
  const trainOutcomes = takeNumbers(outcomes, rows.train);
  const testOutcomes = takeNumbers(outcomes, rows.test);
  for (const [i, model] of fitLogisticPath(train, trainOutcomes, PENALTIES, TOLERANCE).entries()) {
    losses[i] = (losses[i] as number) + logLoss(predictLogistic(model, test), testOutcomes);
  }
}

function sampleRows(arm: ArmRows, random: Random): ArmRows {
  if (arm.matrix.rows <= MAX_ROWS) return arm;
  const rows = randomPermutation(arm.matrix.rows, random).subarray(0, MAX_ROWS);
  return { matrix: takeRows(arm.matrix, rows), outcomes: takeNumbers(arm.outcomes, rows) };
}
