import type { DesignMatrix } from "../features/encode.ts";
import { minimise } from "./lbfgs.ts";
import type { MatchedColumns } from "./matched.ts";

/** The explanatory variables of a choice, row by row. */
export interface ChoiceRows {
  readonly matrix: DesignMatrix;
  /** Index of the current class of each row; -1: unknown. */
  readonly current: Int32Array;
  /** Log-probability of each class before the features are used, `rows x classes`. */
  readonly offset: Float64Array;
  /** Columns that belong to classes. */
  readonly matched: readonly MatchedColumns[];
}

/**
 * Weights of
 *
 *     score(k) = offset(k) + bias(k) + weights(k) . x + [k = current] (stay bias + stay weights . x)
 *                + sum over groups of shared weight(group) x(group, k)
 *
 * where P(k) = exp(score(k)) / sum of exp(scores). Each class has its own weights for moving to or from it.
 * All classes share the weights for staying and the effect of a class's own column, such as its price.
 */
export interface ChoiceWeights {
  readonly classes: number;
  /** Number of columns of x. */
  readonly width: number;
  /**
   * `classes + 1` rows of `width + 1`: a weight for each column, then the bias; the last row is for staying.
   * They are followed by the shared weight of each group of matched columns.
   */
  readonly values: Float64Array;
}

/**
 * Relative penalty of the effect of a class's column on other classes, in addition to its group's shared weight:
 * a price mostly moves people to or from its own class. Of 1, 10 and 1,000, 10 predicts best (docs/performance.md).
 */
const MATCHED_FIRMNESS = 10;

/** Number of weights. */
export function countWeights(classes: number, width: number, groups: number): number {
  return (classes + 1) * (width + 1) + groups;
}

/**
 * Multinomial logistic regression: minimises `sum of log-losses + penalty / 2 x sum of firmness x weight^2`
 * by L-BFGS. The biases are penalised too, so that with a large penalty the prediction equals the offset.
 *
 * Source: McFadden 1974, "Conditional logit analysis of qualitative choice behavior"; Hastie, Tibshirani and
 * Friedman 2009, section 4.4.
 *
 * @param chosen the chosen class of each row
 * @param start initial weights
 */
export function fitChoice(
  rows: ChoiceRows,
  chosen: Int32Array,
  { penalty, classes, start }: { penalty: number; classes: number; start?: ChoiceWeights | undefined },
): ChoiceWeights {
  const { width } = rows.matrix;
  const stride = width + 1;
  const from = start?.values ?? new Float64Array(countWeights(classes, width, rows.matched.length));
  const scores = new Float64Array(classes);
  const firmness = firmnessOf(rows, classes);
  const values = minimise((weights, gradient) => {
    const target = { gradient, matrix: rows.matrix };
    let loss = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] as number;
      const firm = penalty * (firmness[i] as number);
      loss += (firm / 2) * weight * weight;
      gradient[i] = firm * weight;
    }
    for (let row = 0; row < rows.matrix.rows; row++) {
      const own = rows.current[row] as number;
      scoreRow(rows, row, { classes, width, values: weights }, scores);
      const total = logSumExp(scores);
      const bought = chosen[row] as number;
      loss += total - (scores[bought] as number);
      for (let k = 0; k < classes; k++) {
        const error = Math.exp((scores[k] as number) - total) - (k === bought ? 1 : 0);
        addRow(target, k * stride, row, error);
        if (k === own) addRow(target, classes * stride, row, error);
        for (let g = 0; g < rows.matched.length; g++) {
          const group = rows.matched[g] as MatchedColumns;
          const at = (classes + 1) * stride + g;
          gradient[at] = (gradient[at] as number) + error * matchedValue(group, k, rows.matrix, row);
        }
      }
    }
    return loss;
  }, from);
  return { classes, width, values };
}

/**
 * Probabilities, `rows x classes`.
 *
 * @param temperature divides the scores before the softmax: above 1 the probabilities are less extreme
 */
export function predictChoice(weights: ChoiceWeights, rows: ChoiceRows, temperature = 1): Float64Array {
  const { classes } = weights;
  const probabilities = new Float64Array(rows.matrix.rows * classes);
  const scores = new Float64Array(classes);
  for (let row = 0; row < rows.matrix.rows; row++) {
    scoreRow(rows, row, weights, scores);
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] as number) / temperature;
    const total = logSumExp(scores);
    for (let k = 0; k < classes; k++) {
      probabilities[row * classes + k] = Math.exp((scores[k] as number) - total);
    }
  }
  return probabilities;
}

/** Relative penalty of each weight. */
function firmnessOf({ matrix, matched }: ChoiceRows, classes: number): Float64Array {
  const stride = matrix.width + 1;
  const firmness = new Float64Array(countWeights(classes, matrix.width, matched.length)).fill(1);
  for (const column of matched.flatMap(({ columns }) => [...columns])) {
    for (let k = 0; k <= classes && column >= 0; k++) firmness[k * stride + column] = MATCHED_FIRMNESS;
  }
  return firmness;
}

/** The log of the sum of the exponentials of the scores. */
function logSumExp(scores: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - highest);
  return highest + Math.log(sum);
}

/**
 * The value of a group's column for class `k` in one row, in the group's units around the mean; 0 if there is
 * none.
 */
function matchedValue(
  { columns, factors }: MatchedColumns,
  k: number,
  matrix: DesignMatrix,
  row: number,
): number {
  const column = columns[k] as number;
  return column < 0 ? 0 : (factors[k] as number) * (matrix.values[row * matrix.width + column] as number);
}

function scoreRow(
  { matrix, current, offset, matched }: ChoiceRows,
  row: number,
  { classes, width, values }: ChoiceWeights,
  scores: Float64Array,
): void {
  const own = current[row] as number;
  const stride = width + 1;
  for (let k = 0; k < classes; k++) {
    let score = (offset[row * classes + k] as number) + weighted(values, k * stride, matrix, row);
    if (k === own) score += weighted(values, classes * stride, matrix, row);
    for (let g = 0; g < matched.length; g++) {
      const shared = values[(classes + 1) * stride + g] as number;
      score += shared * matchedValue(matched[g] as MatchedColumns, k, matrix, row);
    }
    scores[k] = score;
  }
}

/** The bias and the weighted columns of a row. Four sums are independent additions, a single one waits for each. */
function weighted(weights: Float64Array, at: number, { width, values }: DesignMatrix, row: number): number {
  const start = row * width;
  const even = width & ~3;
  let a = weights[at + width] as number;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let j = 0, w = at, x = start; j < even; j += 4, w += 4, x += 4) {
    a += (weights[w] as number) * (values[x] as number);
    b += (weights[w + 1] as number) * (values[x + 1] as number);
    c += (weights[w + 2] as number) * (values[x + 2] as number);
    d += (weights[w + 3] as number) * (values[x + 3] as number);
  }
  for (let j = even; j < width; j++) a += (weights[at + j] as number) * (values[start + j] as number);
  return a + b + c + d;
}

interface GradientTarget {
  readonly gradient: Float64Array;
  readonly matrix: DesignMatrix;
}

function addRow({ gradient, matrix }: GradientTarget, at: number, row: number, factor: number): void {
  const { width, values } = matrix;
  const start = row * width;
  for (let j = 0; j < width; j++) {
    gradient[at + j] = (gradient[at + j] as number) + factor * (values[start + j] as number);
  }
  gradient[at + width] = (gradient[at + width] as number) + factor;
}
