import { takeRows } from "../../core/index.ts";
import {
  type BoostedChoice,
  fitBoostedChoice,
  predictBoostedChoice,
  predictChoice,
} from "../../learning/index.ts";
import type { Estimate } from "../../statistics/index.ts";
import { averageOf, comparePolicies, meanError } from "../../statistics/index.ts";
import { bySegment, splitByTime } from "./baselines.ts";
import {
  type ChoiceData,
  type ChosenPenalty,
  choosePenalty,
  encodeTransitions,
  fitAll,
  takeChoices,
} from "./choice.ts";
import { logLosses } from "./losses.ts";
import { choosePool, type Pool, poolChoices } from "./pool.ts";
import { calibrateNext, measureNextQuality, type NextCalibration, type NextQuality } from "./quality.ts";
import { trainNext } from "./train.ts";
import type { CodedTransitions, NextModel } from "./types.ts";

/** The competing models, and the baselines that they must beat. */
const NEXT_ANSWERS = [
  "multinomial",
  "boosting",
  "blend",
  "segments",
  "switching table",
  "stays",
  "majority",
] as const;
export type NextAnswer = (typeof NEXT_ANSWERS)[number];

/** The result of the comparison: the chosen model, and the quality of each answer on the latest purchases. */
export interface NextContest {
  readonly chosen: "multinomial" | "boosting" | "blend" | "segments";
  /**
   * The reason: decrease of the log-loss of the multinomial with trees compared with the table, on the
   * validation rows (95 %).
   */
  readonly validation: Estimate;
  /**
   * `time`: trained on the earliest 60 %, chosen on the next 20 %, measured on the last 20 %; else the parts
   * are random.
   */
  readonly split: "time" | "random";
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  readonly test: { readonly [name in NextAnswer]: NextQuality };
  /** Calibration of the chosen model on the test rows. */
  readonly calibration: NextCalibration;
}

/** With fewer rows the switching table is used: a fifth of the rows is too small to compare models. */
const MIN_CONTEST_ROWS = 500;

/**
 * Trains both models on the earliest purchases. The multinomial is chosen if its log-loss on later purchases
 * is significantly (95 %) lower; columns from the logs and of ties are included if they help (`chooseColumns`). The chosen model and the
 * baselines are measured on the latest rows. The chosen model is then trained on all rows.
 *
 * @returns the unchanged table of segments if there are few rows
 */
export function contestNext(
  transitions: CodedTransitions,
  table: NextModel,
  seed: number,
): { readonly model: NextModel; readonly contest: NextContest | null } {
  if (transitions.rows < MIN_CONTEST_ROWS || transitions.manufacturers.length < 2) {
    return { model: table, contest: null };
  }
  const classes = transitions.manufacturers.length;
  const { split, train, validation, test } = splitByTime(transitions, seed);
  const early = trainNext(transitions, train);
  const parts = { train, validation, classes };
  const best = chooseColumns(transitions, early, parts);
  const { data, penalty, temperature, weights } = best;
  const boosted = boost(transitions, { rows: train, names: namesOf(data), classes, seed });
  const linear = (rows: Uint32Array) => predictChoice(weights, takeChoices(data, rows).rows, temperature);
  const onTrees = (rows: Uint32Array) =>
    boosted && predictBoostedChoice(boosted, takeRows(transitions.features, rows));
  const pool = poolOf(linear(validation), onTrees(validation), takeChoices(data, validation).next, classes);
  const pooled = (rows: Uint32Array, how: Pool = pool) => {
    const trees = onTrees(rows);
    return trees === null ? linear(rows) : poolChoices(linear(rows), trees, classes, how);
  };
  const segmentsOn = (rows: Uint32Array) => bySegment(early, transitions, rows, "all");
  const gained = comparePolicies(
    logLosses(segmentsOn(validation), takeChoices(data, validation).next, classes),
    logLosses(pooled(validation), takeChoices(data, validation).next, classes),
  );
  // If two models are not significantly different, the simpler table is used. If only the manufacturer is
  // known, the table uses all information.
  const knowsMore = data.schema.features.length > 1;
  const chosen = knowsMore && gained.low > 0 ? nameOf(pool) : "segments";
  const testData = takeChoices(data, test);
  const answers: Record<NextAnswer, Float64Array> = {
    multinomial: linear(test),
    boosting: pooled(test, { share: 1, temperature: 1 }),
    blend: pooled(test),
    segments: segmentsOn(test),
    "switching table": bySegment(early, transitions, test, "current"),
    stays: bySegment(early, transitions, test, "stays"),
    majority: bySegment(early, transitions, test, "overall"),
  };
  const contest: NextContest = {
    chosen,
    validation: gained,
    split,
    rows: { train: train.length, validation: validation.length, test: test.length },
    test: Object.fromEntries(
      NEXT_ANSWERS.map((name) => [
        name,
        measureNextQuality(answers[name], testData.next, transitions.manufacturers),
      ]),
    ) as NextContest["test"],
    calibration: calibrateNext(answers[chosen], testData.next, classes),
  };
  if (chosen === "segments") return { model: table, contest };
  const whole = encodeTransitions(transitions, table, best.without);
  const final = fitAll(whole, { penalty, classes, start: weights });
  const trees =
    pool.share > 0
      ? boost(transitions, { rows: everyRow(transitions), names: namesOf(whole), classes, seed })
      : null;
  const choice = {
    schema: whole.schema,
    penalty,
    temperature,
    weights: final.values,
    ...(trees === null ? {} : { trees: { model: trees, pool } }),
  };
  return { model: { ...table, choice }, contest };
}

