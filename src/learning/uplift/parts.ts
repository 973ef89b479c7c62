import type { ForestOutput, OutcomeModel, PlainModel } from "./types.ts";

/** A model's parts: itself, or the models whose mean it is. */
export function partsOf(model: OutcomeModel): readonly (PlainModel | ForestOutput)[] {
  return model.kind === "mean" ? model.parts : [model];
}
