import { expected, LookalikeError } from "../errors.ts";
import type { OfferTerms, TrainedOffers, TrainingExperiment } from "./types.ts";

/** Rows of arms that the campaign does not offer help nothing that it chooses; they are named and left out. */
export function withoutUnknownArms(
  experiment: TrainingExperiment | undefined,
  offers: readonly OfferTerms[],
): { experiment: TrainingExperiment | undefined; refusals: TrainedOffers["refusals"] } {
  if (!experiment) return { experiment, refusals: [] };
  const { labels, codes } = experiment.arms;
  const known = new Set(offers.map((offer) => offer.id));
  const unknown = labels.filter((label, arm) => arm > 0 && !known.has(label));
  if (unknown.length === 0) return { experiment, refusals: [] };
  const refusals = unknown.map((offerId) => ({
    offerId,
    rows: codes.reduce((sum, code) => sum + (labels[code] === offerId ? 1 : 0), 0),
    error: new LookalikeError(
      "ERR_OFFER_UNKNOWN",
      expected(`one of ${[...known].join(", ")}`, "the experiment's offer", offerId),
      { hint: "Spell the offer in the campaign as the log does; its rows were left out." },
    ),
  }));
  const kept = labels.filter((label) => !unknown.includes(label));
  return { experiment: keepArms(experiment, kept), refusals };
}

function keepArms(experiment: TrainingExperiment, kept: readonly string[]): TrainingExperiment {
  const { labels, codes } = experiment.arms;
  const newCode = labels.map((label) => kept.indexOf(label));
  const rows = Uint32Array.from(codes.keys()).filter((row) => (newCode[codes[row] as number] as number) >= 0);
  const columns = [...experiment.features.columns].map(([name, column]) => {
    const taken =
      column.kind === "number"
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) }
        : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) };
    return [name, taken] as const;
  });
  return {
    rows: rows.length,
    arms: {
      labels: kept,
      codes: Int32Array.from(rows, (row) => newCode[codes[row] as number] as number),
    },
    outcome: Float64Array.from(rows, (row) => experiment.outcome[row] as number),
    propensity:
      experiment.propensity && Float64Array.from(rows, (row) => experiment.propensity?.[row] as number),
    features: { rows: rows.length, columns: new Map(columns) },
  };
}
