import type { CustomerReader } from "../../customers/index.ts";
import type { OfferModel } from "../../offers/index.ts";
import { createDriftMeter, type DriftMeter } from "../../statistics/index.ts";
import type { ColumnWarning } from "../../tables/index.ts";

/** From this share of unseen values on, a column that is otherwise stable is reported too. */
const UNSEEN = 0.01;

/**
 * Adds a warning to the report for every column of the model whose distribution differs from training: ages
 * in months, or labels in other spellings, would give all customers the same offer.
 */
export function withDrift(reader: CustomerReader, model: OfferModel): CustomerReader {
  let found: readonly ColumnWarning[] = [];
  return {
    rows: reader.rows,
    features: reader.features,
    hasIds: reader.hasIds,
    get report() {
      const { read, refused, refusedByCode, refusals, warnings } = reader.report;
      return { read, refused, refusedByCode, refusals, warnings: [...warnings, ...found] };
    },
    async *[Symbol.asyncIterator]() {
      const meter = createDriftMeter(model.reference ?? []);
      found = [];
      for await (const batch of reader) {
        meter.add(batch.table);
        yield batch;
      }
      found = driftWarnings(meter);
    },
  };
}

function driftWarnings(meter: DriftMeter): ColumnWarning[] {
  return meter
    .report()
    .filter(({ verdict, outside }) => verdict !== "stable" || outside >= UNSEEN)
    .map(({ feature, verdict, stability, outside }) => {
      const unseen = outside < UNSEEN ? "" : `, ${(100 * outside).toFixed(0)} % not seen in training`;
      const message = `drift: ${feature} is ${verdict} (population stability ${stability.toFixed(2)}${unseen}): check that the column has the same format as in training`;
      return { column: feature, cells: 0, message };
    });
}
