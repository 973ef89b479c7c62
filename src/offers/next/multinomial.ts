import type { DesignMatrix } from "../features/encode.ts";
import { minimise } from "./lbfgs.ts";

/** What a choice is explained by, row by row. */
export interface ChoiceRows {
  readonly matrix: DesignMatrix;
  /** Index of the class that each row has now; -1: unknown. */
  readonly current: Int32Array;
  /** Log-probability of each class before the features are looked at, `rows x classes`. */
  readonly offset: Float64Array;
}

/**
 * Weights of
 *
 *     score(k) = offset(k) + bias(k) + weights(k) . x + [k = current] (stay bias + stay weights . x)
 *
 * where P(k) = exp(score(k)) / sum of exp(scores). What moves people to or from a class is the class's own; what makes
 * them stay, whatever they have, is shared by all classes.
 */
export interface ChoiceWeights {
  readonly classes: number;
  /** Columns of x. */
  readonly width: number;
  /** `classes + 1` rows of `width + 1`: a weight for each column, then the bias; the last row is that of staying. */
  readonly values: Float64Array;
}

/**
 * Multinomial logistic regression: minimises `sum of log-losses + penalty / 2 x |weights|^2` by L-BFGS. The biases are
 * penalised as well, so that with a large penalty the prediction is the offset's own.
 *
 * Source: McFadden 1974, "Conditional logit analysis of qualitative choice behavior"; Hastie, Tibshirani and Friedman
 * 2009, section 4.4.
 *
 * @param chosen the class that each row chose
 * @param start weights to go on from
 */
export function fitChoice(
  rows: ChoiceRows,
  chosen: Int32Array,
  { penalty, classes, start }: { penalty: number; classes: number; start?: ChoiceWeights | undefined },
): ChoiceWeights {
  const { width } = rows.matrix;
  const stride = width + 1;
  const from = start?.values ?? new Float64Array((classes + 1) * stride);
  const scores = new Float64Array(classes);
  const values = minimise((weights, gradient) => {
    let loss = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] as number;
      loss += (penalty / 2) * weight * weight;
      gradient[i] = penalty * weight;
    }
    for (let row = 0; row < rows.matrix.rows; row++) {
      const own = rows.current[row] as number;
      scoreRow(rows, row, { classes, width, values: weights }, scores);
      const total = softmax(scores);
      const target = chosen[row] as number;
      loss += total - (scores[target] as number);
      for (let k = 0; k < classes; k++) {
        const error = Math.exp((scores[k] as number) - total) - (k === target ? 1 : 0);
        addRow(gradient, k * stride, rows.matrix, row, error);
        if (k === own) addRow(gradient, classes * stride, rows.matrix, row, error);
      }
    }
    return loss;
  }, from);
  return { classes, width, values };
}

/**
 * Probabilities, `rows x classes`.
 *
 * @param temperature divides the scores before they become probabilities: above 1 the answers are more cautious
 */
export function predictChoice(weights: ChoiceWeights, rows: ChoiceRows, temperature = 1): Float64Array {
  const { classes } = weights;
  const probabilities = new Float64Array(rows.matrix.rows * classes);
  const scores = new Float64Array(classes);
  for (let row = 0; row < rows.matrix.rows; row++) {
    scoreRow(rows, row, weights, scores);
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] as number) / temperature;
    const total = softmax(scores);
    for (let k = 0; k < classes; k++) {
      probabilities[row * classes + k] = Math.exp((scores[k] as number) - total);
    }
  }
  return probabilities;
}

/** The log of the sum of the exponentials. */
function softmax(scores: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - highest);
  return highest + Math.log(sum);
}

function scoreRow(
  { matrix, current, offset }: ChoiceRows,
  row: number,
  { classes, width, values }: ChoiceWeights,
  scores: Float64Array,
): void {
  const own = current[row] as number;
  const stride = width + 1;
  for (let k = 0; k < classes; k++) {
    let score = (offset[row * classes + k] as number) + weighted(values, k * stride, matrix, row);
    if (k === own) score += weighted(values, classes * stride, matrix, row);
    scores[k] = score;
  }
}

function weighted(values: Float64Array, at: number, matrix: DesignMatrix, row: number): number {
  const { width } = matrix;
  const start = row * width;
  let sum = values[at + width] as number;
  for (let j = 0; j < width; j++) sum += (values[at + j] as number) * (matrix.values[start + j] as number);
  return sum;
}

function addRow(gradient: Float64Array, at: number, matrix: DesignMatrix, row: number, factor: number): void {
  const { width } = matrix;
  const start = row * width;
  for (let j = 0; j < width; j++) {
    gradient[at + j] = (gradient[at + j] as number) + factor * (matrix.values[start + j] as number);
  }
  gradient[at + width] = (gradient[at + width] as number) + factor;
}
