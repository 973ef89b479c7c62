import { fitBoostingStopped } from "../../boosting/train.ts";
import type { BoostingOptions } from "../../boosting/types.ts";
import type { EncodedExperiment } from "../experiment.ts";
import { type ArmFit, fitLinearArms, type LinearModel } from "../linear/fit.ts";
import type { OutcomeModel, TwoPartModel } from "../types.ts";

/** The kind of model from which an outcome is learned. */
export type Family = "logistic" | "linear" | "boosting";

/** Outcomes have structure; 16 leaves can use up to four features together. */
const OUTCOME_TREES: Omit<BoostingOptions, "loss" | "seed"> = {
  trees: 150,
  leaves: 12,
  learningRate: 0.1,
  l2Rows: 10,
  minLeafRows: 60,
  columnShare: 0.8,
  rowShare: 1,
  patience: 10,
};

/**
 * Effects are small compared with the noise of single customers: fewer leaves with more rows, and smaller
 * steps.
 */
const EFFECT_TREES: Omit<BoostingOptions, "loss" | "seed"> = {
  trees: 120,
  leaves: 6,
  learningRate: 0.08,
  l2Rows: 100,
  minLeafRows: 200,
  columnShare: 0.8,
  rowShare: 0.8,
  patience: 15,
};

/** Share of an arm's rows that must have its usual amount for a two-part model. */
export const USUAL_SHARE = 0.5;

/** Models of the mean outcome, one for each of several sets of rows (the arms). */
export function fitOutcomes(
  family: Family,
  experiment: EncodedExperiment,
  arms: readonly Uint32Array[],
  fit: ArmFit,
): OutcomeModel[] {
  const { matrix, outcomes, kind, clusters } = experiment;
  if (family === "boosting") {
    return arms.map((rows, arm) => fitOutcomeTrees(experiment, rows, outcomes, fit.seed + arm));
  }
  const data = { matrix, targets: outcomes, weights: null, clusters };
  if (kind === "binary") return [...fitLinearArms("logistic", data, arms, fit).models];
  if (family === "logistic") return fitTwoParts(experiment, arms, fit);
  return [...fitLinearArms("identity", data, arms, fit).models];
}

export function fitOutcomeTrees(
  experiment: Pick<EncodedExperiment, "binned" | "bins" | "kind" | "clusters">,
  rows: Uint32Array,
  targets: Float64Array,
  seed: number,
): OutcomeModel {
  const { binned, bins, kind, clusters } = experiment;
  const loss = kind === "binary" ? "logistic" : "squared";
  return fitBoostingStopped(
    { binned, features: bins.features, targets, weights: null, rows, clusters },
    { ...OUTCOME_TREES, loss, seed },
  );
}

/** One noisy number per row whose mean is the effect. */
export interface EffectRows {
  readonly rows: Uint32Array;
  readonly targets: Float64Array;
  /** Weight of each row; null: all equal. */
  readonly weights: Float64Array | null;
}

/** A model of an effect from one noisy number per row. */
export function fitEffect(
  family: Family,
  { matrix, binned, bins, clusters }: EncodedExperiment,
  { rows, targets, weights }: EffectRows,
  seed: number,
): OutcomeModel {
  if (family === "boosting") {
    return fitBoostingStopped(
      { binned, features: bins.features, targets, weights, rows, clusters },
      { ...EFFECT_TREES, loss: "squared", seed },
    );
  }
  const { models } = fitLinearArms("identity", { matrix, targets, weights, clusters }, [rows], {
    sharing: "separate",
    seed,
  });
  return models[0] as LinearModel;
}

/** Whether most outcomes of every arm are one amount, so that a two-part model is appropriate. */
export function hasUsualAmounts({ outcomes }: EncodedExperiment, arms: readonly Uint32Array[]): boolean {
  return arms.every((rows) => usualAmount(outcomes, rows).share >= USUAL_SHARE);
}

/**
 * The usual amount of each arm, the probability of a different amount by logistic regression, and the mean
 * difference in that case by ridge regression on the rows with a different amount.
 */
function fitTwoParts(
  { matrix, outcomes, clusters }: EncodedExperiment,
  arms: readonly Uint32Array[],
  fit: ArmFit,
): TwoPartModel[] {
  const usual = arms.map((rows) => usualAmount(outcomes, rows).amount);
  const happened = new Float64Array(outcomes.length);
  const added = new Float64Array(outcomes.length);
  const events = arms.map((rows, arm) => {
    for (const row of rows) {
      added[row] = (outcomes[row] as number) - (usual[arm] as number);
      happened[row] = added[row] === 0 ? 0 : 1;
    }
    return rows.filter((row) => happened[row] === 1);
  });
  const event = fitLinearArms("logistic", { matrix, targets: happened, weights: null, clusters }, arms, fit);
  // Amounts differ less between the arms than between customers, and there are few of them: the arms always
  // share weights.
  const amount = fitLinearArms("identity", { matrix, targets: added, weights: null, clusters }, events, {
    ...fit,
    sharing: "shared",
  });
  let low = 0;
  let high = 0;
  for (const rows of events) {
    for (const row of rows) {
      low = Math.min(low, added[row] as number);
      high = Math.max(high, added[row] as number);
    }
  }
  return usual.map((value, arm) => ({
    kind: "two-part",
    usual: value,
    event: event.models[arm] as LinearModel,
    amount: amount.models[arm] as LinearModel,
    low,
    high,
  }));
}

/** The most frequent outcome of the rows (the smaller of ties) and its share. */
export function usualAmount(outcomes: Float64Array, rows: Uint32Array): { amount: number; share: number } {
  const sorted = Float64Array.from(rows, (row) => outcomes[row] as number).sort();
  let amount = 0;
  let longest = 0;
  let run = 0;
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run <= longest) continue;
    longest = run;
    amount = sorted[i] as number;
  }
  return { amount, share: sorted.length === 0 ? 1 : longest / sorted.length };
}
