import { type Column, categoryColumn, numbersOf, type Table } from "../../core/index.ts";
import {
  type ChoiceRows,
  type ChoiceWeights,
  encode,
  fitChoice,
  learnSchema,
  matchColumns,
  predictBoostedChoice,
  predictChoice,
  takeRows,
} from "../../learning/index.ts";
import { meanLogLoss } from "./losses.ts";
import { poolChoices } from "./pool.ts";
import { createPredictor, type NextPredictor } from "./predict.ts";
import { ageBand, recode, SEGMENT_COLUMNS } from "./segments.ts";
import type { ChoiceModel, CodedTransitions, NextModel } from "./types.ts";

/** Candidate penalties, from nearly the switching table to nearly no shrinkage. */
const PENALTIES: readonly number[] = [1000, 300, 100, 30, 10, 3, 1];
/** Rows on which penalties are compared; the penalty applies to the sum of losses, so it is valid for more rows too. */
const MAX_TRIAL_ROWS = 20_000;
/** Maximum number of rows for fitting weights: more rows change them little. */
const MAX_FIT_ROWS = 200_000;
/** Derived from the age; not a column of the customers. */
export const AGE_BAND = "age band";

/** The encoded rows of one split, all with one schema. */
export interface ChoiceData {
  readonly schema: ChoiceModel["schema"];
  readonly rows: ChoiceRows;
  readonly next: Int32Array;
}

/** A table with an age band in addition to the age, so that loyalty may rise and fall with age. */
function withAgeBands(table: Table): Table {
  const age = table.columns.get(SEGMENT_COLUMNS.age);
  if (age === undefined) return table;
  const bands = Array.from(numbersOf(SEGMENT_COLUMNS.age, age), (years) => {
    const band = ageBand(years);
    return band < 0 ? null : `band ${band}`;
  });
  return { rows: table.rows, columns: new Map([...table.columns, [AGE_BAND, categoryColumn(bands)]]) };
}

/**
 * Encodes transitions for fitting.
 *
 * @param table the switching table from which the offsets come
 * @param without columns to ignore
 */
export function encodeTransitions(
  transitions: CodedTransitions,
  table: NextModel,
  without: readonly string[] = [],
): ChoiceData {
  const features = withAgeBands(transitions.features);
  const schema = learnSchema(
    features,
    [...features.columns].flatMap(([name, column]) =>
      hasValue(column) && !without.includes(name) ? [name] : [],
    ),
  );
  const rows = {
    matrix: encode(schema, features),
    current: transitions.current,
    offset: offsetsOf(createPredictor(table), transitions.current),
    matched: matchColumns(schema, transitions.manufacturers),
  };
  return { schema, rows, next: transitions.next };
}

/** The listed rows, in the order of the list. */
export function takeChoices({ schema, rows, next }: ChoiceData, list: Uint32Array): ChoiceData {
  const { current, offset, matched } = rows;
  const classes = offset.length / Math.max(1, current.length);
  return {
    schema,
    rows: {
      matrix: takeRows(rows.matrix, list),
      current: Int32Array.from(list, (row) => current[row] as number),
      offset: Float64Array.from({ length: list.length * classes }, (_, i) => {
        return offset[(list[Math.floor(i / classes)] as number) * classes + (i % classes)] as number;
      }),
      matched,
    },
    next: Int32Array.from(list, (row) => next[row] as number),
  };
}

export interface ChosenPenalty {
  readonly penalty: number;
  readonly temperature: number;
  readonly weights: ChoiceWeights;
}

/**
 * The penalty with the lowest log-loss on the validation rows, and the temperature that calibrates it there.
 */
export function choosePenalty(train: ChoiceData, validation: ChoiceData, classes: number): ChosenPenalty {
  const trial = atMost(train, MAX_TRIAL_ROWS);
  let start: ChoiceWeights | undefined;
  let best = { penalty: PENALTIES[0] as number, loss: Number.POSITIVE_INFINITY, weights: start };
  for (const penalty of PENALTIES) {
    start = fitChoice(trial.rows, trial.next, { penalty, classes, start });
    const loss = meanLogLoss(predictChoice(start, validation.rows), validation.next, classes);
    if (loss < best.loss) best = { penalty, loss, weights: start };
    // Two steps after the best one the loss is clearly rising.
    else if (penalty <= best.penalty / 10) break;
  }
  const { penalty } = best;
  const weights =
    trial === train && best.weights ? best.weights : fitAll(train, { penalty, classes, start: best.weights });
  return { penalty, temperature: chooseTemperature(weights, validation, classes), weights };
}

/**
 * `fitChoice` on at most 200,000 of the rows. The penalty applies to the sum of losses, so it is scaled to
 * the sample's share of the rows.
 */
export function fitAll(
  data: ChoiceData,
  options: { penalty: number; classes: number; start?: ChoiceWeights | undefined },
): ChoiceWeights {
  const fitted = atMost(data, MAX_FIT_ROWS);
  const share = fitted.next.length / Math.max(1, data.next.length);
  return fitChoice(fitted.rows, fitted.next, { ...options, penalty: options.penalty * share });
}

/** A model's probabilities for customers; the columns are found by the names that `nextColumns` lists. */
export function predictNextChoice(
  model: NextModel & { readonly choice: ChoiceModel },
  table: Table,
): Float64Array {
  const { choice, manufacturers } = model;
  const current = recode(table.columns.get(SEGMENT_COLUMNS.current) as Column, manufacturers);
  const rows = {
    matrix: encode(choice.schema, withAgeBands(table)),
    current,
    offset: offsetsOf(createPredictor(model), current),
    matched: matchColumns(choice.schema, manufacturers),
  };
  const width = rows.matrix.width;
  const weights = { classes: manufacturers.length, width, values: choice.weights };
  const linear = predictChoice(weights, rows, choice.temperature);
  const { trees } = choice;
  if (trees === undefined) return linear;
  return poolChoices(linear, predictBoostedChoice(trees.model, table), manufacturers.length, trees.pool);
}

/**
 * Temperature scaling: the divisor of the scores under which the validation rows are most likely, by
 * golden-section search over its logarithm.
 *
 * Source: Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks".
 */
function chooseTemperature(weights: ChoiceWeights, { rows, next }: ChoiceData, classes: number): number {
  const lossAt = (logarithm: number) =>
    meanLogLoss(predictChoice(weights, rows, Math.exp(logarithm)), next, classes);
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.4), Math.log(2.5)];
  for (let step = 0; step < 16; step++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (lossAt(left) < lossAt(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Log-probabilities of the switching table; age and residence are left to the weights. */
function offsetsOf(predictor: NextPredictor, current: Int32Array): Float64Array {
  const classes = predictor.overall.length;
  const offsets = new Float64Array(current.length * classes);
  const logarithms = new Map<number, Float64Array>();
  for (let row = 0; row < current.length; row++) {
    const own = current[row] as number;
    let known = logarithms.get(own);
    if (known === undefined) {
      known = predictor.predict({ current: own, age: -1, residence: -1 }).map(Math.log);
      logarithms.set(own, known);
    }
    offsets.set(known, row * classes);
  }
  return offsets;
}

/** The data, or every n-th row of it. */
function atMost(data: ChoiceData, rows: number): ChoiceData {
  const every = Math.ceil(data.next.length / rows);
  if (every <= 1) return data;
  return takeChoices(
    data,
    Uint32Array.from({ length: Math.floor(data.next.length / every) }, (_, i) => i * every),
  );
}

function hasValue(column: Column): boolean {
  return column.kind === "number"
    ? column.values.some(Number.isFinite)
    : column.codes.some((code) => code >= 0);
}
