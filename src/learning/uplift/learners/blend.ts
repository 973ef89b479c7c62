import type { MeanModel, OutcomeModel, PlainModel } from "../types.ts";
import type { FittedLearner } from "./types.ts";

/** Combines learners of outcomes; the prediction is the mean of their predictions. */
export function blend(learners: readonly FittedLearner[]): FittedLearner {
  const [first] = learners;
  if (first === undefined) throw new TypeError("at least one learner was expected");
  return {
    none: meanOf(learners.map(({ none }) => none)),
    arms: first.arms.map((_, arm) => ({
      predicts: "outcome",
      model: meanOf(learners.map(({ arms }) => arms[arm]?.model)),
    })),
    forest: null,
  };
}

function meanOf(models: readonly (OutcomeModel | undefined)[]): MeanModel {
  return { kind: "mean", parts: models.filter(isPlain) };
}

function isPlain(model: OutcomeModel | undefined): model is PlainModel {
  return model !== undefined && model.kind !== "mean" && model.kind !== "forest";
}
