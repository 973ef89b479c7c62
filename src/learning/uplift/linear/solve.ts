/**
 * Decomposes a symmetric positive definite matrix, n x n in row-major order, into L L' in place (Cholesky);
 * only the lower triangle is read and written. A pivot that rounding made too small is raised to the smallest
 * usable value.
 */
export function factorise(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (matrix[i * n + k] as number) * (matrix[j * n + k] as number);
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (matrix[j * n + j] as number);
    }
  }
  return matrix;
}

/** Solves L L' x = b for a decomposed matrix. */
export function solveFactorised(factor: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (factor[i * n + i] as number);
  }
  return x;
}

/**
 * One column of the inverse of a decomposed matrix, from the diagonal down: entries above it are not
 * computed, and the zeros of the unit vector are skipped.
 */
export function inverseColumn(factor: Float64Array, n: number, column: number): Float64Array {
  const x = new Float64Array(n);
  x[column] = 1;
  for (let i = column; i < n; i++) {
    let sum = x[i] as number;
    for (let k = column; k < i; k++) sum -= (factor[i * n + k] as number) * (x[k] as number);
    x[i] = sum / (factor[i * n + i] as number);
  }
  for (let i = n - 1; i >= column; i--) {
    let sum = x[i] as number;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] as number) * (x[k] as number);
    x[i] = sum / (factor[i * n + i] as number);
  }
  return x;
}
