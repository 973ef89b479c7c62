import { type EncodedExperiment, rowsByArm } from "../experiment.ts";
import { LEARNERS, type LearnerId, type OutcomeModel } from "../types.ts";
import { blend } from "./blend.ts";
import { fitDr } from "./dr.ts";
import { fitForest } from "./forest.ts";
import { type Family, fitOutcomes, hasUsualAmounts } from "./outcome.ts";
import { fitR } from "./r.ts";
import { fitSBoosting } from "./s-boosting.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";
import { fitX } from "./x.ts";

/** Fits one learner. */
export function fitLearner(id: LearnerId, input: LearnerInput): FittedLearner {
  if (id === "forest") return fitForest(input);
  if (id === "s-blend") return fitSBlend(input);
  const [how, family] = id.split("-") as ["s" | "t" | "x" | "r" | "dr", Family];
  switch (how) {
    case "s":
      return family === "boosting" ? fitSBoosting(input) : fitArms(family, "shared", input);
    case "t":
      return fitArms(family, "separate", input);
    case "x":
      return fitX(family, input);
    case "r":
      return fitR(family, input);
    case "dr":
      return fitDr(family, input);
  }
}

/** S-learners of either kind, which err in different ways: one sees straight lines, the other steps and corners. */
function fitSBlend(input: LearnerInput): FittedLearner {
  const { experiment, rows } = input;
  const isLogistic = experiment.kind === "binary" || hasUsualAmounts(experiment, rowsByArm(experiment, rows));
  return blend([fitArms(isLogistic ? "logistic" : "linear", "shared", input), fitSBoosting(input)]);
}

/** The simplest learner that suits an experiment's outcome. */
export function simplestLearner(experiment: EncodedExperiment): LearnerId {
  return suitableLearners(experiment).find((id) => id !== "s-blend") ?? "s-linear";
}

/** The learners that suit an experiment's outcome, in the order that near ties are settled by. */
export function suitableLearners(experiment: EncodedExperiment): LearnerId[] {
  if (experiment.kind === "binary") return LEARNERS.filter((id) => !id.endsWith("-linear"));
  const everyone = Uint32Array.from({ length: experiment.arms.length }, (_, row) => row);
  return hasUsualAmounts(experiment, rowsByArm(experiment, everyone))
    ? [...LEARNERS]
    : LEARNERS.filter((id) => !id.endsWith("-logistic"));
}

/** One model per arm; the uplift is the difference of two predictions. */
function fitArms(
  family: Family,
  sharing: "shared" | "separate",
  { experiment, rows, seed }: LearnerInput,
): FittedLearner {
  const [none, ...offers] = fitOutcomes(family, experiment, rowsByArm(experiment, rows), { sharing, seed });
  return {
    none: none as OutcomeModel,
    arms: offers.map((model) => ({ predicts: "outcome", model })),
    forest: null,
  };
}
