import { createRandom, randomNormal } from "../../core/index.ts";
import type { VectorSet } from "./types.ts";

/** A direction, of length 1, and the variance along it. */
export interface PrincipalDirection {
  readonly direction: Float64Array;
  readonly variance: number;
}

/** Number of rows whose covariance is computed, evenly over the set: about 30 per dimension of the widest vectors. */
const SAMPLE = 8192;
/** Few: only the span of the directions matters, and that they are orthonormal. */
const ITERATIONS = 15;
/** Additional directions, with which the wanted ones converge faster. */
const SPARE = 8;
const SEED = 1;

/**
 * The orthonormal directions of the greatest variances, by falling variance: orthogonal iteration (Golub & Van Loan 2013,
 * 8.2.4).
 *
 * @param covariance row-major and symmetric, `size` rows
 */
export function principalDirections(
  covariance: Float64Array,
  size: number,
  count: number,
): readonly PrincipalDirection[] {
  const random = createRandom(SEED);
  let directions = orthonormal(
    Array.from({ length: Math.min(size, count + SPARE) }, () =>
      Float64Array.from({ length: size }, () => randomNormal(random)),
    ),
  );
  for (let i = 0; i < ITERATIONS; i++)
    directions = orthonormal(directions.map((direction) => times(covariance, direction)));
  return directions
    .map((direction) => ({ direction, variance: dot(times(covariance, direction), direction) }))
    .sort((a, b) => b.variance - a.variance)
    .slice(0, count);
}

/** The covariance of a sample of the vectors; row-major and symmetric. */
export function covarianceOf({ dimensions, ids, vectors }: VectorSet): Float64Array {
  const rows = ids.length;
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  const mean = new Float64Array(dimensions);
  const sums = new Float64Array(dimensions * dimensions);
  let count = 0;
  for (let row = 0; row < rows; row += step, count++)
    for (let i = 0; i < dimensions; i++)
      mean[i] = (mean[i] as number) + (vectors[row * dimensions + i] as number);
  for (let i = 0; i < dimensions; i++) mean[i] = (mean[i] as number) / Math.max(1, count);
  const centred = new Float64Array(dimensions);
  for (let row = 0; row < rows; row += step) {
    for (let i = 0; i < dimensions; i++)
      centred[i] = (vectors[row * dimensions + i] as number) - (mean[i] as number);
    for (let i = 0; i < dimensions; i++) {
      const own = (centred[i] as number) / count;
      const at = i * dimensions;
      for (let j = i; j < dimensions; j++)
        sums[at + j] = (sums[at + j] as number) + own * (centred[j] as number);
    }
  }
  for (let i = 0; i < dimensions; i++)
    for (let j = 0; j < i; j++) sums[i * dimensions + j] = sums[j * dimensions + i] as number;
  return sums;
}

export function sumDiagonal(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * size + i] as number;
  return sum;
}

/** A square matrix times a vector. */
export function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] as number) * (vector[j] as number);
    product[i] = sum;
  }
  return product;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Modified Gram-Schmidt; a direction that depends on earlier ones becomes 0. */
function orthonormal(rows: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const row of rows) {
    const left = row.slice();
    const before = Math.sqrt(dot(left, left));
    for (const other of done) {
      const along = dot(left, other);
      for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) - along * (other[i] as number);
    }
    const length = Math.sqrt(dot(left, left));
    const isOwn = length > 1e-9 * before;
    done.push(left.map((value) => (isOwn ? value / length : 0)));
  }
  return done;
}
