import type { Column } from "../../core/index.ts";

/**
 * Columns in bins, and the association of two of them. The bins that trees split at (`learning/features/bins.ts`) are
 * others: 254, which a model stores. A test of association needs several rows in each cell of a table.
 */

/** Numbers are put into this many bins of about equal size; frequent values have bins of their own. */
export const BINS = 20;
/** Quantiles of about this many rows are as good as those of all. */
const SAMPLE_ROWS = 20_000;
/** Minimum expected number of rows of a value in the smallest arm, as far as values are rarer than bins. */
const LEAST_EXPECTED = 2;

export interface Bins {
  readonly codes: Int32Array;
  readonly levels: number;
}

/** Missing values form a separate level. */
export function binned(column: Column): Bins {
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

/** Values that are too rare for the chi-square approximation become one. */
export function pooled(bins: Bins, arms: Bins): Bins {
  const rows = bins.codes.length;
  const [counts, sizes] = [countOf(bins), countOf(arms).filter((size) => size > 0)];
  const expected = (LEAST_EXPECTED * rows) / Math.min(...sizes);
  const least = Math.min(rows / BINS, Math.max(BINS, expected));
  const codeOf = Int32Array.from(counts, (count, code) => (count < least ? bins.levels : code));
  return { codes: bins.codes.map((code) => codeOf[code] as number), levels: bins.levels + 1 };
}

export function countOf({ codes, levels }: Bins): Uint32Array {
  const counts = new Uint32Array(levels);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return counts;
}

/** Cramér's V of two columns of the same rows, corrected for its bias; numbers in 20 bins. 0 to 1. */
export function association(a: Column, b: Column): number {
  return cramersV(binned(a), binned(b)).association;
}

interface Association {
  /** Bias-corrected Cramér's V. */
  readonly association: number;
  readonly chiSquare: number;
  readonly freedom: number;
}

export function cramersV(a: Bins, b: Bins): Association {
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
