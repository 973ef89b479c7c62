import type { ExperimentTable } from "../../customers/index.ts";
import { expected, LookalikeError, throwIfAborted } from "../../errors.ts";
import type { Column, Table } from "../../table.ts";
import { NO_OFFER } from "../choose/expected-value.ts";
import { calibrationOf, type EffectCalibration } from "../measure/calibration.ts";
import { checkExperiment, type ExperimentChecks } from "../measure/checks/experiment.ts";
import { type MeasuredRanking, measureRanking } from "../measure/compare.ts";
import { type UpliftBin, upliftByDecile } from "../measure/deciles.ts";
import { effectScores } from "../measure/effect-scores.ts";
import { differenceOf, type Estimate, wilson } from "../measure/intervals.ts";
import {
  comparePolicies,
  meanEstimate,
  type PolicyValue,
  policyScores,
  policyValue,
} from "../measure/policy.ts";
import { aucc, type ProfitCurve, profitCurve } from "../measure/profit.ts";
import { rankByUplift, sortByUplift, type UpliftSample } from "../measure/ranking.ts";
import { createScorer } from "../score.ts";
import type { OfferModel, OfferTerms } from "../types.ts";
import type { OutcomeKind } from "../uplift/types.ts";

/** A past campaign that a model has not been trained on. */
export type HoldoutExperiment = Pick<
  ExperimentTable,
  "rows" | "arms" | "outcome" | "features" | "propensity"
>;

/** One offer against showing nothing. */
export interface OfferEvaluation {
  readonly offerId: string;
  /** Customers who were shown it, and what came of it. */
  readonly rows: number;
  readonly outcome: Estimate;
  /** Mean outcome of this arm minus that of the control. */
  readonly averageUplift: Estimate;
  readonly ranking: MeasuredRanking;
  readonly deciles: readonly UpliftBin[];
  readonly calibration: EffectCalibration;
  readonly profit: { readonly share: readonly number[]; readonly profit: readonly number[] };
  readonly aucc: number | null;
}

export interface PolicyEvaluation {
  readonly policy: string;
  readonly kind: "none" | "single" | "model";
  readonly value: PolicyValue;
}

/** What a holdout tells of a model. */
export interface OfferModelEvaluation {
  readonly rows: number;
  readonly seed: number;
  /** What a customer's outcome is: bought or not, or an amount. */
  readonly outcome: OutcomeKind;
  /** What a gain is counted in: outcomes (every margin is 1 and every cost 0), or money. */
  readonly unit: "outcomes" | "money";
  readonly control: { readonly name: string; readonly rows: number; readonly outcome: Estimate };
  readonly offers: readonly OfferEvaluation[];
  readonly policies: readonly PolicyEvaluation[];
  /** Gain per customer of the model's choice over the best that one offer for all (or none) earns on this holdout. */
  readonly modelOverBestSingle: { readonly best: string; readonly gain: Estimate };
  readonly checks: ExperimentChecks;
  /** Arms of the log that the model does not know, and offers of the model that the log does not hold. */
  readonly unmatched: { readonly arms: readonly string[]; readonly offers: readonly string[] };
}

