import { createRandom, LookalikeError } from "../../core/index.ts";
import {
  arePropensitiesPlausible,
  assignFolds,
  averageOf,
  type Clusters,
  meanError,
  propensityFits,
  splitFold,
} from "../../statistics/index.ts";
import type { DesignMatrix } from "../features/encode.ts";
import { fitLinearArms, predictLinear } from "./linear/fit.ts";

/** The source of the arms' probabilities. */
export type PropensitySource = "given" | "shares" | "estimated";

/** Probability of each arm for each customer. */
export interface Propensities {
  /**
   * "given": the log's own column; "shares": each arm's share of the rows, as in a simple randomised experiment;
   * "estimated": by logistic regression on the features.
   */
  readonly source: PropensitySource;
  /** Each arm's share of the rows. */
  readonly shares: readonly number[];
  /** For each arm and row; null if the arms' shares apply to all customers. */
  readonly perArm: readonly Float64Array[] | null;
  /** Probability of each row's own arm; null if the shares apply. */
  readonly own: Float64Array | null;
  /** Rows whose own probability was below the minimum and was raised to it. */
  readonly trimmed: number;
}

/** A row has the weight 1 / probability: below this value, single rows would dominate. */
const LEAST = 0.01;
/** Decrease of the log-loss per row, in standard errors, from which the features predict the assignment. */
const CLEAR = 5;
/** The same in nats: a smaller decrease hardly changes the weights. */
const MATERIAL = 0.002;
const FOLDS = 3;

/**
 * For some rows of one arm and the control, the probability of each row's own arm among these two.
 *
 * @returns null if the arms' shares apply to all customers
 */
export function pairPropensity(
  { perArm }: Propensities,
  arms: Int32Array,
  arm: number,
  rows: ArrayLike<number>,
): Float64Array | null {
  const [none, shown] = [perArm?.[0], perArm?.[arm]];
  if (none === undefined || shown === undefined) return null;
  return Float64Array.from(rows, (row) => {
    const [a, b] = [none[row] as number, shown[row] as number];
    return (arms[row] === arm ? b : a) / (a + b);
  });
}

/** The data from which the source of the probabilities is chosen. */
export interface PropensityRows {
  readonly labels: readonly string[];
  readonly arms: Int32Array;
  readonly matrix: DesignMatrix;
  /** Probability of the arm that each row was given. */
  readonly given: Float64Array | null;
  /** Rows that were assigned together. */
  readonly clusters: Clusters;
}

/**
 * Chooses the source of the probabilities: the log's column, if it exists; else the arms' shares, unless the
 * features predict the assignment of held-out rows better, which is impossible in a randomised experiment. On the rows
 * that it was fitted to, a regression always predicts better, and the more so the more arms and columns it has.
 *
 * @param source forces a source; "given" without a column falls back to the rule
 */
export function settlePropensities(rows: PropensityRows, source?: PropensitySource): Propensities {
  const { labels, arms, given } = rows;
  const counts = labels.map(() => 0);
  for (const arm of arms) counts[arm] = (counts[arm] as number) + 1;
  const shares = counts.map((count) => count / arms.length);
  const bare: Propensities = { source: "shares", shares, perArm: null, own: null, trimmed: 0 };
  if (source === "shares") return bare;
  if (given !== null && source !== "estimated") return fromColumn(rows, given, bare);
  const everyone = Uint32Array.from(arms.keys());
  const perArm = estimate(rows, everyone);
  const isPredicted = (columns: readonly Float64Array[]) => isClear(rows, columns, shares);
  if (source === undefined && !(isPredicted(perArm) && isPredicted(heldOut(rows)))) return bare;
  return { ...trim(bare, arms, perArm), source: "estimated" };
}

