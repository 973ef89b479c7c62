import {
  type CategoryColumn,
  type Column,
  LookalikeError,
  labelsOf,
  numbersOf,
  type Table,
  takeRows,
} from "../../core/index.ts";
import type { TransitionTable } from "../../customers/index.ts";
import type { CodedTransitions, NextModel } from "./types.ts";

/** Lower ends of the age bands, in years: under 18, 18-24, 25-34, ... 65 and over. */
const BAND_STARTS: readonly number[] = [0, 18, 25, 35, 45, 55, 65];

/** Names of the bands in reports. */
export const BAND_NAMES: readonly string[] = [
  "under 18",
  "18 to 24",
  "25 to 34",
  "35 to 44",
  "45 to 54",
  "55 to 64",
  "65 and over",
];

/** The columns that define a segment, in transitions and in customers. */
export const SEGMENT_COLUMNS = {
  current: "current_manufacturer",
  age: "age",
  residence: "residence",
} as const;

/** Index of an age's band; -1 if the age is missing or negative. */
export function ageBand(age: number): number {
  return BAND_STARTS.findLastIndex((start) => age >= start);
}

/**
 * Converts transitions to indices and skips those that contain no information.
 *
 * A customer whose next purchase is after the log's end is skipped: this model does not predict when people
 * buy. A log without device models, however, never shows that a manufacturer was bought again. Skipping
 * customers without a change would make loyalty 0 there, so they count as staying.
 *
 * @throws ERR_TRANSITIONS_EMPTY, ERR_FEATURE_INVALID (an age that is not a number)
 */
export function codeTransitions(transitions: TransitionTable): CodedTransitions {
  const { current, next, features } = transitions;
  const seesRepeats = next.codes.some((code, row) => code >= 0 && code === current.codes[row]);
  const nextOf = (row: number) => {
    const bought = next.codes[row] as number;
    return bought < 0 && !seesRepeats ? (current.codes[row] as number) : bought;
  };
  const rows = [...next.codes.keys()].filter((row) => nextOf(row) >= 0);
  if (rows.length === 0) {
    throw new LookalikeError(
      "ERR_TRANSITIONS_EMPTY",
      `Expected at least one customer's next handset in the log but received ${transitions.rows} rows without any`,
      { hint: "Use a log that covers more time." },
    );
  }
  const age = features.columns.get(SEGMENT_COLUMNS.age);
  const residence = features.columns.get(SEGMENT_COLUMNS.residence);
  const ages = age && numbersOf(SEGMENT_COLUMNS.age, age);
  const places = residence && labelsOf(residence);
  const pick = (value: (row: number) => number) => Int32Array.from(rows, value);
  return {
    rows: rows.length,
    manufacturers: current.labels,
    residences: places?.labels ?? [],
    usesAge: ages !== undefined,
    stays: seesRepeats ? "bought again" : "unchanged",
    current: pick((row) => current.codes[row] as number),
    age: pick((row) => ageBand(ages?.[row] ?? Number.NaN)),
    residence: pick((row) => places?.codes[row] ?? -1),
    next: pick(nextOf),
    at: Float64Array.from(rows, (row) => transitions.at[row] as number),
    features: pickFeatures(transitions, rows),
    fromLogs: transitions.fromLogs ?? [],
    fromTies: transitions.fromTies ?? [],
  };
}

function pickFeatures({ current, features }: TransitionTable, rows: readonly number[]): Table {
  const columns = new Map<string, Column>([...features.columns, [SEGMENT_COLUMNS.current, current]]);
  return takeRows({ rows: features.rows, columns }, rows);
}

/** Names of the columns that customers need for scoring with a model. */
export function segmentColumns(model: NextModel): string[] {
  return [
    SEGMENT_COLUMNS.current,
    ...(model.usesAge ? [SEGMENT_COLUMNS.age] : []),
    ...(model.residences.length > 0 ? [SEGMENT_COLUMNS.residence] : []),
  ];
}

/** A column's labels as indices into the model's list; -1 for labels unknown to the model. */
export function recode(column: Column, known: readonly string[]): Int32Array {
  const { codes, labels }: CategoryColumn = labelsOf(column);
  const indexOf = new Map(known.map((label, index) => [label, index]));
  const recoded = labels.map((label) => indexOf.get(label) ?? -1);
  return codes.map((code) => recoded[code] ?? -1);
}
