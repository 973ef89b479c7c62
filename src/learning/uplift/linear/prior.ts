import type { Quadratic } from "./quadratic.ts";
import { factorise, inverseColumn, solveFactorised } from "./solve.ts";

/**
 * The prior of the weights: each arm's weights are distributed around shared weights (precision `arm`), and
 * the shared weights around 0 (precision `shared`). If `shared` is infinite, there are no shared weights:
 * each arm is shrunk towards 0 separately, with the same precision. Intercepts are free.
 */
export interface Prior {
  readonly shared: number;
  /** Above 0. */
  readonly arm: number;
}

/**
 * Forms of the arms with all results that depend only on the arm's precision; priors that differ only in the
 * shared precision reuse them.
 */
export interface PreparedArms {
  readonly forms: readonly Quadratic[];
  readonly arm: number;
  readonly factors: readonly Float64Array[];
  /**
   * The arms' contribution to the form of the shared weights, without the shared precision; null: no shared
   * weights.
   */
  readonly shared: { readonly matrix: Float64Array; readonly right: Float64Array } | null;
}

export function prepareArms(forms: readonly Quadratic[], { shared, arm }: Prior): PreparedArms {
  const size = forms[0]?.b.length ?? 0;
  const factors = forms.map(({ a }) => factorise(withDiagonal(a, size, arm), size));
  return { forms, arm, factors, shared: Number.isFinite(shared) ? eliminate(forms, factors, arm) : null };
}

/**
 * The parameters of every arm that minimise the sum of the forms and the prior's penalty. The shared weights
 * are solved first, with each arm's own weights eliminated: the work grows with the number of arms, not with
 * its cube.
 */
export function solveArms(forms: readonly Quadratic[], prior: Prior): Float64Array[] {
  return solvePrepared(prepareArms(forms, prior), prior);
}

/** @param prior with the arm precision for which the arms were prepared */
export function solvePrepared(
  { forms, factors, shared: eliminated }: PreparedArms,
  prior: Prior,
): Float64Array[] {
  const width = (forms[0]?.b.length ?? 1) - 1;
  const shared = eliminated === null ? new Float64Array(width) : solveShared(eliminated, prior.shared);
  return forms.map(({ b }, arm) => {
    const right = b.map((value, j) => (j < width ? value + prior.arm * (shared[j] as number) : value));
    return solveFactorised(factors[arm] as Float64Array, right);
  });
}

function solveShared(
  { matrix, right }: { readonly matrix: Float64Array; readonly right: Float64Array },
  precision: number,
): Float64Array {
  const width = right.length;
  const own = Float64Array.from(matrix);
  for (let j = 0; j < width; j++) own[j * width + j] = (own[j * width + j] as number) + precision;
  return solveFactorised(factorise(own, width), right);
}

/** The penalty of parameters under a prior, with the best-fitting shared weights. */
export function penaltyOf(parameters: readonly Float64Array[], prior: Prior): number {
  const width = (parameters[0]?.length ?? 1) - 1;
  const isShared = Number.isFinite(prior.shared);
  let sum = 0;
  for (let j = 0; j < width; j++) {
    const own = parameters.map((vector) => vector[j] as number);
    const total = own.reduce((a, b) => a + b, 0);
    const centre = isShared ? (prior.arm * total) / (prior.shared + parameters.length * prior.arm) : 0;
    sum += own.reduce((squares, value) => squares + (prior.arm / 2) * (value - centre) ** 2, 0);
    if (isShared) sum += (prior.shared / 2) * centre ** 2;
  }
  return sum;
}

function eliminate(forms: readonly Quadratic[], factors: readonly Float64Array[], arm: number) {
  const size = forms[0]?.b.length ?? 0;
  const width = size - 1;
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let j = 0; j < width; j++) matrix[j * width + j] = forms.length * arm;
  for (const [index, { b }] of forms.entries()) {
    const factor = factors[index] as Float64Array;
    const own = solveFactorised(factor, b);
    for (let j = 0; j < width; j++) {
      right[j] = (right[j] as number) + arm * (own[j] as number);
      const column = inverseColumn(factor, size, j);
      for (let k = j; k < width; k++) {
        matrix[k * width + j] = (matrix[k * width + j] as number) - arm * arm * (column[k] as number);
      }
    }
  }
  return { matrix, right };
}

function withDiagonal(lower: Float64Array, size: number, precision: number): Float64Array {
  const matrix = Float64Array.from(lower);
  for (let j = 0; j < size - 1; j++) matrix[j * (size + 1)] = (matrix[j * (size + 1)] as number) + precision;
  return matrix;
}
