import type { DesignMatrix } from "../features/encode.ts";
import { solvePositiveDefinite } from "./solve.ts";

/** P(outcome = 1) = 1 / (1 + exp(-(intercept + weights . x))). */
export interface LogisticModel {
  readonly intercept: number;
  /** One weight per design column. */
  readonly weights: Float64Array;
}

export interface LogisticOptions {
  /**
   * Precision of the normal prior on every weight (the intercept has none): the fit minimises
   * `sum of log-losses + penalty / 2 x |weights|^2`. Being a sum and not a mean, it keeps its meaning whatever the
   * number of rows. Above 0.
   */
  readonly penalty: number;
  /** Where to start; default: no effects. */
  readonly start?: LogisticModel | undefined;
}

const MAX_STEPS = 50;
/** Stop when a step promises to lower the objective by less than this, in nats for the whole sample. */
const TOLERANCE = 1e-9;

/**
 * Logistic regression with an L2 penalty, by Newton's method with step halving; the problem is strictly convex, so
 * the answer does not depend on the start. Because the intercept is free, the predicted probabilities of the
 * training rows add up to the number of their outcomes.
 *
 * Outcomes that are all equal leave the intercept without a finite optimum: then the weights are 0 and the
 * intercept is that of half an outcome more on each side (Jeffreys' prior).
 *
 * Source: Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, section 4.4.1.
 *
 * @param outcomes 0 or 1 per row of `matrix`
 */
export function fitLogistic(
  matrix: DesignMatrix,
  outcomes: Float64Array,
  { penalty, start }: LogisticOptions,
): LogisticModel {
  const { rows, width } = matrix;
  const positives = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  if (positives === 0 || positives === rows) {
    const intercept = Math.log((positives + 0.5) / (rows - positives + 0.5));
    return { intercept, weights: new Float64Array(width) };
  }
  // The last parameter is the intercept.
  let parameters = new Float64Array(width + 1);
  parameters[width] = start ? start.intercept : Math.log(positives / (rows - positives));
  if (start) parameters.set(start.weights);
  let objective = penalisedLoss(matrix, outcomes, parameters, penalty);
  for (let iteration = 0; iteration < MAX_STEPS; iteration++) {
    const { gradient, hessian } = derivatives(matrix, outcomes, parameters, penalty);
    const step = solvePositiveDefinite(hessian, gradient);
    const promised = step.reduce((sum, value, i) => sum + value * (gradient[i] as number), 0) / 2;
    if (promised < TOLERANCE) break;
    let scale = 1;
    let candidate = move(parameters, step, scale);
    let candidateObjective = penalisedLoss(matrix, outcomes, candidate, penalty);
    while (candidateObjective > objective && scale > 1e-6) {
      scale /= 2;
      candidate = move(parameters, step, scale);
      candidateObjective = penalisedLoss(matrix, outcomes, candidate, penalty);
    }
    if (candidateObjective > objective) break;
    parameters = candidate;
    objective = candidateObjective;
  }
  return { intercept: parameters[width] as number, weights: parameters.slice(0, width) };
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

function move(parameters: Float64Array, step: Float64Array, scale: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(parameters, (value, i) => value - scale * (step[i] as number));
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
): number {
  let loss = 0;
  for (let j = 0; j < width; j++) loss += (penalty / 2) * (parameters[j] as number) ** 2;
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const score = linearScore(values, at, parameters);
    // log(1 + exp(s)) - y s, without overflow.
    loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - (outcomes[row] as number) * score;
  }
  return loss;
}

/** Gradient and Hessian (lower triangle, row after row) of the penalised loss. */
function derivatives(
  { rows, width, values }: DesignMatrix,
  outcomes: Float64Array,
  parameters: Float64Array,
  penalty: number,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = width + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  for (let j = 0; j < width; j++) {
    gradient[j] = penalty * (parameters[j] as number);
    hessian[j * size + j] = penalty;
  }
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const p = sigmoid(linearScore(values, at, parameters));
    const residual = p - (outcomes[row] as number);
    const weight = p * (1 - p);
    for (let j = 0; j < width; j++) {
      const x = values[at + j] as number;
      if (x === 0) continue;
      gradient[j] = (gradient[j] as number) + residual * x;
      const weighted = weight * x;
      const line = j * size;
      for (let k = 0; k <= j; k++) {
        hessian[line + k] = (hessian[line + k] as number) + weighted * (values[at + k] as number);
      }
      hessian[width * size + j] = (hessian[width * size + j] as number) + weighted;
    }
    gradient[width] = (gradient[width] as number) + residual;
    hessian[width * size + width] = (hessian[width * size + width] as number) + weight;
  }
  return { gradient, hessian };
}
