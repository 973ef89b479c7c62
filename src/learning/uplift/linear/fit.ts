import { createRandom } from "../../../core/index.ts";
import { assignFolds, takeClusters } from "../../../statistics/index.ts";
import { type Prior, penaltyOf, prepareArms, solveArms, solvePrepared } from "./prior.ts";
import {
  addQuadratics,
  expandLoss,
  formValue,
  type LinearData,
  type Link,
  type Quadratic,
} from "./quadratic.ts";

/** Intercept and one weight per design column; for the logistic link, their sum is a log-odds. */
export interface LinearModel {
  readonly kind: "linear";
  readonly link: Link;
  readonly intercept: number;
  readonly weights: Float64Array;
}

/** Linear models of several arms, and their penalties. */
export interface LinearArms {
  readonly prior: Prior;
  readonly models: readonly LinearModel[];
}

/**
 * Precisions for standardised columns, from hardly any shrinkage to complete shrinkage, in rows of average
 * weight.
 */
const PRECISIONS: readonly number[] = [100_000, 30_000, 10_000, 3_000, 1_000, 300, 100, 30, 10, 3, 1];
const SHARED_PRECISIONS: readonly number[] = [1_000, 100, 10, 1];
/** Prior of the pilot fit, around which the log-loss is expanded for choosing the precisions. */
const PILOT: Prior = { shared: Number.POSITIVE_INFINITY, arm: 30 };
const FOLDS = 5;
const MAX_STEPS = 50;
/** More rows per arm than this hardly change the chosen precisions. */
const MAX_CHOICE_ROWS = 100_000;

export interface ArmFit {
  /** "shared": arms learn from each other; "separate": each arm is fitted alone. */
  readonly sharing: "shared" | "separate";
  readonly seed: number;
}

/**
 * Fits one linear or logistic regression per arm, shrunk towards each other or each towards 0. The precisions
 * are those with the lowest cross-validated loss; the stronger of ties. One pair of precisions for all arms:
 * arms with different shrinkage would differ by the shrinkage alone, which would look like an uplift (Künzel
 * et al. 2019, PNAS 116).
 *
 * Because intercepts are free, the predictions of an arm's rows add up to their outcomes. An arm whose
 * outcomes are all equal has no finite log-odds; it gets the log-odds with half an outcome added on each side
 * (Jeffreys' prior).
 *
 * @param arms the rows of each arm
 */
export function fitLinearArms(
  link: Link,
  data: LinearData,
  arms: readonly Uint32Array[],
  { sharing, seed }: ArmFit,
): LinearArms {
  const starts = arms.map((rows) => startOf(link, data, rows));
  const open = arms.flatMap((_, arm) => (starts[arm]?.isConstant ? [] : [arm]));
  const rows = open.map((arm) => arms[arm] as Uint32Array);
  const from = open.map((arm) => starts[arm]?.parameters as Float64Array);
  const unit = link === "identity" ? meanWeight(data, rows) : 1;
  const prior = choosePrior(link, data, rows, { from, sharing, seed, unit });
  const parameters = minimise(link, data, rows, { from, prior });
  return {
    prior,
    models: arms.map((_, arm) => {
      const at = open.indexOf(arm);
      return toModel(link, (at < 0 ? starts[arm]?.parameters : parameters[at]) as Float64Array);
    }),
  };
}

/** For each row of the matrix: the predicted mean, a probability in (0, 1) for the logistic link. */
export function predictLinear(model: LinearModel, matrix: LinearData["matrix"]): Float64Array {
  const { rows, width, values } = matrix;
  const { weights, link } = model;
  const predictions = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    let score = model.intercept;
    for (let j = 0; j < width; j++) score += (weights[j] as number) * (values[at + j] as number);
    predictions[row] = link === "logistic" ? 1 / (1 + Math.exp(-score)) : score;
  }
  return predictions;
}

function toModel(link: Link, parameters: Float64Array): LinearModel {
  const width = parameters.length - 1;
  return {
    kind: "linear",
    link,
    intercept: parameters[width] as number,
    weights: parameters.slice(0, width),
  };
}

function startOf(link: Link, { matrix, targets, weights }: LinearData, rows: Uint32Array) {
  let total = 0;
  let sum = 0;
  for (const row of rows) {
    const weight = weights === null ? 1 : (weights[row] as number);
    total += weight;
    sum += weight * (targets[row] as number);
  }
  const parameters = new Float64Array(matrix.width + 1);
  const isConstant = total === 0 || (link === "logistic" && (sum === 0 || sum === total));
  const half = isConstant ? 0.5 : 0;
  const mean = total > 0 ? sum / total : 0;
  parameters[matrix.width] = link === "logistic" ? Math.log((sum + half) / (total - sum + half)) : mean;
  return { parameters, isConstant };
}

