import { createRandom } from "../../../core/index.ts";
import { assignFolds, splitFold, takeClusters } from "../../../statistics/index.ts";
import { type EncodedExperiment, type FeatureRows, rowsByArm } from "../experiment.ts";
import { predictModel } from "../predict.ts";
import type { OutcomeModel } from "../types.ts";
import { type Family, fitOutcomes } from "./outcome.ts";
import type { LearnerInput } from "./types.ts";

/** The mean outcome of every arm for every row, predicted by models that had not seen the row. */
export interface CrossFit {
  /** For each arm, the control first: one number per row of the experiment; 0 for rows that are not used. */
  readonly means: readonly Float64Array[];
  /** The control's model, fitted on all rows. */
  readonly none: OutcomeModel;
}

const FOLDS = 3;

/**
 * Cross-fitted outcome models; linear models of the arms are shrunk towards each other.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning".
 */
export function crossFit(family: Family, { experiment, rows, seed }: LearnerInput): CrossFit {
  const means = experiment.labels.map(() => new Float64Array(experiment.arms.length));
  const strata = Int32Array.from(rows, (row) => experiment.arms[row] as number);
  const clusters = takeClusters(experiment.clusters, rows);
  const foldOf = assignFolds(strata, FOLDS, createRandom(seed), clusters);
  const at = (positions: Uint32Array) => positions.map((i) => rows[i] as number);
  for (let fold = 0; fold < FOLDS; fold++) {
    const { train, test } = splitFold(foldOf, fold);
    const models = fitOutcomes(family, experiment, rowsByArm(experiment, at(train)), {
      sharing: "shared",
      seed: seed + fold,
    });
    const held = at(test);
    const features = takeFeatures(experiment, held);
    for (const [arm, model] of models.entries()) {
      if (model.kind === "forest") continue;
      const predicted = predictModel(model, features);
      const column = means[arm] as Float64Array;
      for (let i = 0; i < held.length; i++) column[held[i] as number] = predicted[i] as number;
    }
  }
  const arms = rowsByArm(experiment, rows);
  const sharing = family === "boosting" ? arms.slice(0, 1) : arms;
  const [none] = fitOutcomes(family, experiment, sharing, { sharing: "shared", seed: seed + FOLDS });
  return { means, none: none as OutcomeModel };
}

/** The features of the listed rows, in that order. */
export function takeFeatures({ matrix, binned }: FeatureRows, rows: Uint32Array): FeatureRows {
  const values = new Float64Array(rows.length * matrix.width);
  const words = new Uint32Array(rows.length * binned.stride);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    for (let j = 0, from = row * matrix.width, to = i * matrix.width; j < matrix.width; j++) {
      values[to + j] = matrix.values[from + j] as number;
    }
    for (let j = 0, from = row * binned.stride, to = i * binned.stride; j < binned.stride; j++) {
      words[to + j] = binned.words[from + j] as number;
    }
  }
  return {
    matrix: { ...matrix, rows: rows.length, values },
    binned: { ...binned, rows: rows.length, words, bytes: new Uint8Array(words.buffer) },
  };
}

/** The probability of an arm for a row. */
export function propensityOf({ propensities }: EncodedExperiment, arm: number, row: number): number {
  const { perArm, shares } = propensities;
  return (perArm === null ? shares[arm] : perArm[arm]?.[row]) as number;
}
