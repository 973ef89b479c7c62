import { expected, LookalikeError, takeRows } from "../core/index.ts";
import { takeClusters } from "../statistics/index.ts";
import type { OfferTerms, TrainedOffers, TrainingExperiment } from "./types.ts";

/** An experiment without some of its arms, and the arms that were left out. */
export interface FittingArms {
  readonly experiment: TrainingExperiment;
  readonly refusals: TrainedOffers["refusals"];
}

/** Minimum number of customers of an arm: a smaller average is not reliable enough for a decision. */
const LEAST_ROWS = 50;

/** Leaves out arms that the campaign does not offer, and reports them: their rows do not help the choice. */
export function withoutUnknownArms(
  experiment: TrainingExperiment,
  offers: readonly OfferTerms[],
): FittingArms {
  const known = new Set(offers.map((offer) => offer.id));
  return leaveOut(
    experiment,
    experiment.arms.labels.slice(1).filter((label) => !known.has(label)),
    (offerId) =>
      new LookalikeError(
        "ERR_OFFER_UNKNOWN",
        expected(`one of ${[...known].join(", ")}`, "the experiment's offer", offerId),
        { hint: "Use the log's spelling of the offer in the campaign; its rows were skipped." },
      ),
  );
}

/**
 * Leaves out arms with fewer than `LEAST_ROWS` customers. Such an arm may look better than large arms by
 * chance, and prevents all tests that need rows of every arm. If every arm is that small, all stay, and the
 * verdict then says that nothing was compared.
 */
export function withoutTinyArms(experiment: TrainingExperiment): FittingArms {
  const { labels, codes } = experiment.arms;
  const rows = labels.map(() => 0);
  for (const code of codes) rows[code] = (rows[code] as number) + 1;
  const tiny = labels.filter((_, arm) => arm > 0 && (rows[arm] as number) < LEAST_ROWS);
  if (tiny.length === labels.length - 1) return { experiment, refusals: [] };
  return leaveOut(
    experiment,
    tiny,
    (offerId) =>
      new LookalikeError(
        "ERR_ARM_TOO_SMALL",
        expected(`at least ${LEAST_ROWS} customers`, `offer ${offerId}`, rows[labels.indexOf(offerId)]),
        { hint: "Show the offer to more customers; its rows were skipped." },
      ),
  );
}

function leaveOut(
  experiment: TrainingExperiment,
  offerIds: readonly string[],
  reason: (offerId: string) => LookalikeError,
): FittingArms {
  if (offerIds.length === 0) return { experiment, refusals: [] };
  const { labels, codes } = experiment.arms;
  const refusals = offerIds.map((offerId) => ({
    offerId,
    rows: codes.reduce((sum, code) => sum + (labels[code] === offerId ? 1 : 0), 0),
    error: reason(offerId),
  }));
  const kept = labels.filter((label) => !offerIds.includes(label));
  return { experiment: keepArms(experiment, kept), refusals };
}

function keepArms(experiment: TrainingExperiment, kept: readonly string[]): TrainingExperiment {
  const { labels, codes } = experiment.arms;
  const newCode = labels.map((label) => kept.indexOf(label));
  const rows = Uint32Array.from(codes.keys()).filter((row) => (newCode[codes[row] as number] as number) >= 0);
  const customers = takeCustomers(experiment, rows);
  const renumbered = customers.arms.codes.map((code) => newCode[code] as number);
  return { ...customers, arms: { labels: kept, codes: renumbered } };
}

/** The listed rows of an experiment, in the given order. */
export function takeCustomers(
  { arms, outcome, propensity, clusters, received, features }: TrainingExperiment,
  rows: Uint32Array,
): TrainingExperiment {
  const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  return {
    rows: rows.length,
    arms: { labels: arms.labels, codes: Int32Array.from(rows, (row) => arms.codes[row] as number) },
    outcome: take(outcome),
    propensity: propensity && take(propensity),
    clusters: takeClusters(clusters, rows),
    received,
    features: takeRows(features, rows),
  };
}
