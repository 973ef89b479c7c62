import type { Propensities } from "../../learning/index.ts";
import {
  clusteredMean,
  comparePolicies,
  differenceOf,
  type Estimate,
  type PolicySample,
  type PolicyValue,
  policyScores,
  policyValue,
} from "../../statistics/index.ts";
import { NO_OFFER } from "../choose/worth.ts";
import type { OfferTerms } from "../types.ts";
import { armOutcome, type HoldoutRows, type Predictions } from "./holdout.ts";

/** Earnings of arms and policies on a log. */

export interface PolicyEvaluation {
  readonly policy: string;
  readonly kind: "none" | "single" | "model";
  readonly value: PolicyValue;
}

export interface PolicyComparison {
  readonly policies: readonly PolicyEvaluation[];
  /**
   * Gain per customer of the model's choice over the best single offer for all customers (or none) on this
   * log.
   */
  readonly modelOverBestSingle: { readonly best: string; readonly gain: Estimate };
}

export function samplePolicies(
  rows: HoldoutRows,
  propensities: Propensities,
  predicted: Predictions,
): PolicySample {
  return {
    arms: rows.arms,
    armCount: predicted.offers.length + 1,
    outcomes: rows.outcomes,
    propensity: propensities.own ?? rows.propensity,
    predicted: [predicted.none, ...predicted.offers],
    clusters: rows.clusters,
  };
}

export interface ArmAverage {
  readonly rows: number;
  readonly outcome: Estimate;
  readonly averageUplift: Estimate;
}

/**
 * Outcomes by arm. If propensities differ between customers, an arm's raw mean describes only the customers
 * who are likely to get it.
 */
export function averageArms(
  rows: HoldoutRows,
  { perArm }: Propensities,
  sample: PolicySample,
): { readonly control: Omit<ArmAverage, "averageUplift">; readonly offers: readonly ArmAverage[] } {
  const all = Array.from({ length: sample.armCount }, (_, arm) => {
    const own = armOutcome(rows, arm);
    if (perArm === null) return { ...own, effect: null };
    const scores = policyScores(sample, new Int32Array(rows.arms.length).fill(arm));
    return {
      rows: own.rows,
      outcome: clusteredMean(scores.outcome, rows.clusters),
      effect: clusteredMean(scores.gain, rows.clusters),
    };
  });
  const [control, ...shown] = all as [(typeof all)[number], ...typeof all];
  return {
    control: { rows: control.rows, outcome: control.outcome },
    offers: shown.map(({ rows: count, outcome, effect }) => ({
      rows: count,
      outcome,
      averageUplift: effect ?? differenceOf(outcome, control.outcome),
    })),
  };
}

export function valuePolicies(
  sample: PolicySample,
  { choice }: Predictions,
  known: readonly OfferTerms[],
): PolicyComparison {
  const terms = withoutOffer(known);
  const constant = (arm: number) => new Int32Array(sample.arms.length).fill(arm);
  const singles = [NO_OFFER, ...known.map(({ id }) => id)].map((policy, arm) => ({
    policy,
    kind: arm === 0 ? ("none" as const) : ("single" as const),
    value: policyValue(sample, constant(arm), terms),
    gains: policyScores(sample, constant(arm), terms).gain,
  }));
  const best = singles.reduce((a, b) => (b.value.gain.value > a.value.gain.value ? b : a));
  const gain = policyScores(sample, choice, terms).gain;
  return {
    policies: [
      ...singles.map(({ policy, kind, value }) => ({ policy, kind, value })),
      { policy: "model", kind: "model", value: policyValue(sample, choice, terms) },
    ],
    modelOverBestSingle: { best: best.policy, gain: comparePolicies(gain, best.gains, sample.clusters) },
  };
}

/** Terms by arm; showing nothing earns and costs 0. */
export function withoutOffer(
  known: readonly OfferTerms[],
): { readonly margin: number; readonly cost: number }[] {
  return [{ margin: 0, cost: 0 }, ...known];
}
