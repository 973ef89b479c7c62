import { doublyRobust } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import {
  type CrossFit,
  crossFit,
  joinMeans,
  type MeansTask,
  meansTasks,
  predictMeans,
  propensityOf,
} from "./cross-fit.ts";
import { type Family, fitEffect } from "./outcome.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

/**
 * DR-learner: regresses each offer's doubly robust score on the features.
 *
 * Source: Kennedy 2023, "Towards optimal doubly robust estimation of heterogeneous causal effects", Electronic Journal
 * of Statistics 17.
 */
export function fitDr(family: Family, input: LearnerInput): FittedLearner {
  const { experiment, rows, seed } = input;
  const fitted = crossFit(family, input);
  const arms = experiment.labels.slice(1).map((_, i) => {
    const scores = doublyRobustScores(experiment, fitted, rows, i + 1);
    const model = fitEffect(family, experiment, { rows, targets: scores, weights: null }, seed + 10 + i);
    return { predicts: "effect" as const, model };
  });
  return { none: fitted.none, arms, forest: null };
}

/** The work of `scoresOf`. */
export function scoreTasks(experiment: EncodedExperiment, seed: number): MeansTask[] {
  const family = experiment.kind === "binary" ? "logistic" : "linear";
  return meansTasks(family, { experiment, rows: everyRow(experiment), seed });
}

/** Doubly robust scores of every arm and row, from the results of `scoreTasks`. */
export function scoresFrom(
  experiment: EncodedExperiment,
  tasks: readonly MeansTask[],
  predicted: readonly (readonly Float64Array[])[],
): Float64Array[] {
  const rows = everyRow(experiment);
  const means = joinMeans(experiment, tasks, predicted);
  return experiment.labels.slice(1).map((_, i) => doublyRobustScores(experiment, { means }, rows, i + 1));
}

/** Doubly robust scores of every arm and row, by cross-fitted linear models. */
export function scoresOf(experiment: EncodedExperiment, seed: number): Float64Array[] {
  const tasks = scoreTasks(experiment, seed);
  return scoresFrom(
    experiment,
    tasks,
    tasks.map((task) => predictMeans(experiment, task)),
  );
}

/** The same with only the arms' means as models, for arms with too few rows to learn from. */
export function plainScores(
  experiment: EncodedExperiment,
  rates: readonly { readonly outcomeRate: { readonly value: number } }[],
): Float64Array[] {
  const rows = everyRow(experiment);
  const means = rates.map(({ outcomeRate }) => new Float64Array(rows.length).fill(outcomeRate.value));
  return experiment.labels.slice(1).map((_, i) => doublyRobustScores(experiment, { means }, rows, i + 1));
}

function everyRow({ arms }: EncodedExperiment): Uint32Array {
  return Uint32Array.from({ length: arms.length }, (_, row) => row);
}

/**
 * One number per row, whose mean over similar customers is the effect of an arm against the control:
 *
 *     m_a - m_0 + [A = a] (y - m_a) / e_a - [A = 0] (y - m_0) / e_0
 *
 * It is unbiased if either the outcome models or the propensities are right (`doublyRobust`).
 */
function doublyRobustScores(
  experiment: EncodedExperiment,
  { means }: Pick<CrossFit, "means">,
  rows: Uint32Array,
  arm: number,
): Float64Array {
  const scores = new Float64Array(experiment.arms.length);
  const offered = means[arm] as Float64Array;
  const none = means[0] as Float64Array;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const outcome = experiment.outcomes[row] as number;
    const given = experiment.arms[row];
    const under = (own: number, predicted: Float64Array) =>
      doublyRobust(
        predicted[row] as number,
        given === own ? outcome : null,
        propensityOf(experiment, own, row),
      );
    scores[row] = under(arm, offered) - under(0, none);
  }
  return scores;
}
