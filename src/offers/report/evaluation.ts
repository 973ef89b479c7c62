import { throwIfAborted } from "../../core/index.ts";
import type { OutcomeKind } from "../../learning/index.ts";
import {
  aucc,
  calibrationOf,
  type EffectCalibration,
  type Estimate,
  effectScores,
  type MeasuredRanking,
  measureRanking,
  type ProfitCurve,
  profitCurve,
  rankByUplift,
  sortByUplift,
  type UpliftBin,
  upliftByDecile,
} from "../../statistics/index.ts";
import type { OfferModel } from "../types.ts";
import { type HoldoutExperiment, keepKnown, pairOf, predictAll, settleHoldout } from "./holdout.ts";
import { checkLog, checkOutcomes, type LogChecks } from "./log-checks.ts";
import {
  type ArmAverage,
  averageArms,
  type PolicyComparison,
  samplePolicies,
  valuePolicies,
} from "./policies.ts";

/** One offer compared with showing nothing. */
export interface OfferEvaluation {
  readonly offerId: string;
  /** Number of customers who were shown it. */
  readonly rows: number;
  /** Mean outcome of the arm; doubly robust for all customers if their propensities differ. */
  readonly outcome: Estimate;
  /** Outcome of this arm minus that of the control; doubly robust if customers' propensities differ. */
  readonly averageUplift: Estimate;
  readonly ranking: MeasuredRanking;
  readonly deciles: readonly UpliftBin[];
  readonly calibration: EffectCalibration;
  readonly profit: { readonly share: readonly number[]; readonly profit: readonly number[] };
  readonly aucc: number | null;
}

/** The evaluation of a model on a holdout. */
export interface OfferModelEvaluation extends PolicyComparison, LogChecks {
  readonly rows: number;
  readonly seed: number;
  /** The kind of outcome: bought or not, or an amount. */
  readonly outcome: OutcomeKind;
  /** The unit of gains: outcomes (every margin is 1 and every cost 0), or money. */
  readonly unit: "outcomes" | "money";
  /** Currency of money, for people; null: not given. */
  readonly currency: string | null;
  readonly control: { readonly name: string; readonly rows: number; readonly outcome: Estimate };
  readonly offers: readonly OfferEvaluation[];
  /**
   * Offers that the model chooses although no customer of the log was shown them: the log cannot evaluate this choice.
   */
  readonly untried: readonly { readonly offerId: string; readonly share: number }[];
  /** Arms of the log without an offer in the model, and offers of the model without an arm in the log. */
  readonly unmatched: { readonly arms: readonly string[]; readonly offers: readonly string[] };
}

export interface EvaluateOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Bootstrap resamples; default 500. */
  readonly resamples?: number | undefined;
  /** Planned share of each arm by name; default: from the propensities, else equal. */
  readonly planned?: ReadonlyMap<string, number> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a model on the log of a randomised campaign on which it was not trained: the ranking and
 * calibration of each offer, the value of each policy (no offer, each single offer for all customers, the
 * model's choice), and checks of the experiment itself.
 *
 * @throws ERR_OFFER_UNKNOWN no arm of the log is an offer of the model with an uplift
 * @throws ERR_OUTCOME_INVALID the log has amounts, but the model was trained on a binary outcome
 * @throws ERR_ARM_EMPTY, ERR_FEATURE_MISSING, ERR_FEATURE_INVALID, ERR_OPTION_INVALID, ERR_ABORTED
 * @example const evaluation = evaluateOffers(await loadOfferModel("offers.json"), heldOut, { seed: 1 });
 */
export function evaluateOffers(
  model: OfferModel,
  experiment: HoldoutExperiment,
  { seed = 1, resamples = 500, planned, signal }: EvaluateOptions = {},
): OfferModelEvaluation {
  const offered = model.offers.filter(({ id }) => experiment.arms.labels.slice(1).includes(id));
  const unmatched = {
    arms: experiment.arms.labels.slice(1).filter((label) => !offered.some(({ id }) => id === label)),
    offers: model.offers.filter((offer) => !offered.includes(offer)).map(({ id }) => id),
  };
  const rows = keepKnown(experiment, ["", ...offered.map(({ id }) => id)]);
  checkOutcomes(model, rows);
  const labels = [experiment.arms.labels[0] as string, ...offered.map(({ id }) => id)];
  const propensities = settleHoldout(model, rows, labels);
  const predicted = predictAll(model, rows, offered);
  const known = predicted.isAmount ? offered.map((terms) => ({ ...terms, margin: 1 })) : offered;
  const sample = samplePolicies(rows, propensities, predicted);
  const arms = averageArms(rows, propensities, sample);
  const offers = known.map((terms, i): OfferEvaluation => {
    throwIfAborted(signal);
    const pair = pairOf(rows, propensities, predicted, i + 1);
    const context = {
      propensity: pair.propensity,
      predicted: { treated: pair.shown, control: pair.none },
    };
    const costs = Float64Array.from(pair.sample.treated, (treated) => (treated === 1 ? terms.cost : 0));
    return {
      offerId: terms.id,
      ...(arms.offers[i] as ArmAverage),
      ranking: measureRanking(pair.sample, context, { seed, resamples, clusters: pair.clusters }),
      deciles: upliftByDecile(pair.sample),
      calibration: calibrationOf(pair.sample, effectScores(pair.sample, context), pair.clusters),
      profit: thin(profitCurve(rankByUplift(pair.sample), terms)),
      aucc: aucc(sortByUplift(pair.sample), costs),
    };
  });
  return {
    rows: rows.arms.length,
    seed,
    outcome: predicted.isAmount ? "value" : "binary",
    unit:
      !predicted.isAmount && known.every(({ margin, cost }) => margin === 1 && cost === 0)
        ? "outcomes"
        : "money",
    currency: model.currency ?? null,
    control: { name: experiment.arms.labels[0] as string, ...arms.control },
    ...checkLog(experiment, { rows, propensities, models: [model], labels, seed, planned }),
    offers,
    ...valuePolicies(sample, predicted, known),
    untried: predicted.untried,
    unmatched,
  };
}

/** Reduces a curve to at most a hundred points: a page and a JSON file need no more. */
function thin({ share, profit }: ProfitCurve): { share: number[]; profit: number[] } {
  const every = Math.max(1, Math.ceil(share.length / 100));
  const kept = [...share.keys()].filter((i) => i % every === 0 || i === share.length - 1);
  return { share: kept.map((i) => share[i] as number), profit: kept.map((i) => profit[i] as number) };
}
