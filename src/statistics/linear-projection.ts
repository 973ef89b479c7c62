import { chiSquareTail } from "./checks/chi-square.ts";
import { averageOf, type Clusters } from "./clusters.ts";
import { inverseForm } from "./quadratic-form.ts";

/** Numbers in row-major order, `width` per row. */
export interface ProjectionMatrix {
  readonly width: number;
  readonly values: Float64Array;
}

export interface LinearProjection {
  /** One per requested column; 0 for a column that is a linear combination of earlier ones. */
  readonly coefficients: readonly number[];
  /** Standard error of each coefficient, cluster-robust; 0 for such a column. */
  readonly errors: readonly number[];
  /** Two-sided, per column; 1 for such a column. */
  readonly pValues: readonly number[];
  /** Wald test of the hypothesis that all coefficients are 0. */
  readonly wald: { readonly chiSquare: number; readonly freedom: number; readonly pValue: number };
}

/**
 * A pivot below this share of its column's square is rounding error: the column is a linear combination of
 * others.
 */
const DEPENDENT = 1e-9;

/**
 * Best linear projection of effects on columns: least squares on doubly robust scores, with an intercept.
 * Standard errors are robust to heteroscedasticity and to dependence within clusters.
 *
 * Source: Semenova and Chernozhukov 2021, "Debiased machine learning of conditional average treatment
 * effects", Econometrics Journal 24; the sandwich with factor G / (G - 1) (n - 1) / (n - k): Cameron and
 * Miller 2015, "A practitioner's guide to cluster-robust inference", Journal of Human Resources 50.
 *
 * @param scores one per row
 * @param columns indices of the matrix's columns to project on
 */
export function projectLinearly(
  scores: Float64Array,
  matrix: ProjectionMatrix,
  columns: readonly number[],
  clusters: Clusters = null,
): LinearProjection {
  const rows = scores.length;
  const centres = columns.map((column) => columnMean(matrix, column, rows));
  const mean = averageOf(scores);
  const at = (row: number, i: number) =>
    (matrix.values[row * matrix.width + (columns[i] as number)] as number) - (centres[i] as number);
  const bread = invert(crossProducts(rows, columns.length, at));
  const cross = columns.map((_, i) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += at(row, i) * ((scores[row] as number) - mean);
    return sum;
  });
  const coefficients = bread.inverse.map((line) => dot(line, cross));
  const residual = (row: number) => {
    let left = (scores[row] as number) - mean;
    for (let i = 0; i < columns.length; i++) left -= (coefficients[i] as number) * at(row, i);
    return left;
  };
  const { meat, units } = sandwich({ rows, width: columns.length, at, residual }, clusters);
  const scale = (units / Math.max(1, units - 1)) * ((rows - 1) / Math.max(1, rows - bread.rank - 1));
  const half = multiply(bread.inverse, meat);
  const covariance = multiply(half, bread.inverse).map((line) => line.map((value) => scale * value));
  const errors = covariance.map((line, i) => Math.sqrt(Math.max(0, line[i] as number)));
  const chiSquare = inverseForm(covariance, coefficients);
  return {
    coefficients,
    errors,
    pValues: errors.map((error, i) =>
      error > 0 ? chiSquareTail(((coefficients[i] as number) / error) ** 2, 1) : 1,
    ),
    wald: {
      chiSquare,
      freedom: bread.rank,
      pValue: bread.rank === 0 ? 1 : chiSquareTail(chiSquare, bread.rank),
    },
  };
}

type Entry = (row: number, column: number) => number;

function columnMean({ values, width }: ProjectionMatrix, column: number, rows: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[row * width + column] as number;
  return sum / Math.max(1, rows);
}

function crossProducts(rows: number, width: number, at: Entry): number[][] {
  const products = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  const line = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) line[i] = at(row, i);
    addSquare(products, line);
  }
  return products;
}

interface Residuals {
  readonly rows: number;
  readonly width: number;
  readonly at: Entry;
  readonly residual: (row: number) => number;
}

/** The sum over units (clusters, or rows) of the outer products of their summed gradients. */
function sandwich({ rows, width, at, residual }: Residuals, clusters: Clusters) {
  const meat = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  const line = new Float64Array(width);
  if (clusters === null) {
    for (let row = 0; row < rows; row++) {
      const left = residual(row);
      for (let i = 0; i < width; i++) line[i] = left * at(row, i);
      addSquare(meat, line);
    }
    return { meat, units: rows };
  }
  const sums = new Map<number, Float64Array>();
  for (let row = 0; row < rows; row++) {
    const cluster = clusters[row] as number;
    const own = sums.get(cluster) ?? new Float64Array(width);
    sums.set(cluster, own);
    const left = residual(row);
    for (let i = 0; i < width; i++) own[i] = (own[i] as number) + left * at(row, i);
  }
  for (const own of sums.values()) addSquare(meat, own);
  return { meat, units: sums.size };
}

function addSquare(products: number[][], line: Float64Array): void {
  for (let i = 0; i < line.length; i++) {
    const own = products[i] as number[];
    const value = line[i] as number;
    for (let j = 0; j < line.length; j++) own[j] = (own[j] as number) + value * (line[j] as number);
  }
}

/** The inverse by sweeping (Goodnight 1979); zeros for a column that depends on earlier ones. */
function invert(matrix: readonly (readonly number[])[]): { inverse: number[][]; rank: number } {
  const a = matrix.map((line) => [...line]);
  const isKept = a.map(() => false);
  for (let k = 0; k < a.length; k++) {
    const top = a[k] as number[];
    const pivot = top[k] as number;
    if (!(pivot > DEPENDENT * (matrix[k]?.[k] as number))) continue;
    isKept[k] = true;
    for (let i = 0; i < a.length; i++) {
      if (i === k) continue;
      const line = a[i] as number[];
      const share = (line[k] as number) / pivot;
      for (let j = 0; j < a.length; j++)
        if (j !== k) line[j] = (line[j] as number) - share * (top[j] as number);
      line[k] = -share;
    }
    for (let j = 0; j < a.length; j++) top[j] = (top[j] as number) / pivot;
    top[k] = 1 / pivot;
  }
  const inverse = a.map((line, i) =>
    line.map((value, j) => (isKept[i] === true && isKept[j] === true ? value : 0)),
  );
  return { inverse, rank: isKept.filter(Boolean).length };
}

function multiply(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((line) =>
    b.map((_, j) => line.reduce((sum, value, i) => sum + value * (b[i]?.[j] as number), 0)),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
