import type { Column, Table } from "../../core/index.ts";
import { BINS, type Bins, binned, countOf, cramersV, pooled } from "./bins.ts";
import { chiSquareTail } from "./chi-square.ts";
import { type ArmAssociation, changedByTreatment, timeByName } from "./post-treatment.ts";

/** A column on which a model should not be trained unchanged, and why. */
export type ColumnFinding =
  | { readonly kind: "constant"; readonly feature: string }
  | { readonly kind: "duplicate"; readonly feature: string; readonly of: string }
  /**
   * It reveals the arm: recorded after the assignment, or the assignment was not random. With one value in each arm
   * (`isCopy`) it says nothing about customers of the same arm.
   */
  | {
      readonly kind: "tells treatment";
      readonly feature: string;
      readonly association: number;
      readonly isCopy: boolean;
    }
  /** It predicts the outcome so well that it is probably a consequence of it. */
  | { readonly kind: "tells outcome"; readonly feature: string; readonly association: number }
  /** It was changed by what was shown, so it was recorded afterwards. */
  | { readonly kind: "after treatment"; readonly feature: string }
  /** It is different in every row, so a model cannot learn from it about other rows. */
  | { readonly kind: "names rows"; readonly feature: string };

/** Cramér's V above which a feature reveals the arm; by Cohen's (1988) scale 0.1 is small and 0.3 medium. */
const TREATMENT_LIMIT = 0.3;
/** Genuine features predict purchases weakly; above this value a feature is a proxy of the outcome. */
const OUTCOME_LIMIT = 0.8;
/** The same for a column whose name is that of something done, perhaps after the offer was shown. */
const DEED_LIMIT = 0.4;
/** Probability that all rows of one value have the outcome by chance. */
const CERTAIN = 1e-9;
/** Columns are compared whole only if so many first rows are alike. */
const START_ROWS = 20_000;
/** Share of an arm's customers who must have the value that all of the control have. */
const LEAST_SHARED = 0.02;
/** Names of columns that number the rows. A number that differs in every row may still be informative. */
const ROW_NUMBER = /(?:^|[^a-z])(?:id|nr|no|number|index|row|key|uuid|guid)s?$|^unnamed|^column0+$/i;

/**
 * Finds columns that are constant, duplicate another (equal up to renaming of values), reveal the arm or the
 * outcome, were changed by the treatment, or only identify the row. Association is Cramér's V, corrected for
 * its bias in small samples, over the labels or over 20 bins with equal numbers of rows.
 *
 * Source: Cramér 1946; Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's T".
 *
 * @param outcome 0 or 1, or any number
 */
export function inspectColumns(
  arms: { readonly labels: readonly string[]; readonly codes: Int32Array },
  outcome: Float64Array,
  features: Table,
): ColumnFinding[] {
  const findings: ColumnFinding[] = [];
  const outcomeBins = binned({ kind: "number", values: outcome });
  const armBins = { codes: arms.codes, levels: arms.labels.length };
  const twinOf = openTwins(features);
  const associations: ArmAssociation[] = [];
  for (const [feature, column] of features.columns) {
    const bins = binned(column);
    const twin = twinOf(feature, column);
    if (namesRows(feature, column)) findings.push({ kind: "names rows", feature });
    if (isConstant(column)) findings.push({ kind: "constant", feature });
    else if (twin !== undefined) findings.push({ kind: "duplicate", feature, of: twin });
    const { association: toArm, chiSquare, freedom } = cramersV(pooled(bins, armBins), armBins);
    const isCopy = isCopyOfArm(bins, armBins);
    if (isCopy || toArm > TREATMENT_LIMIT) {
      findings.push({ kind: "tells treatment", feature, association: toArm, isCopy });
    }
    const { association: toOutcome } = cramersV(bins, outcomeBins);
    const limit = timeByName(feature) === "unknown" ? OUTCOME_LIMIT : DEED_LIMIT;
    if (toOutcome > limit || impliesOutcome(bins, outcome)) {
      findings.push({ kind: "tells outcome", feature, association: toOutcome });
    } else if (!isCopy) {
      associations.push({
        feature,
        pValue: freedom > 0 ? chiSquareTail(chiSquare, freedom) : 1,
        variesWithOffer: variesWithOffer(bins, armBins, column, arms.labels),
      });
    }
  }
  const changed = changedByTreatment(associations);
  return [...findings, ...changed.map((feature) => ({ kind: "after treatment", feature }) as const)];
}

/** Whether a column is unavailable for future customers or not informative. */
export function isUnfit(finding: ColumnFinding): boolean {
  if (finding.kind === "tells treatment") return finding.isCopy;
  return ["tells outcome", "names rows", "after treatment"].includes(finding.kind);
}

function namesRows(feature: string, column: Column): boolean {
  const values: Int32Array | Float64Array = column.kind === "category" ? column.codes : column.values;
  // `customerId` as well as `customer_id`.
  const name = feature.replace(/([a-z])([A-Z])/g, "$1_$2");
  const mayNumber =
    column.kind === "category" || (ROW_NUMBER.test(name) && column.values.every(Number.isInteger));
  return mayNumber && values.length >= BINS && !hasRepeated(values);
}

function hasRepeated(values: Int32Array | Float64Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (seen.has(value)) return true;
    seen.add(value);
  }
  return false;
}

/**
 * Finds the first of the earlier columns that a column duplicates. Whole columns are compared only if their first rows are
 * alike.
 */
