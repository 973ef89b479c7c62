import type { Column, Table } from "../../core/index.ts";
import { numbersOf } from "../../core/index.ts";
import { requireColumns } from "../../learning/index.ts";
import { AGE_BAND, predictNextChoice } from "./choice.ts";
import { createPredictor } from "./predict.ts";
import { ageBand, recode, SEGMENT_COLUMNS, segmentColumns } from "./segments.ts";
import type { ChoiceModel, NextModel } from "./types.ts";

/** The expected next purchase of a customer; customers of one segment may share an object. */
export interface NextScore {
  /** By index of the manufacturer, summing to 1. */
  readonly probabilities: Float64Array;
  /** Probability divided by the manufacturer's overall share. */
  readonly lifts: Float64Array;
  readonly next: Readonly<Record<string, number>>;
}

/** The columns that scoring with a model needs, and the kind of each. */
export function nextColumns(model: NextModel): Record<string, "number" | "category"> {
  const kindOf = (name: string) => (name === SEGMENT_COLUMNS.age ? "number" : "category");
  const features = model.choice?.schema.features ?? [];
  return Object.fromEntries([
    ...features.filter(({ name }) => name !== AGE_BAND).map(({ name, kind }) => [name, kind] as const),
    ...segmentColumns(model).map((name) => [name, kindOf(name)] as const),
  ]);
}

/**
 * Prepares a model for scoring tables of customers.
 *
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID (when scoring)
 */
export function createNextScorer(model: NextModel): (table: Table) => NextScore[] {
  const { choice } = model;
  return choice ? scoreChoices({ ...model, choice }) : scoreSegments(model);
}

function scoreChoices(model: NextModel & { readonly choice: ChoiceModel }): (table: Table) => NextScore[] {
  const { overall } = createPredictor(model);
  const classes = model.manufacturers.length;
  return (table) => {
    requireColumns(table, Object.keys(nextColumns(model)));
    const all = predictNextChoice(model, table);
    return Array.from({ length: table.rows }, (_, row) =>
      describe(model, overall, all.subarray(row * classes, (row + 1) * classes)),
    );
  };
}

function scoreSegments(model: NextModel): (table: Table) => NextScore[] {
  const predictor = createPredictor(model);
  const shared = new Map<Float64Array, NextScore>();
  const describeShared = (probabilities: Float64Array): NextScore => {
    const known = shared.get(probabilities) ?? describe(model, predictor.overall, probabilities);
    shared.set(probabilities, known);
    return known;
  };
  return (table) => {
    requireColumns(table, segmentColumns(model));
    const column = (name: string) => table.columns.get(name) as Column;
    const current = recode(column(SEGMENT_COLUMNS.current), model.manufacturers);
    const ages = model.usesAge ? numbersOf(SEGMENT_COLUMNS.age, column(SEGMENT_COLUMNS.age)) : null;
    const places =
      model.residences.length > 0 ? recode(column(SEGMENT_COLUMNS.residence), model.residences) : null;
    return Array.from(current, (manufacturer, row) =>
      describeShared(
        predictor.predict({
          current: manufacturer,
          age: ages ? ageBand(ages[row] as number) : -1,
          residence: places?.[row] ?? -1,
        }),
      ),
    );
  };
}

function describe(model: NextModel, overall: Float64Array, probabilities: Float64Array): NextScore {
  return {
    probabilities,
    lifts: probabilities.map((p, i) => p / (overall[i] as number)),
    next: Object.fromEntries(model.manufacturers.map((name, i) => [name, probabilities[i] as number])),
  };
}
