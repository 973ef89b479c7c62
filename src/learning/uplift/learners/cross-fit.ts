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

/** One fold of a cross-fit: outcome models of the arms learn from some rows and predict others. */
export interface MeansTask {
  readonly family: Family;
  readonly seed: number;
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

const FOLDS = 3;

/**
 * Cross-fitted outcome models; linear models of the arms are shrunk towards each other.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning".
 */
export function crossFit(family: Family, input: LearnerInput): CrossFit {
  const { experiment, rows, seed } = input;
  const tasks = meansTasks(family, input);
  const arms = rowsByArm(experiment, rows);
  const sharing = family === "boosting" ? arms.slice(0, 1) : arms;
  const [none] = fitOutcomes(family, experiment, sharing, { sharing: "shared", seed: seed + FOLDS });
  return {
    means: joinMeans(
      experiment,
      tasks,
      tasks.map((task) => predictMeans(experiment, task)),
    ),
    none: none as OutcomeModel,
  };
}

/** The folds of a cross-fit; arms are spread evenly over them. */
export function meansTasks(family: Family, { experiment, rows, seed }: LearnerInput): MeansTask[] {
  const strata = Int32Array.from(rows, (row) => experiment.arms[row] as number);
  const clusters = takeClusters(experiment.clusters, rows);
  const foldOf = assignFolds(strata, FOLDS, createRandom(seed), clusters);
  const at = (positions: Uint32Array) => positions.map((i) => rows[i] as number);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const { train, test } = splitFold(foldOf, fold);
    return { family, seed: seed + fold, train: at(train), test: at(test) };
  });
}

/** For each arm, the predicted mean outcome of each row of `test`. */
export function predictMeans(
  experiment: EncodedExperiment,
  { family, seed, train, test }: MeansTask,
): Float64Array[] {
  const models = fitOutcomes(family, experiment, rowsByArm(experiment, train), { sharing: "shared", seed });
  const features = takeFeatures(experiment, test);
  return models.map((model) =>
    model.kind === "forest" ? new Float64Array(test.length) : predictModel(model, features),
  );
}

/** The folds' predictions, one per arm and row of the experiment. */
export function joinMeans(
  { labels, arms }: EncodedExperiment,
  tasks: readonly MeansTask[],
  predicted: readonly (readonly Float64Array[])[],
): Float64Array[] {
  return labels.map((_, arm) => {
    const column = new Float64Array(arms.length);
    for (const [fold, { test }] of tasks.entries()) {
      const own = predicted[fold]?.[arm];
      for (let i = 0; i < test.length; i++) column[test[i] as number] = own?.[i] as number;
    }
    return column;
  });
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
