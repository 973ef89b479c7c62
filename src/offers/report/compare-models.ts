import { invalidOption } from "../../core/index.ts";
import {
  comparePolicies,
  compareRankings,
  type Estimate,
  policyScores,
  type RankingMetrics,
} from "../../statistics/index.ts";
import type { OfferModel } from "../types.ts";
import type { EvaluateOptions } from "./evaluation.ts";
import {
  type HoldoutExperiment,
  keepKnown,
  type Predictions,
  pairOf,
  predictAll,
  settleHoldout,
} from "./holdout.ts";
import { checkLog, checkOutcomes, type LogChecks } from "./log-checks.ts";
import { samplePolicies, withoutOffer } from "./policies.ts";

/**
 * The difference between two models, customer by customer, on one log: common noise cancels. The log is
 * checked as in `evaluateOffers`.
 */
export interface ModelComparison extends LogChecks {
  /** Customers of the log with an arm that both models know. */
  readonly rows: number;
  /** Currency of money; null: counted in outcomes, or not given. */
  readonly currency: string | null;
  readonly unit: "outcomes" | "money";
  /** Per customer: earnings of the model's choice minus those of the other's, by the model's terms. */
  readonly gain: Estimate;
  /** Share of the customers for whom both models choose the same. */
  readonly agreement: number;
  /**
   * For each offer, the model's metric minus the other's, with the interval of paired resamples; null if it
   * is undefined.
   */
  readonly offers: readonly { readonly offerId: string; readonly metrics: RankingMetrics }[];
  /**
   * For each model, the share of customers to whom it shows an offer that is not in the log; `gain` counts
   * these customers as shown nothing.
   */
  readonly untried: { readonly model: number; readonly against: number };
}

/**
 * Compares two models on the log of a campaign on which neither was trained.
 *
 * @throws ERR_OFFER_UNKNOWN the models and the log have no offer in common; else as `evaluateOffers`
 */
export function compareModels(
  model: OfferModel,
  against: OfferModel,
  experiment: HoldoutExperiment,
  { seed = 1, resamples = 500, planned }: EvaluateOptions = {},
): ModelComparison {
  const others = new Set(against.offers.map(({ id }) => id));
  const offered = model.offers.filter(
    ({ id }) => others.has(id) && experiment.arms.labels.slice(1).includes(id),
  );
  if (model.uplift?.outcome !== against.uplift?.outcome) {
    throw invalidOption(
      `a model of a ${model.uplift?.outcome ?? "lift"}`,
      "--against",
      against.uplift?.outcome ?? "lift",
      "Train both models on the same outcome.",
    );
  }
  const rows = keepKnown(experiment, ["", ...offered.map(({ id }) => id)]);
  checkOutcomes(model, rows);
  const labels = [experiment.arms.labels[0] ?? "", ...offered.map(({ id }) => id)];
  const propensities = settleHoldout(model, rows, labels);
  const [own, other] = [predictAll(model, rows, offered), predictAll(against, rows, offered)];
  const known = own.isAmount ? offered.map((terms) => ({ ...terms, margin: 1 })) : offered;
  const sample = samplePolicies(rows, propensities, own);
  const terms = withoutOffer(known);
  const gainOf = ({ choice }: Predictions) => policyScores(sample, choice, terms).gain;
  const isMoney = own.isAmount || known.some(({ margin, cost }) => margin !== 1 || cost !== 0);
  const alike = own.choice.reduce((sum, arm, row) => sum + (arm === other.choice[row] ? 1 : 0), 0);
  return {
    rows: rows.arms.length,
    currency: isMoney ? (model.currency ?? null) : null,
    unit: isMoney ? "money" : "outcomes",
    gain: comparePolicies(gainOf(own), gainOf(other), rows.clusters),
    agreement: alike / Math.max(1, rows.arms.length),
    offers: offered.map(({ id }, i) => {
      const pair = pairOf(rows, propensities, own, i + 1);
      const { sample: rival } = pairOf(rows, propensities, other, i + 1);
      const context = {
        propensity: pair.propensity,
        predicted: { treated: pair.shown, control: pair.none },
      };
      const options = { context, seed, resamples, clusters: pair.clusters };
      return { offerId: id, metrics: compareRankings(pair.sample, Float64Array.from(rival.scores), options) };
    }),
    untried: { model: untriedShare(own), against: untriedShare(other) },
    ...checkLog(experiment, { rows, propensities, models: [model, against], labels, seed, planned }),
  };
}

function untriedShare({ untried }: Predictions): number {
  return untried.reduce((sum, { share }) => sum + share, 0);
}
