import { createRandom, randomNormal } from "../../src/core/index.ts";

/** Rows of numbers, all of one length. */
export type Rows = readonly Float64Array[];

export interface Components {
  readonly mean: Float64Array;
  /** Orthonormal, by falling variance. */
  readonly rows: Rows;
  /** Variance along each. */
  readonly variances: readonly number[];
}

const ITERATIONS = 60;
/** Components beyond those that are wanted: with them the wanted ones settle sooner. */
const SPARE = 8;

/**
 * Principal components by orthogonal iteration on the data (Golub & Van Loan 2013, 8.2.4): the covariance matrix is
 * never formed.
 */
export function principalComponents(data: Rows, rank: number, seed = 1): Components {
  const size = data[0]?.length ?? 0;
  const mean = meanOf(data);
  const centred = data.map((row) => minus(row, mean));
  const random = createRandom(seed);
  const kept = Math.min(size, rank + SPARE);
  let rows = orthonormal(Array.from({ length: kept }, () => randomRow(size, () => randomNormal(random))));
  for (let iteration = 0; iteration < ITERATIONS; iteration++)
    rows = orthonormal(rows.map((row) => throughData(centred, row)));
  const variances = rows.map((row) => meanSquare(centred.map((point) => dot(point, row))));
  const order = rows.map((_, k) => k).sort((a, b) => (variances[b] ?? 0) - (variances[a] ?? 0));
  return {
    mean,
    rows: order.slice(0, rank).flatMap((k) => rows.slice(k, k + 1)),
    variances: order.slice(0, rank).map((k) => variances[k] ?? 0),
  };
}

function randomRow(size: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: size }, draw);
}

/** The covariance matrix times a vector. */
function throughData(centred: Rows, vector: Float64Array): Float64Array {
  const sum = new Float64Array(vector.length);
  for (const point of centred) {
    const along = dot(point, vector) / centred.length;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + along * (point[i] as number);
  }
  return sum;
}

/** Modified Gram-Schmidt. */
function orthonormal(rows: Rows): Float64Array[] {
  const done: Float64Array[] = [];
  for (const row of rows) {
    const left = row.slice();
    for (const other of done) {
      const along = dot(left, other);
      for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) - along * (other[i] as number);
    }
    const length = Math.sqrt(dot(left, left)) || 1;
    done.push(left.map((value) => value / length));
  }
  return done;
}

/**
 * The inverse of the Cholesky factor of a positive definite matrix: it maps vectors so that this covariance becomes the
 * identity.
 */
export function whitening(covariance: Rows): Float64Array[] {
  const size = covariance.length;
  const lower = covariance.map((row) => new Float64Array(row.length));
  const at = (i: number, j: number) => lower[i]?.[j] ?? 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i]?.[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      set(lower, [i, j], i === j ? Math.sqrt(sum) : sum / at(j, j));
    }
  }
  const inverse = covariance.map((row) => new Float64Array(row.length));
  for (let column = 0; column < size; column++) {
    for (let i = column; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= at(i, k) * (inverse[k]?.[column] ?? 0);
      set(inverse, [i, column], sum / at(i, i));
    }
  }
  return inverse;
}

function set(rows: Rows, [i, j]: readonly [number, number], value: number): void {
  const row = rows[i];
  if (row !== undefined) row[j] = value;
}

/** Mean of outer products. */
export function secondMoments(rows: Rows): Float64Array[] {
  const size = rows[0]?.length ?? 0;
  const sums = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    sums.forEach((sum, i) => {
      const own = (row[i] as number) / rows.length;
      for (let j = 0; j < size; j++) sum[j] = (sum[j] as number) + own * (row[j] as number);
    });
  }
  return sums;
}

export function meanOf(rows: Rows): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows)
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (row[i] as number) / rows.length;
  return sum;
}

export function minus(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  return Float64Array.from(a, (value, i) => value - (b[i] ?? 0));
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Rows combined by a matrix of factors. */
export function multiply(factors: Rows, rows: Rows): Float64Array[] {
  return factors.map((line) => {
    const sum = new Float64Array(rows[0]?.length ?? 0);
    rows.forEach((row, k) => {
      const factor = line[k] as number;
      if (factor === 0) return;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * (row[i] as number);
    });
    return sum;
  });
}

export function meanSquare(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length);
}
