import type { Tree } from "../../boosting/types.ts";
import { type EncodedExperiment, rowsByArm } from "../experiment.ts";
import { predictModel } from "../predict.ts";
import type { OutcomeModel } from "../types.ts";
import { takeFeatures } from "./cross-fit.ts";
import { type Family, fitEffect, fitOutcomes } from "./outcome.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

/**
 * X-learner: the outcome of each customer in the other arm is imputed by that arm's model. The two sets of
 * imputed effects are regressed on the features, and the two regressions are weighted by the arms' shares.
 *
 * Source: Künzel, Sekhon, Bickel and Yu 2019, "Metalearners for estimating heterogeneous treatment effects
 * using machine learning", PNAS 116.
 */
export function fitX(family: Family, { experiment, rows, seed }: LearnerInput): FittedLearner {
  const lists = rowsByArm(experiment, rows);
  const [none, ...offers] = fitOutcomes(family, experiment, lists, { sharing: "separate", seed }) as [
    OutcomeModel,
    ...OutcomeModel[],
  ];
  const controls = lists[0] as Uint32Array;
  const arms = offers.map((offer, i) => {
    const treated = lists[i + 1] as Uint32Array;
    const gained = imputed(experiment, treated, none, 1);
    const missed = imputed(experiment, controls, offer, -1);
    const share = treated.length / (treated.length + controls.length);
    const model = mix(
      fitEffect(family, experiment, { rows: controls, targets: missed, weights: null }, seed + 30 + i),
      fitEffect(family, experiment, { rows: treated, targets: gained, weights: null }, seed + 60 + i),
      share,
    );
    return { predicts: "effect" as const, model };
  });
  return { none, arms, forest: null };
}

/** For each listed row: its outcome minus the prediction of the other arm's model, times the sign. */
function imputed(
  experiment: EncodedExperiment,
  rows: Uint32Array,
  other: OutcomeModel,
  sign: 1 | -1,
): Float64Array {
  const effects = new Float64Array(experiment.arms.length);
  if (other.kind === "forest") return effects;
  const expectedOutcomes = predictModel(other, takeFeatures(experiment, rows));
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    effects[row] = sign * ((experiment.outcomes[row] as number) - (expectedOutcomes[i] as number));
  }
  return effects;
}

/** A weighted mean of two models as one model: `share` for the first, the rest for the second. */
function mix(first: OutcomeModel, second: OutcomeModel, share: number): OutcomeModel {
  if (first.kind === "linear" && second.kind === "linear") {
    return {
      ...first,
      intercept: share * first.intercept + (1 - share) * second.intercept,
      weights: first.weights.map((weight, j) => share * weight + (1 - share) * (second.weights[j] as number)),
    };
  }
  if (first.kind === "boosting" && second.kind === "boosting") {
    const scale = (trees: readonly Tree[], by: number) =>
      trees.map((tree) => ({ ...tree, values: tree.values.map((value) => value * by) }));
    return {
      ...first,
      start: share * first.start + (1 - share) * second.start,
      trees: [...scale(first.trees, share), ...scale(second.trees, 1 - share)],
    };
  }
  return second;
}
