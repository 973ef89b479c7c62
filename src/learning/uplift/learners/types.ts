import type { Tree } from "../../boosting/types.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { OutcomeModel } from "../types.ts";

/** The result of a learner: a model of the control's outcome and one per offer. */
export interface FittedLearner {
  readonly none: OutcomeModel;
  readonly arms: readonly { readonly predicts: "outcome" | "effect"; readonly model: OutcomeModel }[];
  readonly forest: readonly Tree[] | null;
}

/** The input of every learner. */
export interface LearnerInput {
  readonly experiment: EncodedExperiment;
  /** The rows to learn from. */
  readonly rows: Uint32Array;
  /** The same seed and rows give the same models. */
  readonly seed: number;
}
