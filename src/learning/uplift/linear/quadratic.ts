import type { Clusters } from "../../../statistics/index.ts";
import type { DesignMatrix } from "../../features/encode.ts";

export type Link = "identity" | "logistic";

/** The data of a linear model; only the listed rows are read. */
export interface LinearData {
  readonly matrix: DesignMatrix;
  /** 0 or 1 for the logistic link. */
  readonly targets: Float64Array;
  /** Weight of each row, at least 0; null: all 1. */
  readonly weights: Float64Array | null;
  /** Rows that must be in one fold when the precisions are chosen; default: all rows are independent. */
  readonly clusters?: Clusters;
}

/**
 * A loss as a quadratic form `loss - b'p + p'A p / 2` of the parameters p (weights, then the intercept):
 * exact for squared errors, an expansion at some parameters for log-losses. Forms of disjoint rows add up, so
 * that cross-validation reads the rows once.
 */
export interface Quadratic {
  readonly rows: number;
  /** (width + 1)^2, in row-major order; only the lower triangle is used. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** The loss at the parameters of the expansion, in nats, or half the squared errors. */
  readonly loss: number;
}

/**
 * The expansion of the rows' loss around `at`.
 *
 * @param at width + 1 parameters, the intercept last
 */
export function expandLoss(
  link: Link,
  { matrix, targets, weights }: LinearData,
  rows: Uint32Array,
  at: Float64Array,
): Quadratic {
  const { width, values, base } = matrix;
  const size = width + 1;
  const a = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const last = width * size;
  let loss = 0;
  if (base !== undefined) {
    loss = addSparse({ link, data: { matrix, targets, weights }, base, at }, rows, { a, gradient });
    const b = multiply(a, at).map((value, j) => value - (gradient[j] as number));
    return { rows: rows.length, a, b, loss };
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const start = row * width;
    const weight = weights === null ? 1 : (weights[row] as number);
    let score = at[width] as number;
    for (let j = 0; j < width; j++) score += (at[j] as number) * (values[start + j] as number);
    const { loss: own, residual, curvature } = lossOf(link, score, targets[row] as number, weight);
    loss += own;
    for (let j = 0; j < width; j++) {
      const value = values[start + j] as number;
      gradient[j] = (gradient[j] as number) + residual * value;
      const weighted = curvature * value;
      const line = j * size;
      for (let k = 0; k <= j; k++) {
        a[line + k] = (a[line + k] as number) + weighted * (values[start + k] as number);
      }
      a[last + j] = (a[last + j] as number) + weighted;
    }
    gradient[width] = (gradient[width] as number) + residual;
    a[last + width] = (a[last + width] as number) + curvature;
  }
  const b = multiply(a, at).map((value, j) => value - (gradient[j] as number));
  return { rows: rows.length, a, b, loss };
}

interface SparseLoss {
  readonly link: Link;
  readonly data: LinearData;
  /** The most frequent value of each column. */
  readonly base: Float64Array;
  readonly at: Float64Array;
}

/**
 * The same for rows in which most columns have their most frequent value. With x = base + d, sums run over
 * the few columns of d, and products with the base are added once, at the end.
 *
 * @returns the loss
 */
function addSparse(
  { link, data: { matrix, targets, weights }, base, at }: SparseLoss,
  rows: Uint32Array,
  { a, gradient }: { readonly a: Float64Array; readonly gradient: Float64Array },
): number {
  const { width, values } = matrix;
  const size = width + 1;
  const last = width * size;
  const columns = new Int32Array(width);
  const own = new Float64Array(width);
  const start = base.reduce((sum, value, j) => sum + value * (at[j] as number), at[width] as number);
  let loss = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    let count = 0;
    let score = start;
    for (let j = 0, from = row * width; j < width; j++) {
      const difference = (values[from + j] as number) - (base[j] as number);
      if (difference === 0) continue;
      score += (at[j] as number) * difference;
      columns[count] = j;
      own[count++] = difference;
    }
    const weight = weights === null ? 1 : (weights[row] as number);
    const { loss: part, residual, curvature } = lossOf(link, score, targets[row] as number, weight);
    loss += part;
    for (let m = 0; m < count; m++) {
      const j = columns[m] as number;
      gradient[j] = (gradient[j] as number) + residual * (own[m] as number);
      const weighted = curvature * (own[m] as number);
      const line = j * size;
      for (let n = 0; n <= m; n++) {
        const k = line + (columns[n] as number);
        a[k] = (a[k] as number) + weighted * (own[n] as number);
      }
      a[last + j] = (a[last + j] as number) + weighted;
    }
    gradient[width] = (gradient[width] as number) + residual;
    a[last + width] = (a[last + width] as number) + curvature;
  }
  const total = a[last + width] as number;
  const sums = a.slice(last, last + width);
  for (let j = 0; j < width; j++) {
    const [shift, sum] = [base[j] as number, sums[j] as number];
    for (let k = 0; k <= j; k++) {
      const [other, otherSum] = [base[k] as number, sums[k] as number];
      const cell = j * size + k;
      a[cell] = (a[cell] as number) + shift * otherSum + sum * other + total * shift * other;
    }
    a[last + j] = sum + total * shift;
    gradient[j] = (gradient[j] as number) + (gradient[width] as number) * shift;
  }
  return loss;
}

/** A row's weighted loss at a score, with its first and second derivative. */
function lossOf(link: Link, score: number, target: number, weight: number) {
  if (link === "identity") {
    const residual = weight * (score - target);
    return { loss: (weight * (score - target) ** 2) / 2, residual, curvature: weight };
  }
  // log(1 + exp(s)) - y s, without overflow.
  const small = Math.exp(-Math.abs(score));
  const p = (score >= 0 ? 1 : small) / (1 + small);
  return {
    loss: weight * (Math.max(score, 0) + Math.log1p(small) - target * score),
    residual: weight * (p - target),
    curvature: weight * p * (1 - p),
  };
}

/** The sum of several forms. */
export function addQuadratics(parts: readonly Quadratic[]): Quadratic {
  const [first] = parts;
  const a = new Float64Array(first?.a.length ?? 0);
  const b = new Float64Array(first?.b.length ?? 0);
  for (const part of parts) {
    for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + (part.a[i] as number);
    for (let i = 0; i < b.length; i++) b[i] = (b[i] as number) + (part.b[i] as number);
  }
  return {
    a,
    b,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    loss: parts.reduce((sum, part) => sum + part.loss, 0),
  };
}

/** The form's value at some parameters, up to a constant. */
export function formValue({ a, b }: Quadratic, parameters: Float64Array): number {
  const product = multiply(a, parameters);
  return parameters.reduce((sum, p, i) => sum + p * ((product[i] as number) / 2 - (b[i] as number)), 0);
}

/** Multiplies a symmetric matrix, stored as its lower triangle, by a vector. */
function multiply(lower: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  const product = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = lower[i * n + j] as number;
      product[i] = (product[i] as number) + value * (vector[j] as number);
      if (i !== j) product[j] = (product[j] as number) + value * (vector[i] as number);
    }
  }
  return product;
}
