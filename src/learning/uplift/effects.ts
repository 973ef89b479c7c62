import type { Table } from "../../core/index.ts";
import { requireColumns } from "../features/schema.ts";
import { createTablePredictor } from "./predict.ts";
import type { UpliftModel, UpliftPrediction } from "./types.ts";

/** Predictions per row of a table, with the uplift of each offer. */
export interface EffectPrediction extends UpliftPrediction {
  /**
   * For each offer and row. Stored in addition to the probabilities for two reasons: an average effect is
   * exactly equal for all customers, so that it defines no order, and it may exceed a probability of 1, to
   * which `offers` is limited.
   */
  readonly uplifts: readonly Float64Array[];
}

/**
 * The predictions for scoring: an offer without personal effects has its average effect for every customer.
 */
export function createEffectPredictor(model: UpliftModel): (table: Table) => EffectPrediction {
  const predict = model.arms.some((arm) => arm.isPersonal) ? createTablePredictor(model) : null;
  const names = model.schema.features.map(({ name }) => name);
  return (table) => {
    // The columns are required even if effects are equal: a file without them is probably the wrong file.
    if (predict === null) requireColumns(table, names);
    const personal = predict?.(table);
    const none = personal?.none ?? new Float64Array(table.rows).fill(model.controlMean);
    const columns = model.arms.map((arm, i) => {
      const offer = personal?.offers[i];
      return arm.isPersonal === false || offer === undefined
        ? alike(model, none, arm.average.value)
        : personally(model, none, offer, arm.calibration);
    });
    return {
      none,
      offers: columns.map(({ offer }) => offer),
      uplifts: columns.map(({ uplift }) => uplift),
    };
  };
}

/** Effects calibrated on held-out customers. */
function personally(
  { outcome }: UpliftModel,
  none: Float64Array,
  predicted: Float64Array,
  { intercept, slope } = { intercept: 0, slope: 1 },
) {
  const offer = predicted.map((value, row) => {
    const without = none[row] as number;
    const offered = without + intercept + slope * (value - without);
    return outcome === "binary" ? Math.min(1, Math.max(0, offered)) : offered;
  });
  return { offer, uplift: offer.map((value, row) => value - (none[row] as number)) };
}

function alike({ outcome }: UpliftModel, none: Float64Array, effect: number) {
  const offer = none.map((value) => {
    const offered = value + effect;
    return outcome === "binary" ? Math.min(1, Math.max(0, offered)) : offered;
  });
  return { offer, uplift: new Float64Array(none.length).fill(effect) };
}
