import type { Column, Table } from "../../core/index.ts";
import { normalQuantile } from "../normal.ts";

/** The difference of one feature between one arm and the control. */
export interface CovariateBalance {
  readonly feature: string;
  /** The label that differs most, or `missing`; null for a number that differs by its mean. */
  readonly level: string | null;
  readonly arm: string;
  /** Standardised mean difference, arm minus control; 0 is balance. */
  readonly difference: number;
  /** |difference| > 0.1, and larger than expected by chance in samples of this size. */
  readonly flagged: boolean;
}

/** Differences above this matter, by convention (Austin 2009). */
const BALANCE_LIMIT = 0.1;
/** Probability of any false alarm among all comparisons of an experiment. */
const ALARM = 0.01;
/** Minimum number of standard errors for an alarm. */
const LEAST_ERRORS = 3.5;
/** The most frequent labels of a column that are compared. */
const MAX_LEVELS = 50;

/**
 * Covariate balance: standardised mean differences of every feature, each arm against the control,
 *
 *     (mean_arm - mean_control) / sqrt((variance_arm + variance_control) / 2)
 *
 * Each label and the missing values of a column count as indicators; the largest difference of a column is reported. In
 * a randomised experiment of thousands of customers all are near 0. With known propensities, rows are weighted by the
 * inverse of the propensity of their arm.
 *
 * Source: Austin 2009, "Balance diagnostics for comparing the distribution of baseline covariates", Statistics in
 * Medicine 28.
 *
 * @returns one entry for each feature and arm except the control, largest difference first
 */
export function covariateBalance(
  { labels, codes }: { readonly labels: readonly string[]; readonly codes: Int32Array },
  features: Table,
  propensity: Float64Array | null = null,
): CovariateBalance[] {
  const found: (CovariateBalance & { readonly errors: number })[] = [];
  let comparisons = 0;
  for (const [feature, column] of features.columns) {
    const moments = momentsByLevel(column, { codes, armCount: labels.length, propensity });
    for (let arm = 1; arm < labels.length; arm++) {
      let level: string | null = null;
      let difference = 0;
      comparisons += moments.length;
      for (const [name, byArm] of moments) {
        const value = standardisedDifference(byArm[arm] as Moments, byArm[0] as Moments);
        if (Math.abs(value) <= Math.abs(difference)) continue;
        level = name;
        difference = value;
      }
      const error = Math.sqrt(1 / effectiveRows(moments, arm) + 1 / effectiveRows(moments, 0));
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

/**
 * Effective number of rows of an arm under its weights. The missing values' indicator, which comes last, has
 * an entry for each row.
 */
function effectiveRows(
  moments: readonly (readonly [string | null, readonly Moments[]])[],
  arm: number,
): number {
  const { rows = 0, weights = 0 } = moments.at(-1)?.[1][arm] ?? {};
  return Math.max(1, weights > 0 ? rows ** 2 / weights : 0);
}

interface Moments {
  /** Sum of the rows' weights. */
  rows: number;
  /** Sum of the squares of the rows' weights. */
  weights: number;
  sum: number;
  squares: number;
}

interface ArmRows {
  readonly codes: Int32Array;
  readonly armCount: number;
  readonly propensity: Float64Array | null;
}

function momentsByLevel(
  column: Column,
  { codes: arms, armCount, propensity }: ArmRows,
): [string | null, Moments[]][] {
  const empty = () => Array.from({ length: armCount }, () => ({ rows: 0, weights: 0, sum: 0, squares: 0 }));
  const weightOf = (row: number) => (propensity === null ? 1 : 1 / (propensity[row] as number));
  const missing = empty();
  if (column.kind === "number") {
    const values = empty();
    for (let row = 0; row < arms.length; row++) {
      const arm = arms[row] as number;
      const value = column.values[row] as number;
      const known = Number.isFinite(value);
      add(missing[arm] as Moments, known ? 0 : 1, weightOf(row));
      if (known) add(values[arm] as Moments, value, weightOf(row));
    }
    return [
      [null, values],
      ["missing", missing],
    ];
  }
  const counts = column.labels.map(() => new Float64Array(armCount));
  for (let row = 0; row < arms.length; row++) {
    const arm = arms[row] as number;
    const code = column.codes[row] as number;
    const weight = weightOf(row);
    add(missing[arm] as Moments, code < 0 ? 1 : 0, weight);
    const target = code < 0 ? null : (counts[code] as Float64Array);
    if (target) target[arm] = (target[arm] as number) + weight;
  }
  const total = (count: Float64Array) => count.reduce((sum, value) => sum + value, 0);
  const levels = [...counts.entries()]
    .filter(([, count]) => total(count) > 0)
    .sort((a, b) => total(b[1]) - total(a[1]))
    .slice(0, MAX_LEVELS)
    .map(([code, count]): [string, Moments[]] => [column.labels[code] as string, indicator(count, missing)]);
  return [...levels, ["missing", missing]];
}

function indicator(count: Float64Array, arms: readonly Moments[]): Moments[] {
  return arms.map((arm, i) => {
    const sum = count[i] as number;
    return { rows: arm.rows, weights: arm.weights, sum, squares: sum };
  });
}

function add(moments: Moments, value: number, weight: number): void {
  moments.rows += weight;
  moments.weights += weight * weight;
  moments.sum += weight * value;
  moments.squares += weight * value * value;
}

function standardisedDifference(arm: Moments, control: Moments): number {
  if (arm.rows === 0 || control.rows === 0) return 0;
  const spread = Math.sqrt((varianceOf(arm) + varianceOf(control)) / 2);
  const difference = arm.sum / arm.rows - control.sum / control.rows;
  if (spread > 1e-12) return difference / spread;
  // A feature that is constant within both arms but differs between them reveals the arm.
  return Math.abs(difference) > 1e-12 ? Math.sign(difference) * 10 : 0;
}

function varianceOf({ rows, weights, sum, squares }: Moments): number {
  const effective = weights > 0 ? rows ** 2 / weights : 0;
  if (effective < 2) return 0;
  return (Math.max(0, squares - (sum * sum) / rows) / rows) * (effective / (effective - 1));
}
