import type { EncodedExperiment } from "../experiment.ts";
import { type MeansTask, predictMeans, takeFeatures } from "../learners/cross-fit.ts";
import { fitLearner } from "../learners/fit.ts";
import type { FittedLearner } from "../learners/types.ts";
import { createRowPredictor } from "../predict.ts";
import type { LearnerId } from "../types.ts";

/** A unit of work for one thread. */
export interface LearnerTask {
  readonly learner: LearnerId;
  readonly seed: number;
  /** Rows for training; null: all. */
  readonly train: Uint32Array | null;
  /** Rows to predict; null: none, only the models are needed. */
  readonly test: Uint32Array | null;
}

export type Task = LearnerTask | MeansTask;

export type LearnerResult =
  /** For each offer, the effect on each row of `test`. */
  { readonly effects: readonly Float64Array[] } | { readonly fitted: FittedLearner };

/** For each arm, the mean outcome of each row of `test`. */
export interface MeansResult {
  readonly means: readonly Float64Array[];
}

export type ResultOf<T extends Task> = T extends MeansTask ? MeansResult : LearnerResult;

export function runTask<T extends Task>(experiment: EncodedExperiment, task: T): ResultOf<T>;
export function runTask(experiment: EncodedExperiment, task: Task): MeansResult | LearnerResult {
  return "family" in task ? { means: predictMeans(experiment, task) } : runLearner(experiment, task);
}

function runLearner(experiment: EncodedExperiment, task: LearnerTask): LearnerResult {
  const rows = task.train ?? Uint32Array.from({ length: experiment.arms.length }, (_, row) => row);
  const fitted = fitLearner(task.learner, { experiment, rows, seed: task.seed });
  if (task.test === null) return { fitted };
  const { none, offers } = createRowPredictor({ ...fitted, outcome: experiment.kind })(
    takeFeatures(experiment, task.test),
  );
  return { effects: offers.map((offer) => offer.map((value, row) => value - (none[row] as number))) };
}
