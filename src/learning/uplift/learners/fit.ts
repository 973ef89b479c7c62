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

/** The mean of two S-learners with different errors: one is linear, the other has steps and interactions. */
function fitSBlend(input: LearnerInput): FittedLearner {
  return blend(blendParts(input.experiment, input.rows).map((id) => fitLearner(id, input)));
}

/** The learners whose mean is `s-blend`. */
export function blendParts(experiment: EncodedExperiment, rows = everyRow(experiment)): LearnerId[] {
  const isLogistic = experiment.kind === "binary" || hasUsualAmounts(experiment, rowsByArm(experiment, rows));
  return [isLogistic ? "s-logistic" : "s-linear", "s-boosting"];
}

/**
 * Learners that the automatic choice compares: one for each method. The others take several times as long and
 * were hardly ever chosen.
 */
const AUTOMATIC: ReadonlySet<LearnerId> = new Set([
  "s-blend",
  "s-logistic",
  "t-logistic",
  "s-linear",
  "t-linear",
  "dr-logistic",
  "dr-linear",
  "s-boosting",
]);

/**
 * The learners that support an experiment's outcome and are compared, in the order that decides near ties.
 */
export function automaticLearners(experiment: EncodedExperiment): LearnerId[] {
  return suitableLearners(experiment).filter((id) => AUTOMATIC.has(id));
}

function everyRow({ arms }: EncodedExperiment): Uint32Array {
  return Uint32Array.from({ length: arms.length }, (_, row) => row);
}

/** The simplest learner that supports an experiment's outcome. */
export function simplestLearner(experiment: EncodedExperiment): LearnerId {
  return suitableLearners(experiment).find((id) => id !== "s-blend") ?? "s-linear";
}

/** The learners that support an experiment's outcome, in the order that decides near ties. */
export function suitableLearners(experiment: EncodedExperiment): LearnerId[] {
  if (experiment.kind === "binary") return LEARNERS.filter((id) => !id.endsWith("-linear"));
  return hasUsualAmounts(experiment, rowsByArm(experiment, everyRow(experiment)))
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
