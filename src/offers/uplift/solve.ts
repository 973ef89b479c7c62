/**
 * Solves A x = b for a symmetric positive definite A by Cholesky decomposition.
 *
 * @param matrix n x n, row after row; only the lower triangle is read, and it is overwritten
 * @param right n numbers
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (matrix[i * n + k] as number) * (matrix[j * n + k] as number);
      // A pivot lost to rounding is lifted to the smallest that still divides.
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (matrix[j * n + j] as number);
    }
  }
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (matrix[i * n + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (matrix[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++)
      x[i] = (x[i] as number) - (matrix[k * n + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (matrix[i * n + i] as number);
  }
  return x;
}