function fromColumn(rows: PropensityRows, given: Float64Array, bare: Propensities): Propensities {
  const { labels, arms } = rows;
  requirePlausible(labels, arms, given);
  const constant = labels.map((_, arm) => given[arms.indexOf(arm)] as number);
  if (given.every((value, row) => Math.abs(value - (constant[arms[row] as number] as number)) < 1e-9)) {
    return { ...bare, source: "given", shares: constant.map((value) => Math.max(LEAST, value)) };
  }
  // With two arms one probability gives the other; with more, those of the other arms are estimated.
  const estimates =
    labels.length === 2
      ? [0, 1].map((arm) => given.map((value, row) => (arms[row] === arm ? value : 1 - value)))
      : estimate(rows, Uint32Array.from(arms.keys()));
  const perArm = estimates.map((column, arm) =>
    column.map((value, row) => (arms[row] === arm ? (given[row] as number) : value)),
  );
  return { ...trim(bare, arms, perArm), source: "given" };
}

function requirePlausible(labels: readonly string[], codes: Int32Array, given: Float64Array): void {
  const fits = propensityFits({ labels, codes }, given);
  if (arePropensitiesPlausible(fits)) return;
  const sums = fits.map(({ arm, share }) => `${arm} ${share.toFixed(2)}`).join(", ");
  throw new LookalikeError(
    "ERR_PROPENSITY_INVALID",
    `Expected the probability of the arm that each row was shown, so that 1 / propensity averages 1 over all rows for each arm, but received ${sums}`,
    {
      hint: "Write the probability of the arm that was shown (for the control too: 1 - p), or train without the column: then arm shares are used if everyone had the same probabilities.",
    },
  );
}

function trim(bare: Propensities, arms: Int32Array, perArm: readonly Float64Array[]): Propensities {
  const trimmed = arms.reduce((sum, arm, row) => sum + ((perArm[arm]?.[row] as number) < LEAST ? 1 : 0), 0);
  const lifted = perArm.map((column) => shared(column.map((value) => Math.max(LEAST, value))));
  const own = shared(Float64Array.from(arms, (arm, row) => lifted[arm]?.[row] as number));
  return { ...bare, perArm: lifted, own, trimmed };
}

/** One logistic regression per arm against all others, fitted to the listed rows; scaled to sum to 1. */
function estimate({ labels, arms, matrix }: PropensityRows, train: Uint32Array): Float64Array[] {
  const raw = labels.map((_, arm) => {
    const targets = Float64Array.from(arms, (code) => (code === arm ? 1 : 0));
    const { models } = fitLinearArms("logistic", { matrix, targets, weights: null }, [train], {
      sharing: "separate",
      seed: 1,
    });
    const [model] = models;
    return model ? predictLinear(model, matrix) : new Float64Array(arms.length);
  });
  for (let row = 0; row < arms.length; row++) {
    const total = raw.reduce((sum, column) => sum + (column[row] as number), 0);
    for (const column of raw) column[row] = (column[row] as number) / total;
  }
  return raw;
}

/** The same for each row by the rows of other folds. */
function heldOut(rows: PropensityRows): Float64Array[] {
  const { labels, arms, clusters } = rows;
  const foldOf = assignFolds(arms, FOLDS, createRandom(1), clusters);
  const columns = labels.map(() => new Float64Array(arms.length));
  for (let fold = 0; fold < FOLDS; fold++) {
    const { train, test } = splitFold(foldOf, fold);
    for (const [arm, own] of estimate(rows, train).entries()) {
      for (const row of test) (columns[arm] as Float64Array)[row] = own[row] as number;
    }
  }
  return columns;
}

function isClear(
  { arms, clusters }: PropensityRows,
  perArm: readonly Float64Array[],
  shares: readonly number[],
): boolean {
  const gains = Float64Array.from(
    arms,
    (arm, row) => Math.log(perArm[arm]?.[row] as number) - Math.log(shares[arm] as number),
  );
  const mean = averageOf(gains);
  return mean > MATERIAL && mean > CLEAR * meanError(gains, clusters);
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
