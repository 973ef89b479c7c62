import { type Column, expected, LookalikeError, type Table, takeRows } from "../../core/index.ts";
import { encode, type Propensities, pairPropensity, settlePropensities } from "../../learning/index.ts";
import {
  type Clusters,
  clusteredMean,
  type Estimate,
  type ExperimentTable,
  inverseWeights,
  takeClusters,
  type UpliftSample,
  wilson,
} from "../../statistics/index.ts";
import { NO_OFFER } from "../choose/worth.ts";
import { createScorer } from "../score.ts";
import type { OfferModel, OfferTerms } from "../types.ts";

/** A log on which the model was not trained, limited to the model's arms, with the model's predictions. */

/** A past campaign on which a model was not trained. */
export type HoldoutExperiment = Pick<
  ExperimentTable,
  "rows" | "arms" | "outcome" | "features" | "propensity" | "clusters" | "received"
>;

/** The rows with an arm of the model; `arms` counts from 0, the control. */
export interface HoldoutRows {
  readonly arms: Int32Array;
  readonly outcomes: Float64Array;
  readonly propensity: Float64Array | null;
  readonly clusters: Clusters;
  readonly features: Table;
}

export interface Predictions {
  readonly none: Float64Array;
  readonly offers: readonly Float64Array[];
  /** The uplift of each offer: `offers` minus `none`, apart from rounding. */
  readonly uplifts: readonly Float64Array[];
  /** The arm that the model chooses for each row. */
  readonly choice: Int32Array;
  /**
   * Offers that the model chooses but the log does not contain, with their share of the rows; `choice` is
   * then the control.
   */
  readonly untried: readonly { readonly offerId: string; readonly share: number }[];
  /** Whether the outcome is money already, so that an offer's margin does not apply. */
  readonly isAmount: boolean;
}

/** Below this share of customers who are shown an untried offer, the figures are valid for nearly all of them. */
export const FEW_UNTRIED = 0.01;

export function keepKnown(
  { arms, outcome, propensity, clusters, features }: HoldoutExperiment,
  labels: readonly string[],
): HoldoutRows {
  const armOf = arms.labels.map((label, arm) => (arm === 0 ? 0 : labels.indexOf(label, 1)));
  const kept = Uint32Array.from(arms.codes.keys()).filter(
    (row) => (armOf[arms.codes[row] as number] ?? -1) >= 0,
  );
  if (labels.length < 2) {
    throw new LookalikeError(
      "ERR_OFFER_UNKNOWN",
      expected("an arm that the model has an offer for", "the log", arms.labels.join(", ")),
      { hint: "Name the treatment column, and the control with the log's name for it." },
    );
  }
  const take = (values: Float64Array) => Float64Array.from(kept, (row) => values[row] as number);
  return {
    arms: Int32Array.from(kept, (row) => armOf[arms.codes[row] as number] as number),
    outcomes: take(outcome),
    propensity: propensity && take(propensity),
    clusters: takeClusters(clusters, kept),
    features: takeRows(features, kept),
  };
}

const BATCH_ROWS = 8_192;

/** Scores in batches: a scored customer is an object, and a log may have millions. */
export function predictAll(model: OfferModel, rows: HoldoutRows, known: readonly OfferTerms[]): Predictions {
  const { features } = rows;
  const scorer = createScorer(model);
  const none = new Float64Array(features.rows);
  const offers = known.map(() => new Float64Array(features.rows));
  const uplifts = known.map(() => new Float64Array(features.rows));
  const choice = new Int32Array(features.rows);
  const untried = new Map<string, number>();
  const armOf = new Map([[NO_OFFER, 0], ...known.map(({ id }, i) => [id, i + 1] as const)]);
  // A model of amounts predicts only effects: the control's mean is used as the amount without an offer.
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
        (uplifts[k] as Float64Array)[start + i] = score.uplift;
      }
      const arm = armOf.get(best);
      if (arm === undefined) untried.set(best, (untried.get(best) ?? 0) + 1 / features.rows);
      choice[start + i] = arm ?? 0;
    }
  }
  const shares = [...untried].map(([offerId, share]) => ({ offerId, share }));
  return { none, offers, uplifts, choice, untried: shares, isAmount };
}

function withoutUplift(offer: string): LookalikeError {
  return new LookalikeError(
    "ERR_OFFER_UNKNOWN",
    expected("an uplift", `the model's offer ${offer}`, "a lift only"),
    { hint: "Train the model on an experiment with this offer." },
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

/**
 * Chooses the source of the arms' probabilities, by the same rule as in training.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function settleHoldout(
  { uplift }: OfferModel,
  { arms, propensity, features, clusters }: HoldoutRows,
  labels: readonly string[],
): Propensities {
  const schema = uplift?.schema ?? { features: [] };
  return settlePropensities({ labels, arms, matrix: encode(schema, features), given: propensity, clusters });
}

export interface Pair {
  readonly sample: UpliftSample;
  readonly propensity: Float64Array | null;
  readonly none: Float64Array;
  readonly shown: Float64Array;
  readonly clusters: Clusters;
}

/** The rows of one arm and the control. Propensities are conditional on these two arms. */
export function pairOf(
  rows: HoldoutRows,
  propensities: Propensities,
  { none, offers, uplifts }: Predictions,
  arm: number,
): Pair {
  const inside = Uint32Array.from(rows.arms.keys()).filter((row) => {
    return rows.arms[row] === 0 || rows.arms[row] === arm;
  });
  const take = (values: Float64Array) => Float64Array.from(inside, (row) => values[row] as number);
  const own = offers[arm - 1] as Float64Array;
  const treated = Uint8Array.from(inside, (row) => (rows.arms[row] === arm ? 1 : 0));
  const propensity = pairPropensity(propensities, rows.arms, arm, inside);
  return {
    sample: {
      scores: take(uplifts[arm - 1] as Float64Array),
      treated,
      outcomes: take(rows.outcomes),
      weights: propensity && inverseWeights(treated, propensity),
    },
    propensity,
    none: take(none),
    shown: take(own),
    clusters: takeClusters(rows.clusters, inside),
  };
}

export function armOutcome(
  { arms, outcomes, clusters }: HoldoutRows,
  arm: number,
): { rows: number; outcome: Estimate } {
  const own = outcomes.filter((_, row) => arms[row] === arm);
  const isBinary = own.every((value) => value === 0 || value === 1);
  const sum = own.reduce((total, value) => total + value, 0);
  if (own.length === 0) {
    throw new LookalikeError("ERR_ARM_EMPTY", expected("at least one customer", `arm ${arm}`, 0));
  }
  const ownClusters = clusters?.filter((_, row) => arms[row] === arm) ?? null;
  const isPlain = isBinary && ownClusters === null;
  return { rows: own.length, outcome: isPlain ? wilson(sum, own.length) : clusteredMean(own, ownClusters) };
}
