import type { Table } from "../../core/index.ts";
import { addTrees, type CompiledTrees, compileTrees, predictBoosting } from "../boosting/predict.ts";
import type { BoostingModel, Tree } from "../boosting/types.ts";
import { binRows } from "../features/bins.ts";
import { encode } from "../features/encode.ts";
import type { FeatureRows } from "./experiment.ts";
import { predictLinear } from "./linear/fit.ts";
import { partsOf } from "./parts.ts";
import type { MeanModel, OutcomeModel, UpliftModel, UpliftPrediction } from "./types.ts";

/** The parts of a model that predictions need. */
export type Predictable = Pick<UpliftModel, "outcome" | "forest" | "none"> & {
  readonly arms: readonly Pick<UpliftModel["arms"][number], "predicts" | "model">[];
};

/** Predicts for encoded rows; the trees are compiled once. */
export type RowPredictor = (rows: FeatureRows) => UpliftPrediction;

/** Predicts for customers, arm by arm. @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID */
export type TablePredictor = (table: Table) => UpliftPrediction;

/**
 * Predicted outcomes without and with each offer. Probabilities are limited to [0, 1], so that an uplift is
 * in [-1, 1] for every learner.
 */
export function createRowPredictor(model: Predictable): RowPredictor {
  const outputs = model.arms.length + 1;
  const forest = model.forest && compileTrees(model.forest, outputs);
  const predictNone = createModelPredictor(model.none);
  const predictArms = model.arms.map((arm) => createModelPredictor(arm.model));
  const isBinary = model.outcome === "binary";
  return (rows) => {
    const leaves = forest && averageLeaves(forest, model.forest as readonly Tree[], rows);
    const none = predictNone(rows, leaves);
    if (isBinary) clamp(none);
    const offers = model.arms.map((arm, i) => {
      const predicted = (predictArms[i] as ModelPredictor)(rows, leaves);
      if (arm.predicts === "effect") {
        for (let row = 0; row < none.length; row++) {
          predicted[row] = (predicted[row] as number) + (none[row] as number);
        }
      }
      if (isBinary) clamp(predicted);
      return predicted;
    });
    return { none, offers };
  };
}

/** The same for tables; only the forms of features that the models read are computed. */
export function createTablePredictor(model: UpliftModel): TablePredictor {
  const predict = createRowPredictor(model);
  const models = [model.none, ...model.arms.map((arm) => arm.model)].flatMap(partsOf);
  const kinds = new Set(models.map(({ kind }) => kind));
  const readsMatrix = kinds.has("linear") || kinds.has("two-part");
  const readsBins = kinds.has("boosting") || kinds.has("forest");
  return (table) => {
    const matrix = readsMatrix
      ? encode(model.schema, table)
      : { rows: table.rows, width: 0, values: new Float64Array(0) };
    const binned = binRows(readsBins && model.bins ? model.bins : { features: [] }, table);
    return predict({ matrix, binned });
  };
}

/** One model's predictions, one per row. */
export function predictModel(
  model: Exclude<OutcomeModel, { kind: "forest" }>,
  rows: FeatureRows,
): Float64Array {
  return createModelPredictor(model)(rows, null);
}

type ModelPredictor = (rows: FeatureRows, leaves: readonly Float64Array[] | null) => Float64Array;

function createModelPredictor(model: OutcomeModel): ModelPredictor {
  switch (model.kind) {
    case "linear":
      return ({ matrix }) => predictLinear(model, matrix);
    case "two-part":
      return ({ matrix }) => {
        const event = predictLinear(model.event, matrix);
        const amount = predictLinear(model.amount, matrix);
        return event.map(
          (p, row) => model.usual + p * Math.min(model.high, Math.max(model.low, amount[row] as number)),
        );
      };
    case "boosting":
      return boostingPredictor(model);
    case "mean":
      return meanPredictor(model);
    case "forest":
      return (_, leaves) => Float64Array.from(leaves?.[model.output] ?? []);
  }
}

function meanPredictor({ parts }: MeanModel): ModelPredictor {
  const predictors = parts.map(createModelPredictor);
  return (rows) => {
    const predictions = predictors.map((predict) => predict(rows, null));
    const sums = predictions.reduce((total, own) => {
      for (let row = 0; row < total.length; row++) total[row] = (total[row] as number) + (own[row] as number);
      return total;
    });
    for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] as number) / predictions.length;
    return sums;
  };
}

function boostingPredictor(model: BoostingModel): ModelPredictor {
  const compiled = compileTrees(model.trees);
  return ({ binned }) => predictBoosting(model, binned, compiled);
}

/** For each output and row, the mean over the trees. */
function averageLeaves(
  forest: CompiledTrees,
  trees: readonly Tree[],
  { binned }: FeatureRows,
): Float64Array[] {
  const { outputs } = forest;
  const sums = new Float64Array(binned.rows * outputs);
  addTrees(forest, binned, sums);
  return Array.from({ length: outputs }, (_, output) =>
    Float64Array.from(
      { length: binned.rows },
      (_, row) => (sums[row * outputs + output] as number) / trees.length,
    ),
  );
}

function clamp(probabilities: Float64Array): void {
  for (let row = 0; row < probabilities.length; row++) {
    const p = probabilities[row] as number;
    probabilities[row] = Math.max(0, Math.min(1, p));
  }
}
