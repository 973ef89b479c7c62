import { expected, LookalikeError, takeRows } from "../core/index.ts";
import { takeClusters } from "../statistics/index.ts";
import type { OfferTerms, TrainedOffers, TrainingExperiment } from "./types.ts";

/** An experiment without some of its arms, and what was left out. */
export interface FittingArms {
  readonly experiment: TrainingExperiment;
  readonly refusals: TrainedOffers["refusals"];
}

/** An average of fewer customers says nothing that could be acted on, whatever it is. */
const LEAST_ROWS = 50;

/** Rows of arms that the campaign does not offer help nothing that it chooses; they are named and left out. */
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
 * A handful of customers would by chance seem better served than thousands, and keep everything from being tested that
 * needs rows of all arms. Where no offer has more, all stay: the verdict then says that nothing was compared.
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

/** Some rows of an experiment, in the order in which they are listed. */
export function takeCustomers(
  { arms, outcome, propensity, clusters, features }: TrainingExperiment,
  rows: Uint32Array,
): TrainingExperiment {
  const take = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  return {
    rows: rows.length,
    arms: { labels: arms.labels, codes: Int32Array.from(rows, (row) => arms.codes[row] as number) },
    outcome: take(outcome),
    propensity: propensity && take(propensity),
    clusters: takeClusters(clusters, rows),
    features: takeRows(features, rows),
  };
}