/** Maximum rows times classes for trees; beyond it they take too long for their benefit. */
const MOST_TREE_WORK = 4_000_000;

function boost(
  { features, next, rows: all }: CodedTransitions,
  {
    rows,
    names,
    classes,
    seed,
  }: {
    readonly rows: Uint32Array;
    /** Columns that the weights use too. */
    readonly names: ReadonlySet<string>;
    readonly classes: number;
    readonly seed: number;
  },
): BoostedChoice | null {
  if (all * classes > MOST_TREE_WORK) return null;
  const columns = new Map([...features.columns].filter(([name]) => names.has(name)));
  return fitBoostedChoice({ rows: features.rows, columns }, next, { classes, rows, seed });
}

function namesOf({ schema }: ChoiceData): ReadonlySet<string> {
  return new Set(schema.features.map(({ name }) => name));
}

function poolOf(linear: Float64Array, trees: Float64Array | null, chosen: Int32Array, classes: number): Pool {
  return trees === null ? { share: 0, temperature: 1 } : choosePool(linear, trees, chosen, classes);
}

function nameOf({ share }: Pool): "multinomial" | "boosting" | "blend" {
  if (share === 0) return "multinomial";
  return share === 1 ? "boosting" : "blend";
}

function everyRow({ rows }: CodedTransitions): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}

/**
 * A multinomial model on some of the columns, fitted on the training rows, and its loss on each validation
 * row.
 */
interface Contender extends ChosenPenalty {
  readonly data: ChoiceData;
  readonly losses: Float64Array;
  readonly without: readonly string[];
}

interface ContestParts {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly classes: number;
}

/**
 * The model with the columns that are worth their noise. Columns of the logs are used if they lower the loss on the
 * validation rows; columns of ties, which are the most sensitive data, only if they lower it by more than its standard
 * error.
 */
function chooseColumns(transitions: CodedTransitions, early: NextModel, parts: ContestParts): Contender {
  const { fromLogs, fromTies: ties } = transitions;
  const contestant = (without: readonly string[]) => contend(transitions, early, parts, without);
  const own = contestant(fromLogs);
  const logs = ties.length === fromLogs.length ? own : contestant(ties);
  const best = averageOf(logs.losses) < averageOf(own.losses) ? logs : own;
  if (ties.length === 0) return best;
  const all = contestant([]);
  const gained = best.losses.map((loss, row) => loss - (all.losses[row] as number));
  return averageOf(gained) > meanError(gained) ? all : best;
}

function contend(
  transitions: CodedTransitions,
  early: NextModel,
  { train, validation, classes }: ContestParts,
  without: readonly string[],
): Contender {
  const data = encodeTransitions(transitions, early, without);
  const validationData = takeChoices(data, validation);
  const chosen = choosePenalty(takeChoices(data, train), validationData, classes);
  const probabilities = predictChoice(chosen.weights, validationData.rows, chosen.temperature);
  return { ...chosen, data, losses: logLosses(probabilities, validationData.next, classes), without };
}
