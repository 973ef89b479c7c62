import type { Table } from "../../table.ts";
import { requireColumns } from "../features/schema.ts";
import type { OfferTerms } from "../types.ts";
import { createTablePredictor, type TablePredictor } from "./predict.ts";
import type { UpliftModel, UpliftPrediction } from "./types.ts";

/**
 * The predictions that are scored with: an offer whose effects are not personal adds its average effect for everyone,
 * and where no choice between offers could be shown to pay, no offer is worth more than the best single one.
 *
 * @param terms of the arms, in their order; an arm without terms is never compared
 */
export function createEffectPredictor(
  model: UpliftModel,
  terms: readonly (OfferTerms | undefined)[],
): TablePredictor {
  if (!model.arms.some((arm) => arm.isPersonal)) return createAveragePredictor(model);
  const predict = createTablePredictor(model);
  const single = model.arms.findIndex(({ offerId }) => offerId === model.heterogeneity.single);
  return (table) => {
    const { none, offers } = predict(table);
    const settled = offers.map((offer, i) => {
      const arm = model.arms[i];
      return arm?.isPersonal === false ? addConstant(model, none, arm.average.value) : offer;
    });
    if (single < 0) return { none, offers: settled };
    return {
      none,
      offers: settled.map((offer, i) => (i === single ? offer : cap(model, terms, i, settled))),
    };

    function cap(
      { outcome }: UpliftModel,
      all: readonly (OfferTerms | undefined)[],
      i: number,
      columns: readonly Float64Array[],
    ): Float64Array {
      const [own, best] = [all[i], all[single]];
      const offer = columns[i] as Float64Array;
      const margin = outcome === "binary" ? (own?.margin ?? 0) : 1;
      const bestMargin = outcome === "binary" ? (best?.margin ?? 0) : 1;
      if (!own || !best || !(margin > 0)) return offer;
      return offer.map((value, row) => {
        const base = none[row] as number;
        const worth = ((columns[single]?.[row] as number) - base) * bestMargin - best.cost;
        // A hair below, so that a tie goes to the single offer.
        const most = base + (worth + own.cost) / margin - 1e-9;
        const capped = Math.min(value, most);
        return outcome === "binary" ? Math.max(0, capped) : capped;
      });
    }
  };
}

/** Everyone alike. The columns are asked for all the same: a file that lacks them is the wrong file. */
function createAveragePredictor(model: UpliftModel): TablePredictor {
  const names = model.schema.features.map(({ name }) => name);
  return (table: Table): UpliftPrediction => {
    requireColumns(table, names);
    const none = new Float64Array(table.rows).fill(model.controlMean);
    return { none, offers: model.arms.map((arm) => addConstant(model, none, arm.average.value)) };
  };
}

function addConstant({ outcome }: UpliftModel, none: Float64Array, effect: number): Float64Array {
  return none.map((value) => {
    const offered = value + effect;
    return outcome === "binary" ? Math.min(1, Math.max(0, offered)) : offered;
  });
}
