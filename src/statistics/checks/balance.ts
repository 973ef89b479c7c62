import type { Column, Table } from "../../core/index.ts";
import { normalQuantile } from "../normal.ts";

/** How one feature differs between one arm and the control. */
export interface CovariateBalance {
  readonly feature: string;
  /** The label that differs most, or `missing`; null for a number that differs by its mean. */
  readonly level: string | null;
  readonly arm: string;
  /** Standardised mean difference, arm minus control; 0 is balance. */
  readonly difference: number;
  /** |difference| > 0.1, and larger than chance makes it in samples of this size. */
  readonly flagged: boolean;
}

/** Above this a difference matters, by convention (Austin 2009). */
export const BALANCE_LIMIT = 0.1;
/** Chance of one wrong alarm among all comparisons of an experiment. */
const ALARM = 0.01;
/** Standard errors that an alarm takes at the least. */
const LEAST_ERRORS = 3.5;
/** Labels of one column that are looked at, the most frequent ones. */
const MAX_LEVELS = 50;

/**
 * Covariate balance: standardised mean differences of every feature, each arm against the control,
 *
 *     (mean_arm - mean_control) / sqrt((variance_arm + variance_control) / 2)
 *
 * A label is looked at as an indicator, missing values of any column as a further one, and the largest of a column is
 * told. In a randomised experiment of thousands of customers all are near 0.
 *
 * Source: Austin 2009, "Balance diagnostics for comparing the distribution of baseline covariates", Statistics in
 * Medicine 28.
 *
 * @returns one entry for each feature and arm except the control, largest difference first
 */
export function covariateBalance(
  { labels, codes }: { readonly labels: readonly string[]; readonly codes: Int32Array },
  features: Table,
): CovariateBalance[] {
  const found: (CovariateBalance & { readonly errors: number })[] = [];
  let comparisons = 0;
  for (const [feature, column] of features.columns) {
    const moments = momentsByLevel(column, codes, labels.length);
    for (let arm = 1; arm < labels.length; arm++) {
      let level: string | null = null;
      let difference = 0;
      const rows = armRows(moments, arm);
      comparisons += moments.length;
      for (const [name, byArm] of moments) {
        const value = standardisedDifference(byArm[arm] as Moments, byArm[0] as Moments);
        if (Math.abs(value) <= Math.abs(difference)) continue;
        level = name;
        difference = value;
      }
      const error = Math.sqrt(1 / Math.max(1, rows) + 1 / Math.max(1, armRows(moments, 0)));
      const errors = Math.abs(difference) / error;
      found.push({ feature, level, arm: labels[arm] as string, difference, flagged: false, errors });
    }
  }
  const chance = Math.max(LEAST_ERRORS, normalQuantile(1 - ALARM / (2 * Math.max(1, comparisons))));
  return found
    .map(({ errors, ...entry }) => ({
      ...entry,
      flagged: Math.abs(entry.difference) > BALANCE_LIMIT && errors > chance,
    }))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** Rows of an arm: the missing values' indicator, which comes last, has one for each. */
function armRows(moments: readonly (readonly [string | null, readonly Moments[]])[], arm: number): number {
  return moments.at(-1)?.[1][arm]?.rows ?? 0;
}

interface Moments {
  rows: number;
  sum: number;
  squares: number;
}

function momentsByLevel(column: Column, arms: Int32Array, armCount: number): [string | null, Moments[]][] {
  const empty = () => Array.from({ length: armCount }, () => ({ rows: 0, sum: 0, squares: 0 }));
  const missing = empty();
  if (column.kind === "number") {
    const values = empty();
    for (let row = 0; row < arms.length; row++) {
      const arm = arms[row] as number;
      const value = column.values[row] as number;
      const known = Number.isFinite(value);
      add(missing[arm] as Moments, known ? 0 : 1);
      if (known) add(values[arm] as Moments, value);
    }
    return [
      [null, values],
      ["missing", missing],
    ];
  }
  const counts = column.labels.map(() => new Float64Array(armCount));
  const rows = new Float64Array(armCount);
  for (let row = 0; row < arms.length; row++) {
    const arm = arms[row] as number;
    const code = column.codes[row] as number;
    rows[arm] = (rows[arm] as number) + 1;
    const target = code < 0 ? null : (counts[code] as Float64Array);
    if (target) target[arm] = (target[arm] as number) + 1;
    else add(missing[arm] as Moments, 1);
  }
  const total = (count: Float64Array) => count.reduce((sum, value) => sum + value, 0);
  const levels = [...counts.entries()]
    .filter(([, count]) => total(count) > 0)
    .sort((a, b) => total(b[1]) - total(a[1]))
    .slice(0, MAX_LEVELS)
    .map(([code, count]): [string, Moments[]] => [column.labels[code] as string, indicator(count, rows)]);
  const absent = Float64Array.from(missing, ({ sum }) => sum);
  return [...levels, ["missing", indicator(absent, rows)]];
}

function indicator(count: Float64Array, rows: Float64Array): Moments[] {
  return Array.from(count, (sum, arm) => ({ rows: rows[arm] as number, sum, squares: sum }));
}

function add(moments: Moments, value: number): void {
  moments.rows++;
  moments.sum += value;
  moments.squares += value * value;
}

function standardisedDifference(arm: Moments, control: Moments): number {
  if (arm.rows === 0 || control.rows === 0) return 0;
  const spread = Math.sqrt((varianceOf(arm) + varianceOf(control)) / 2);
  const difference = arm.sum / arm.rows - control.sum / control.rows;
  if (spread > 1e-12) return difference / spread;
  // A feature that is constant within both arms but differs between them reveals the arm.
  return Math.abs(difference) > 1e-12 ? Math.sign(difference) * 10 : 0;
}

function varianceOf({ rows, sum, squares }: Moments): number {
  if (rows < 2) return 0;
  return Math.max(0, squares - (sum * sum) / rows) / (rows - 1);
}