function openTwins({ columns }: Table): (feature: string, column: Column) => string | undefined {
  const byStart = new Map<string, string[]>();
  const whole = new Map<string, string>();
  const patternOfAll = (feature: string) => {
    const pattern = whole.get(feature) ?? patternOf(columns.get(feature) as Column);
    whole.set(feature, pattern);
    return pattern;
  };
  return (feature, column) => {
    const start = patternOf(column, START_ROWS);
    const alike = byStart.get(start) ?? [];
    const twin = alike.find((other) => patternOfAll(other) === patternOfAll(feature));
    if (twin === undefined) byStart.set(start, [...alike, feature]);
    return twin;
  };
}

/**
 * A text that is equal for two columns if each value of one always occurs with the same value of the other, in the
 * first rows or in all. Numbers of which none is repeated are equal if they order the rows in the same way, or in the
 * opposite way: any two such columns could be renamed into each other.
 */
function patternOf(column: Column, rows = Number.POSITIVE_INFINITY): string {
  const all = column.kind === "category" ? column.codes : column.values;
  const values = all.length <= rows ? all : all.subarray(0, rows);
  const first = new Map<number, number>();
  const codes = Int32Array.from(values, (value) => {
    const key = Number.isNaN(value) ? -1.5 : value;
    const code = first.get(key) ?? first.size;
    if (code === first.size) first.set(key, code);
    return code;
  });
  const numbers = column.kind === "number" ? column.values.subarray(0, values.length) : null;
  const known = numbers?.filter((value) => !Number.isNaN(value));
  const isOrder = known && known.length > 1 && first.size === known.length + (first.has(-1.5) ? 1 : 0);
  return `${first.size}:${hashOf(isOrder ? orderOf(numbers as Float64Array, known) : codes)}`;
}

/** The rows by value, missing values last; an opposite order is the same. */
function orderOf(values: Float64Array, known: Float64Array): Uint32Array {
  const sign = (known[0] as number) < (known[1] as number) ? 1 : -1;
  const sortable = values.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value));
  return Uint32Array.from(values.keys()).sort(
    (a, b) => (sortable[a] as number) - (sortable[b] as number) || a - b,
  );
}

function hashOf(numbers: Int32Array | Uint32Array): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const number of numbers) {
    low = Math.imul(low ^ number, 0x01000193);
    high = Math.imul(high ^ (number + 0x9e37), 0x85ebca6b);
  }
  return `${low >>> 0}:${high >>> 0}`;
}

function isConstant(column: Column): boolean {
  const values: Int32Array | Float64Array = column.kind === "category" ? column.codes : column.values;
  const first = values[0] ?? 0;
  return values.every((value: number) => Object.is(value, first));
}

/** Whether each arm has one value, and not all the same. */
function isCopyOfArm({ codes }: Bins, arms: Bins): boolean {
  const first = new Int32Array(arms.levels).fill(-1);
  for (let row = 0; row < codes.length; row++) {
    const [arm, code] = [arms.codes[row] as number, codes[row] as number];
    if (first[arm] === -1) first[arm] = code;
    else if (first[arm] !== code) return false;
  }
  return new Set(first.filter((code) => code >= 0)).size > 1;
}

/**
 * Whether a column has the names of the arms, as the arm that was planned: customers who were shown another one were
 * selected for it.
 */
function namesArms(column: Column, labels: readonly string[]): boolean {
  if (column.kind === "number") return false;
  const names = new Set(labels.map((label) => label.trim().toLowerCase()));
  return column.labels.every((label) => names.has(label.trim().toLowerCase()));
}

/**
 * Whether all of the control have one value, and other customers have it too or it is a missing value. If no other
 * customer had it, the arm may have been chosen by the column; a column of planned arms is what customers were chosen by.
 */
function variesWithOffer({ codes }: Bins, arms: Bins, column: Column, labels: readonly string[]): boolean {
  if (namesArms(column, labels)) return false;
  const firstOfControl = arms.codes.indexOf(0);
  const value = codes[firstOfControl];
  const [rows, same] = [new Uint32Array(arms.levels), new Uint32Array(arms.levels)];
  for (let row = 0; row < codes.length; row++) {
    const arm = arms.codes[row] as number;
    rows[arm] = (rows[arm] as number) + 1;
    if (codes[row] === value) same[arm] = (same[arm] as number) + 1;
  }
  const [control = 0, ...others] = rows;
  if (control < BINS || same[0] !== control) return false;
  const shares = others.map((count, i) => (same[i + 1] as number) / count);
  return (
    shares.some((share) => share < 1) &&
    (isMissing(column)(firstOfControl) || shares.every((share) => share >= LEAST_SHARED))
  );
}

function isMissing(column: Column): (row: number) => boolean {
  return column.kind === "number"
    ? (row) => !Number.isFinite(column.values[row])
    : (row) => (column.codes[row] as number) < 0;
}

/** Whether a value occurs only together with an outcome of 1, more often than chance explains. */
function impliesOutcome(bins: Bins, outcome: Float64Array): boolean {
  const counts = countOf(bins);
  const hits = new Uint32Array(bins.levels);
  let all = 0;
  for (let row = 0; row < outcome.length; row++) {
    const value = outcome[row] as number;
    if (value !== 0 && value !== 1) return false;
    const code = bins.codes[row] as number;
    hits[code] = (hits[code] as number) + value;
    all += value;
  }
  const rate = all / outcome.length;
  return counts.some((count, code) => count > 0 && hits[code] === count && rate ** count < CERTAIN);
}