export interface EvaluateOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Of the bootstrap; default 500. */
  readonly resamples?: number | undefined;
  /** Planned share of each arm by name; default: from the propensities, else equal. */
  readonly planned?: ReadonlyMap<string, number> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a model on the log of a randomised campaign that it was not trained on: for each offer how well it ranks
 * customers and how true its effects are, for each policy (nobody, every single offer for all, the model's choice) what
 * it earns, and whether the experiment itself can be trusted.
 *
 * @throws ERR_OFFER_UNKNOWN no arm of the log is an offer of the model with an uplift
 * @throws ERR_ARM_EMPTY, ERR_FEATURE_MISSING, ERR_FEATURE_INVALID, ERR_OPTION_INVALID, ERR_ABORTED
 */
export function evaluateOffers(
  model: OfferModel,
  experiment: HoldoutExperiment,
  { seed = 1, resamples = 500, planned, signal }: EvaluateOptions = {},
): OfferModelEvaluation {
  const checks = checkExperiment(experiment, planned);
  const offered = model.offers.filter(({ id }) => experiment.arms.labels.slice(1).includes(id));
  const unmatched = {
    arms: experiment.arms.labels.slice(1).filter((label) => !offered.some(({ id }) => id === label)),
    offers: model.offers.filter((offer) => !offered.includes(offer)).map(({ id }) => id),
  };
  const rows = keepKnown(experiment, ["", ...offered.map(({ id }) => id)]);
  const predicted = predictAll(model, rows, offered);
  const known = predicted.isAmount ? offered.map((terms) => ({ ...terms, margin: 1 })) : offered;
  const control = armOutcome(rows, 0);
  const offers = known.map((terms, i): OfferEvaluation => {
    throwIfAborted(signal);
    const { sample, propensity, none, shown } = pairOf(rows, predicted, i + 1);
    const context = { propensity, predicted: { treated: shown, control: none } };
    const sorted = sortByUplift(sample);
    return {
      offerId: terms.id,
      ...armOutcome(rows, i + 1),
      averageUplift: differenceOf(armOutcome(rows, i + 1).outcome, control.outcome),
      ranking: measureRanking(sample, context, { seed, resamples }),
      deciles: upliftByDecile(sample),
      calibration: calibrationOf(sample, effectScores(sample, context)),
      profit: thin(profitCurve(rankByUplift(sample), terms)),
      aucc: aucc(
        sorted,
        Float64Array.from(sample.treated, (treated) => (treated === 1 ? terms.cost : 0)),
      ),
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
    control: { name: experiment.arms.labels[0] as string, ...control },
    offers,
    ...valuePolicies(rows, predicted, known),
    checks,
    unmatched,
  };
}

/** The rows whose arm the model knows; `arms` counts from 0, the control. */
interface Rows {
  readonly arms: Int32Array;
  readonly outcomes: Float64Array;
  readonly propensity: Float64Array | null;
  readonly features: Table;
}

interface Predictions {
  readonly none: Float64Array;
  readonly offers: readonly Float64Array[];
  /** The arm that the model chooses for each row. */
  readonly choice: Int32Array;
  /** The outcome is money already, so that an offer's margin does not apply. */
  readonly isAmount: boolean;
}

function keepKnown(
  { arms, outcome, propensity, features }: HoldoutExperiment,
  labels: readonly string[],
): Rows {
  const armOf = arms.labels.map((label, arm) => (arm === 0 ? 0 : labels.indexOf(label, 1)));
  const kept = Uint32Array.from(arms.codes.keys()).filter(
    (row) => (armOf[arms.codes[row] as number] ?? -1) >= 0,
  );
  if (labels.length < 2) {
    throw new LookalikeError(
      "ERR_OFFER_UNKNOWN",
      expected("an arm that the model has an offer for", "the log", arms.labels.join(", ")),
      { hint: "Name the treatment column, and the control as the log calls it." },
    );
  }
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row] as number);
  const columns = [...features.columns].map(([name, column]): [string, Column] => [
    name,
    column.kind === "number"
      ? { ...column, values: take(column.values) }
      : { ...column, codes: Int32Array.from(kept, (row) => column.codes[row] as number) },
  ]);
  return {
    arms: Int32Array.from(kept, (row) => armOf[arms.codes[row] as number] as number),
    outcomes: take(outcome),
    propensity: propensity && take(propensity),
    features: { rows: kept.length, columns: new Map(columns) },
  };
}

const BATCH_ROWS = 8_192;

/** Scores in batches: a scored customer is an object, and a log may have millions. */
function predictAll(model: OfferModel, rows: Rows, known: readonly OfferTerms[]): Predictions {
  const { features } = rows;
  const scorer = createScorer(model);
  const none = new Float64Array(features.rows);
  const offers = known.map(() => new Float64Array(features.rows));
  const choice = new Int32Array(features.rows);
  const armOf = new Map([[NO_OFFER, 0], ...known.map(({ id }, i) => [id, i + 1] as const)]);
  // A model of amounts tells effects only: the control's own mean then stands for everyone's amount without an offer.
  const average = armOutcome(rows, 0).outcome.value;
  let isAmount = false;
  for (let start = 0; start < features.rows; start += BATCH_ROWS) {
    const size = Math.min(BATCH_ROWS, features.rows - start);
    const ids = Array.from({ length: size }, (_, i) => String(start + i + 1));
    const scores = scorer.score({ ids, table: slice(features, start, start + size) });
    for (const [i, { scores: own, best }] of scores.entries()) {
      for (const [k, { id }] of known.entries()) {
        const score = own.find(({ offerId }) => offerId === id);
        if (score?.uplift == null) throw withoutUplift(id);
        isAmount ||= score.probabilityNone === null;
        const base = score.probabilityNone ?? average;
        none[start + i] = base;
        (offers[k] as Float64Array)[start + i] = base + score.uplift;
      }
      choice[start + i] = armOf.get(best) ?? 0;
    }
  }
  return { none, offers, choice, isAmount };
}

function withoutUplift(offer: string): LookalikeError {
  return new LookalikeError(
    "ERR_OFFER_UNKNOWN",
    expected("an uplift", `the model's offer ${offer}`, "a lift only"),
    { hint: "Train the model on an experiment that holds this offer." },
  );
}

function slice({ columns }: Table, start: number, end: number): Table {
  const cut = [...columns].map(([name, column]): [string, Column] => [
    name,
    column.kind === "number"
      ? { ...column, values: column.values.subarray(start, end) }
      : { ...column, codes: column.codes.subarray(start, end) },
  ]);
  return { rows: end - start, columns: new Map(cut) };
}

interface Pair {
  readonly sample: UpliftSample;
  readonly propensity: Float64Array | null;
  readonly none: Float64Array;
  readonly shown: Float64Array;
}

/** The rows of one arm and the control. A propensity is then that of the arm among these two, as far as is known. */
function pairOf(rows: Rows, { none, offers }: Predictions, arm: number): Pair {
  const inside = Uint32Array.from(rows.arms.keys()).filter((row) => {
    return rows.arms[row] === 0 || rows.arms[row] === arm;
  });
  const take = (values: Float64Array) => Float64Array.from(inside, (row) => values[row] as number);
  const own = offers[arm - 1] as Float64Array;
  const treated = Uint8Array.from(inside, (row) => (rows.arms[row] === arm ? 1 : 0));
  const propensity = rows.propensity && take(rows.propensity);
  const isPlanned = propensity !== null && isConstantByArm(treated, propensity);
  return {
    sample: {
      scores: take(own.map((value, row) => value - (none[row] as number))),
      treated,
      outcomes: take(rows.outcomes),
    },
    // Of two of several arms, constant propensities are the two arms' shares of the pair, which is the default.
    propensity: isPlanned || offers.length > 1 ? null : propensity,
    none: take(none),
    shown: take(own),
  };
}

function isConstantByArm(treated: Uint8Array, propensity: Float64Array): boolean {
  const first: [number, number] = [Number.NaN, Number.NaN];
  return propensity.every((e, row) => {
    const arm = treated[row] === 1 ? 1 : 0;
    if (Number.isNaN(first[arm])) first[arm] = e;
    return Math.abs(first[arm] - e) < 1e-9;
  });
}

function armOutcome({ arms, outcomes }: Rows, arm: number): { rows: number; outcome: Estimate } {
  const own = outcomes.filter((_, row) => arms[row] === arm);
  const isBinary = own.every((value) => value === 0 || value === 1);
  const sum = own.reduce((total, value) => total + value, 0);
  if (own.length === 0) {
    throw new LookalikeError("ERR_ARM_EMPTY", expected("at least one customer", `arm ${arm}`, 0));
  }
  return { rows: own.length, outcome: isBinary ? wilson(sum, own.length) : meanEstimate(own) };
}

function valuePolicies(
  rows: Rows,
  { none, offers, choice }: Predictions,
  known: readonly OfferTerms[],
): Pick<OfferModelEvaluation, "policies" | "modelOverBestSingle"> {
  const sample = {
    arms: rows.arms,
    armCount: known.length + 1,
    outcomes: rows.outcomes,
    propensity: rows.propensity,
    predicted: [none, ...offers],
  };
  const terms = [{ margin: 0, cost: 0 }, ...known];
  const constant = (arm: number) => new Int32Array(rows.arms.length).fill(arm);
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
    modelOverBestSingle: { best: best.policy, gain: comparePolicies(gain, best.gains) },
  };
}

/** At most a hundred points: a page and a JSON file need no more. */
function thin({ share, profit }: ProfitCurve): { share: number[]; profit: number[] } {
  const every = Math.max(1, Math.ceil(share.length / 100));
  const kept = [...share.keys()].filter((i) => i % every === 0 || i === share.length - 1);
  return { share: kept.map((i) => share[i] as number), profit: kept.map((i) => profit[i] as number) };
}
