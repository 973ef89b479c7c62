import { createRandom } from "../../random.ts";
import type { Table } from "../../table.ts";
import { type DesignMatrix, encode, takeNumbers, takeRows } from "../features/encode.ts";
import type { EncodedExperiment } from "./experiment.ts";
import { fitLogistic, type LogisticModel, predictLogistic } from "./logistic.ts";
import { type ArmRows, choosePenalty } from "./penalty.ts";
import type { UpliftModel, UpliftPrediction } from "./types.ts";

/**
 * Fits one penalised logistic regression per arm.
 *
 * Source: Künzel, Sekhon, Bickel and Yu 2019, "Metalearners for estimating heterogeneous treatment effects using
 * machine learning", PNAS 116.
 *
 * @param rows the rows to learn from; default: all
 * @param seed decides the folds in which the penalty is chosen; the same seed gives the same model
 */
export function fitTLogistic(experiment: EncodedExperiment, seed: number, rows?: Uint32Array): UpliftModel {
  const arms = rowsByArm(experiment, rows);
  const penalty = choosePenalty(arms, createRandom(seed));
  const [none, ...models] = arms.map(({ matrix, outcomes }) => fitLogistic(matrix, outcomes, penalty));
  return {
    learner: "t-logistic",
    schema: experiment.schema,
    penalty,
    control: experiment.labels[0] as string,
    none: none as LogisticModel,
    arms: models.map((model, i) => ({ offerId: experiment.labels[i + 1] as string, model })),
  };
}

/**
 * Predicts for customers, arm by arm.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function predictUplift(model: UpliftModel, table: Table): UpliftPrediction {
  return predictEncoded(model, encode(model.schema, table));
}

/** The same for rows that are encoded already, with the model's own schema. */
export function predictEncoded(model: UpliftModel, matrix: DesignMatrix): UpliftPrediction {
  return {
    none: predictLogistic(model.none, matrix),
    offers: model.arms.map((arm) => predictLogistic(arm.model, matrix)),
  };
}

function rowsByArm(experiment: EncodedExperiment, rows: Uint32Array | undefined): ArmRows[] {
  const lists: number[][] = experiment.labels.map(() => []);
  const count = rows ? rows.length : experiment.arms.length;
  for (let i = 0; i < count; i++) {
    const row = rows ? (rows[i] as number) : i;
    lists[experiment.arms[row] as number]?.push(row);
  }
  return lists.map((list) => ({
    matrix: takeRows(experiment.matrix, list),
    outcomes: takeNumbers(experiment.outcomes, list),
  }));
}
