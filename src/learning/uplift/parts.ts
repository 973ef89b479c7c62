import type { ForestOutput, OutcomeModel, PlainModel } from "./types.ts";

/** A model's parts: itself, or what its mean is taken of. */
export function partsOf(model: OutcomeModel): readonly (PlainModel | ForestOutput)[] {
  return model.kind === "mean" ? model.parts : [model];
}