function meanWeight({ weights }: LinearData, arms: readonly Uint32Array[]): number {
  if (weights === null) return 1;
  let sum = 0;
  let count = 0;
  for (const rows of arms) {
    for (const row of rows) sum += weights[row] as number;
    count += rows.length;
  }
  return count > 0 && sum > 0 ? sum / count : 1;
}

/** Newton's method: one step for squared errors, a few for a log-loss. A step that overshoots is halved. */
function minimise(
  link: Link,
  data: LinearData,
  arms: readonly Uint32Array[],
  { from, prior }: { readonly from: readonly Float64Array[]; readonly prior: Prior },
): readonly Float64Array[] {
  if (arms.length === 0) return [];
  const expand = (at: readonly Float64Array[]) =>
    arms.map((rows, arm) => expandLoss(link, data, rows, at[arm] as Float64Array));
  const lossOf = (forms: readonly Quadratic[], at: readonly Float64Array[]) =>
    forms.reduce((sum, form) => sum + form.loss, penaltyOf(at, prior));
  let parameters = from;
  let forms = expand(parameters);
  let loss = lossOf(forms, parameters);
  for (let step = 0; step < MAX_STEPS; step++) {
    let next = solveArms(forms, prior);
    if (link === "identity") return next;
    let nextForms = expand(next);
    let nextLoss = lossOf(nextForms, next);
    for (let halving = 0; nextLoss > loss && halving < 20; halving++) {
      next = next.map((vector, arm) =>
        vector.map((value, j) => (value + (parameters[arm]?.[j] as number)) / 2),
      );
      nextForms = expand(next);
      nextLoss = lossOf(nextForms, next);
    }
    if (!(nextLoss < loss)) break;
    const gained = loss - nextLoss;
    [parameters, forms, loss] = [next, nextForms, nextLoss];
    if (gained < 1e-9) break;
  }
  return parameters;
}

interface ChoiceOptions {
  readonly from: readonly Float64Array[];
  readonly sharing: "shared" | "separate";
  readonly seed: number;
  /** Average weight of a row, the unit of the precisions. */
  readonly unit: number;
}

/**
 * Cross-validates every pair of precisions on quadratic forms of the folds, so that the rows are read only
 * twice and not once per pair.
 */
function choosePrior(
  link: Link,
  data: LinearData,
  arms: readonly Uint32Array[],
  { from, sharing, seed, unit }: ChoiceOptions,
): Prior {
  const scaled = (prior: Prior): Prior => ({ shared: prior.shared * unit, arm: prior.arm * unit });
  const priors =
    sharing === "separate"
      ? PRECISIONS.map((arm) => scaled({ shared: Number.POSITIVE_INFINITY, arm }))
      : PRECISIONS.flatMap((arm) => SHARED_PRECISIONS.map((shared) => scaled({ shared, arm })));
  if (arms.length === 0 || data.matrix.width === 0) return priors[0] as Prior;
  const random = createRandom(seed);
  const sampled = arms.map((rows) => {
    const step = Math.ceil(rows.length / MAX_CHOICE_ROWS);
    return step === 1 ? rows : rows.filter((_, i) => i % step === 0);
  });
  const foldsOf = sampled.map((rows) => {
    const strata =
      link === "logistic"
        ? Int32Array.from(rows, (row) => data.targets[row] as number)
        : new Int32Array(rows.length);
    return assignFolds(strata, FOLDS, random, takeClusters(data.clusters, rows));
  });
  const expand = (at: readonly Float64Array[]) =>
    Array.from({ length: FOLDS }, (_, fold) =>
      sampled.map((rows, arm) => {
        const inFold = rows.filter((_, i) => foldsOf[arm]?.[i] === fold);
        return expandLoss(link, data, inFold, at[arm] as Float64Array);
      }),
    );
  const whole = (folds: readonly (readonly Quadratic[])[]) =>
    arms.map((_, arm) => addQuadratics(folds.map((fold) => fold[arm] as Quadratic)));
  let folds = expand(from);
  if (link === "logistic") folds = expand(solveArms(whole(folds), PILOT));
  const losses = priors.map(() => 0);
  for (let fold = 0; fold < FOLDS; fold++) {
    const training = whole(folds.filter((_, i) => i !== fold));
    let prepared = prepareArms(training, priors[0] as Prior);
    for (const [i, prior] of priors.entries()) {
      if (prior.arm !== prepared.arm) prepared = prepareArms(training, prior);
      const fitted = solvePrepared(prepared, prior);
      const held = folds[fold] as readonly Quadratic[];
      losses[i] = held.reduce(
        (sum, form, arm) => sum + formValue(form, fitted[arm] as Float64Array),
        losses[i] as number,
      );
    }
  }
  // From the strongest on, so that a tie goes to the simpler model.
  return priors[losses.reduce((best, loss, i) => (loss < (losses[best] as number) ? i : best), 0)] as Prior;
}
