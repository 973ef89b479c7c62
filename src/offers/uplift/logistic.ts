import type { DesignMatrix } from "../features/encode.ts";
import { solvePositiveDefinite } from "./solve.ts";

/** P(outcome = 1) = 1 / (1 + exp(-(intercept + weights . x))). */
export interface LogisticModel {
  readonly intercept: number;
  /** One weight per design column. */
  readonly weights: Float64Array;
}

const MAX_STEPS = 100;
/** Stop when a step promises to lower the objective by less than this, in nats for the whole sample. */
const TOLERANCE = 1e-9;

/**
 * Logistic regression with an L2 penalty: minimises `sum of log-losses + penalty / 2 x |weights|^2`. The penalty is
 * the precision of a normal prior on every weight (the intercept has none); of a sum and not of a mean, it keeps its
 * meaning whatever the number of rows. Because the intercept is free, the predicted probabilities of the training
 * rows add up to the number of their outcomes.
 *
 * Outcomes that are all equal leave the intercept without a finite optimum: then the weights are 0 and the
 * intercept is that of half an outcome more on each side (Jeffreys' prior).
 *
 * @param outcomes 0 or 1 per row of `matrix`
 * @param penalty above 0
 */
export function fitLogistic(matrix: DesignMatrix, outcomes: Float64Array, penalty: number): LogisticModel {
  return fitLogisticPath(matrix, outcomes, [penalty], TOLERANCE)[0] as LogisticModel;
}

/**
 * The same for several penalties in a row, each fit starting where the last one ended, by Newton's method with step
 * halving. The second derivatives cost most of it and change little, so they are computed anew only when the steps
 * stop shrinking tenfold. The problem is strictly convex: neither that nor the start changes the answer.
 *
 * Source: Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, section 4.4.1.
 *
 * @param tolerance stop when a step promises to lower the objective by less, in nats for the whole sample
 */
export function fitLogisticPath(
  matrix: DesignMatrix,
  outcomes: Float64Array,
  penalties: readonly number[],
  tolerance: number,
): LogisticModel[] {
  const { rows, width } = matrix;
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  if (positives === 0 || positives === rows) {
    const intercept = Math.log((positives + 0.5) / (rows - positives + 0.5));
    return penalties.map(() => ({ intercept, weights: new Float64Array(width) }));
  }
  // The last parameter is the intercept.
  let parameters = new Float64Array(width + 1);
  parameters[width] = Math.log(positives / (rows - positives));
  let curvature = secondDerivatives(matrix, parameters);
  return penalties.map((penalty) => {
    const evaluate = (at: Float64Array) => penalisedLoss(matrix, outcomes, at, penalty);
    let current = evaluate(parameters);
    let lastPromise = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < MAX_STEPS; iteration++) {
      const step = solvePositiveDefinite(withPenalty(curvature, penalty, width), current.gradient);
      const promise = step.reduce((sum, value, i) => sum + value * (current.gradient[i] as number), 0) / 2;
      if (promise < tolerance) break;
      const moved = searchLine(evaluate, parameters, step, current.loss);
      if (moved === null) break;
      parameters = moved.parameters;
      current = moved.evaluation;
      if (promise > lastPromise / 10) curvature = secondDerivatives(matrix, parameters);
      lastPromise = promise;
    }
    return { intercept: parameters[width] as number, weights: parameters.slice(0, width) };
  });
}

/** Probability of the outcome per row, in (0, 1). */
export function predictLogistic(model: LogisticModel, matrix: DesignMatrix): Float64Array {
  const { rows, width, values } = matrix;
  const { weights } = model;
  const probabilities = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    let score = model.intercept;
    for (let j = 0; j < width; j++) score += (weights[j] as number) * (values[at + j] as number);
    probabilities[row] = sigmoid(score);
  }
  return probabilities;
}

/** Sum of the log-losses of predicted probabilities, in nats. */
export function logLoss(probabilities: Float64Array, outcomes: Float64Array): number {
  return probabilities.reduce((sum, p, row) => sum - Math.log(outcomes[row] === 1 ? p : 1 - p), 0);
}

function sigmoid(score: number): number {
  // Kept off 0 and 1 so that a log-loss stays finite: |score| of 35 is the last that 1 - p resolves.
  const bounded = Math.min(35, Math.max(-35, score));
  return 1 / (1 + Math.exp(-bounded));
}

interface Evaluation {
  readonly loss: number;
  readonly gradient: Float64Array;
}

/** The longest of the full step, its half, its quarter, ... that lowers the loss; null where none does. */
function searchLine(
  evaluate: (parameters: Float64Array) => Evaluation,
  from: Float64Array,
  step: Float64Array,
  loss: number,
): { parameters: Float64Array<ArrayBuffer>; evaluation: Evaluation } | null {
  for (let scale = 1; scale > 1e-6; scale /= 2) {
    const parameters = Float64Array.from(from, (value, i) => value - scale * (step[i] as number));
    const evaluation = evaluate(parameters);
    if (evaluation.loss <= loss) return { parameters, evaluation };
  }
  return null;
}

function linearScore(values: Float64Array, at: number, parameters: Float64Array): number {
  const width = parameters.length - 1;
  let score = parameters[width] as number;
  for (let j = 0; j < width; j++) score += (parameters[j] as number) * (values[at + j] as number);
  return score;
}

function penalisedLoss(
  { rows, width, values }: DesignMatrix,
  outcomes: Float64Array,
  parameters: Float64Array,
  penalty: number,
): Evaluation {
  const gradient = new Float64Array(width + 1);
  let loss = 0;
  for (let j = 0; j < width; j++) {
    loss += (penalty / 2) * (parameters[j] as number) ** 2;
    gradient[j] = penalty * (parameters[j] as number);
  }
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const score = linearScore(values, at, parameters);
    const outcome = outcomes[row] as number;
    // log(1 + exp(s)) - y s, without overflow.
    const small = Math.exp(-Math.abs(score));
    loss += Math.max(score, 0) + Math.log1p(small) - outcome * score;
    const residual = (score >= 0 ? 1 : small) / (1 + small) - outcome;
    for (let j = 0; j < width; j++)
      gradient[j] = (gradient[j] as number) + residual * (values[at + j] as number);
    gradient[width] = (gradient[width] as number) + residual;
  }
  return { loss, gradient };
}

/** Second derivatives of the log-loss without its penalty: the lower triangle, row after row. */
function secondDerivatives({ rows, width, values }: DesignMatrix, parameters: Float64Array): Float64Array {
  const size = width + 1;
  const hessian = new Float64Array(size * size);
  const last = width * size;
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const p = sigmoid(linearScore(values, at, parameters));
    const weight = p * (1 - p);
    for (let j = 0; j < width; j++) {
      const weighted = weight * (values[at + j] as number);
      if (weighted === 0) continue;
      const line = j * size;
      for (let k = 0; k <= j; k++) {
        hessian[line + k] = (hessian[line + k] as number) + weighted * (values[at + k] as number);
      }
      hessian[last + j] = (hessian[last + j] as number) + weighted;
    }
    hessian[last + width] = (hessian[last + width] as number) + weight;
  }
  return hessian;
}

function withPenalty(curvature: Float64Array, penalty: number, width: number): Float64Array {
  const matrix = Float64Array.from(curvature);
  for (let j = 0; j < width; j++) matrix[j * (width + 2)] = (matrix[j * (width + 2)] as number) + penalty;
  return matrix;
}
