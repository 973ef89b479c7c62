import { crossFit, propensityOf } from "./cross-fit.ts";
import { type Family, fitEffect } from "./outcome.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

/**
 * R-learner, one offer against the control at a time. It minimises the sum of ((y - m(x)) - (w - e(x))
 * effect(x))^2, which is a regression of (y - m) / (w - e) with the weights (w - e)^2.
 *
 * Source: Nie and Wager 2021, "Quasi-oracle estimation of heterogeneous treatment effects", Biometrika 108.
 */
export function fitR(family: Family, input: LearnerInput): FittedLearner {
  const { experiment, rows, seed } = input;
  const { means, none } = crossFit(family, input);
  const { arms: given, outcomes } = experiment;
  const arms = experiment.labels.slice(1).map((_, i) => {
    const arm = i + 1;
    const pair = rows.filter((row) => given[row] === 0 || given[row] === arm);
    const targets = new Float64Array(given.length);
    const weights = new Float64Array(given.length);
    for (const row of pair) {
      const offered = propensityOf(experiment, arm, row);
      const share = offered / (offered + propensityOf(experiment, 0, row));
      const mean = share * (means[arm]?.[row] as number) + (1 - share) * (means[0]?.[row] as number);
      const residual = (given[row] === arm ? 1 : 0) - share;
      targets[row] = ((outcomes[row] as number) - mean) / residual;
      weights[row] = residual * residual;
    }
    return {
      predicts: "effect" as const,
      model: fitEffect(family, experiment, { rows: pair, targets, weights }, seed + 20 + i),
    };
  });
  return { none, arms, forest: null };
}
