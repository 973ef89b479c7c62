import type { Column, Table } from "../../core/index.ts";
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
const BINS = 20;
/** Quantiles and patterns of about this many rows are as good as those of all, or tell which columns to compare whole. */
const SAMPLE_ROWS = 20_000;
/** Minimum expected number of rows of a value in the smallest arm, as far as values are rarer than bins. */
const LEAST_EXPECTED = 2;
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
        needsOffer: needsOffer(bins, armBins, isMissing(column)),
      });
    }
  }
  const changed = changedByTreatment(associations);
  return [...findings, ...changed.map((feature) => ({ kind: "after treatment", feature }) as const)];
}

/** Cramér's V of two columns of the same rows, corrected for its bias; numbers in 20 bins. 0 to 1. */
export function association(a: Column, b: Column): number {
  return cramersV(binned(a), binned(b)).association;
}

/** Whether a column is unavailable for future customers or not informative. */
export function isUnfit(finding: ColumnFinding): boolean {
  if (finding.kind === "tells treatment") return finding.isCopy;
  return ["tells outcome", "names rows", "after treatment"].includes(finding.kind);
}

function namesRows(feature: string, column: Column): boolean {
  const values: Int32Array | Float64Array = column.kind === "category" ? column.codes : column.values;
  if (values.length < BINS || hasRepeated(values)) return false;
  if (column.kind === "category") return true;
  // `customerId` as well as `customer_id`.
  const name = feature.replace(/([a-z])([A-Z])/g, "$1_$2");
  return ROW_NUMBER.test(name) && column.values.every(Number.isInteger);
}

function hasRepeated(values: Int32Array | Float64Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (seen.has(value)) return true;
    seen.add(value);
  }
  return false;
}

interface Bins {
  readonly codes: Int32Array;
  readonly levels: number;
}

/** Missing values form a separate level. */
function binned(column: Column): Bins {
  if (column.kind === "category") {
    return { codes: column.codes.map((code) => code + 1), levels: column.labels.length + 1 };
  }
  const step = Math.ceil(column.values.length / SAMPLE_ROWS);
  const sample = step === 1 ? column.values : column.values.filter((_, row) => row % step === 0);
  const cuts = cutsOf(sample.filter(Number.isFinite).sort());
  const codes = Int32Array.from(column.values, (value) =>
    Number.isFinite(value) ? 1 + below(cuts, value) : 0,
  );
  return { codes, levels: cuts.length + 2 };
}

/** @param known ascending @returns ascending, the first value of each bin; a frequent value is a bin of its own */
function cutsOf(known: Float64Array): Float64Array {
  const distinct = known.filter((value, i) => i === 0 || value !== known[i - 1]);
  if (distinct.length <= BINS) return distinct;
  const cuts = new Set<number>();
  for (let i = 1; i < BINS; i++) {
    const cut = known[Math.floor((i * known.length) / BINS)] as number;
    const next = distinct[below(distinct, cut)];
    if (cuts.has(cut) && next !== undefined) cuts.add(next);
    cuts.add(cut);
  }
  return Float64Array.from(cuts).sort();
}

/** The number of ascending cuts at or below the value. */
function below(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
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
    const start = patternOf(column, SAMPLE_ROWS);
    const alike = byStart.get(start) ?? [];
    const twin = alike.find((other) => patternOfAll(other) === patternOfAll(feature));
    if (twin === undefined) byStart.set(start, [...alike, feature]);
    return twin;
  };
}

/**
 * A text that is equal for two columns exactly if each value of one always occurs with the same value of the
 * other, in the first rows or in all.
 */
function patternOf(column: Column, rows = Number.POSITIVE_INFINITY): string {
  const first = new Map<number, number>();
  let low = 0x811c9dc5;
  let high = 0x01000193;
  const all = column.kind === "category" ? column.codes : column.values;
  const values = all.length <= rows ? all : all.subarray(0, rows);
  for (const value of values) {
    const key = Number.isNaN(value) ? -1.5 : value;
    let code = first.get(key);
    if (code === undefined) {
      code = first.size;
      first.set(key, code);
    }
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + 0x9e37), 0x85ebca6b);
  }
  return `${first.size}:${low >>> 0}:${high >>> 0}`;
}

function isConstant(column: Column): boolean {
  const values: Int32Array | Float64Array = column.kind === "category" ? column.codes : column.values;
  const first = values[0] ?? 0;
  return values.every((value: number) => Object.is(value, first));
}

/** Values that are too rare for the chi-square approximation become one. */
function pooled(bins: Bins, arms: Bins): Bins {
  const rows = bins.codes.length;
  const [counts, sizes] = [countOf(bins), countOf(arms).filter((size) => size > 0)];
  const expected = (LEAST_EXPECTED * rows) / Math.min(...sizes);
  const least = Math.min(rows / BINS, Math.max(BINS, expected));
  const codeOf = Int32Array.from(counts, (count, code) => (count < least ? bins.levels : code));
  return { codes: bins.codes.map((code) => codeOf[code] as number), levels: bins.levels + 1 };
}

function countOf({ codes, levels }: Bins): Uint32Array {
  const counts = new Uint32Array(levels);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts;
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
 * Whether all of the control have one value, and other customers have it too or it is a missing value. If no other
 * customer had it, the arm may have been chosen by the column.
 */
function needsOffer({ codes }: Bins, arms: Bins, isMissing: (row: number) => boolean): boolean {
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
    (isMissing(firstOfControl) || shares.every((share) => share >= LEAST_SHARED))
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

interface Association {
  /** Bias-corrected Cramér's V. */
  readonly association: number;
  readonly chiSquare: number;
  readonly freedom: number;
}

function cramersV(a: Bins, b: Bins): Association {
  const rows = a.codes.length;
  const table = new Float64Array(a.levels * b.levels);
  const left = new Float64Array(a.levels);
  const right = new Float64Array(b.levels);
  for (let row = 0; row < rows; row++) {
    const i = a.codes[row] as number;
    const j = b.codes[row] as number;
    table[i * b.levels + j] = (table[i * b.levels + j] as number) + 1;
    left[i] = (left[i] as number) + 1;
    right[j] = (right[j] as number) + 1;
  }
  const used = (sums: Float64Array) => sums.reduce((count, sum) => count + (sum > 0 ? 1 : 0), 0);
  const [r, k] = [used(left), used(right)];
  if (r < 2 || k < 2 || rows < 2) return { association: 0, chiSquare: 0, freedom: 0 };
  let phi = 0;
  for (let i = 0; i < a.levels; i++) {
    if (left[i] === 0) continue;
    for (let j = 0; j < b.levels; j++) {
      if (right[j] === 0) continue;
      phi += (table[i * b.levels + j] as number) ** 2 / ((left[i] as number) * (right[j] as number));
    }
  }
  phi -= 1;
  const freedom = (r - 1) * (k - 1);
  const corrected = Math.max(0, phi - freedom / (rows - 1));
  const smaller = Math.min(r - (r - 1) ** 2 / (rows - 1), k - (k - 1) ** 2 / (rows - 1)) - 1;
  const association = smaller <= 0 ? 0 : Math.min(1, Math.sqrt(corrected / smaller));
  return { association, chiSquare: Math.max(0, phi) * rows, freedom };
}
