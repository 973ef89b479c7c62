import { createRandom } from "../../../core/index.ts";
import { poissonCounts } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { LearnerId } from "../types.ts";
import { everyRowOnce, qiniPerCustomer, rankPair, type Samples } from "./area.ts";
import { type Fold, othersOf } from "./folds.ts";

/**
 * A learner's predictions for customers that it had not seen: for each fold and offer, one effect per test
 * row.
 */
export type HeldOutEffects = readonly (readonly Float64Array[])[];

/** A value for the sample and one for each bootstrap sample. */
export interface Replicated {
  readonly value: number;
  readonly replicates: Float64Array;
}

/** Qini per customer for every learner, fold and offer. */
export interface QiniTable {
  readonly learners: readonly LearnerId[];
  /** [learner][fold][offer] */
  readonly qini: readonly (readonly (readonly Replicated[])[])[];
  /** Weight of an offer's Qini in the comparison: its margin. */
  readonly weights: readonly number[];
}

const REPLICATES = 200;

/**
 * Measures all learners on the same folds and the same bootstrap samples of customers, so that they can be
 * compared in pairs.
 */
export function tabulateQini(
  experiment: EncodedExperiment,
  folds: readonly Fold[],
  effects: ReadonlyMap<LearnerId, HeldOutEffects>,
  options: { readonly weights: readonly number[]; readonly seed: number },
): QiniTable {
  const samples = drawSamples(experiment, options.seed);
  const once = everyRowOnce(experiment.arms.length);
  const qini = [...effects.values()].map((byFold) =>
    byFold.map((byOffer, fold) =>
      byOffer.map((offer, i) => {
        const pair = rankPair(experiment, folds[fold]?.test ?? new Uint32Array(0), offer, i + 1);
        return {
          value: qiniPerCustomer(pair, once)[0] as number,
          replicates: qiniPerCustomer(pair, samples),
        };
      }),
    ),
  );
  return { learners: [...effects.keys()], qini, weights: options.weights };
}

function drawSamples({ arms, clusters }: EncodedExperiment, seed: number): Samples {
  const draw = poissonCounts(arms.length, createRandom(seed), clusters);
  const times = new Uint8Array(arms.length * REPLICATES);
  for (let b = 0; b < REPLICATES; b++) {
    const counts = draw();
    for (let row = 0, at = b; row < counts.length; row++, at += REPLICATES) times[at] = counts[row] as number;
  }
  return { count: REPLICATES, times };
}

/** One learner compared with the best one. */
export interface Standing {
  readonly learner: LearnerId;
  /** Qini per customer, mean over the folds and weighted sum over the offers. */
  readonly score: Replicated;
  /** The best learner's value minus this one's, and the standard error of that difference. */
  readonly behind: { readonly value: number; readonly error: number };
}

/** A difference of this many of its standard errors is clear. */
const CLEAR = 2;

/**
 * The first learner, in the order of `LEARNERS`, that is less than one standard error of the best Qini behind
 * the best, unless the paired difference on the same customers is clear: its error is smaller than that of a
 * Qini.
 *
 * Source: Breiman, Friedman, Olshen and Stone 1984, "Classification and regression trees", section 3.4.3 (the
 * rule).
 *
 * @param folds indices of the folds to use; default: all
 * @param isAllowed for each learner, whether it may be chosen; default: all
 */
export function chooseLearner(
  table: QiniTable,
  folds: readonly number[] = table.qini[0]?.map((_, fold) => fold) ?? [],
  isAllowed: readonly boolean[] = table.learners.map(() => true),
): { readonly chosen: number; readonly standings: readonly Standing[] } {
  const scores = table.qini.map((byFold) => totalOf(byFold, folds, table.weights));
  const first = Math.max(0, isAllowed.indexOf(true));
  const best = scores.reduce(
    (at, score, i) => (isAllowed[i] === true && score.value > (scores[at]?.value ?? 0) ? i : at),
    first,
  );
  const top = scores[best] as Replicated;
  const standings = scores.map((score, i): Standing => {
    const differences = top.replicates.map((value, b) => value - (score.replicates[b] as number));
    return {
      learner: table.learners[i] as LearnerId,
      score,
      behind: { value: top.value - score.value, error: deviation(differences) },
    };
  });
  const error = deviation(top.replicates);
  const chosen = standings.findIndex(
    ({ behind }, i) => isAllowed[i] === true && behind.value <= error && behind.value <= CLEAR * behind.error,
  );
  return { chosen: chosen < 0 ? best : chosen, standings };
}

/**
 * The learner that would be chosen for each fold by the other folds of its repeat: this measures the
 * automatic choice on customers that were not used for it.
 */
export function chooseInside(table: QiniTable): number[] {
  const count = table.qini[0]?.length ?? 0;
  return Array.from({ length: count }, (_, fold) => chooseLearner(table, othersOf(fold)).chosen);
}

/** Mean of one offer's Qini over the folds [first, end), each fold with the learner given for it. */
export function qiniOf(
  table: QiniTable,
  learnerOf: readonly number[],
  offer: number,
  [first, end]: readonly [number, number],
): Replicated {
  const parts = learnerOf.map((learner, fold) => table.qini[learner]?.[fold]?.[offer] as Replicated);
  return meanOf(parts.slice(first, end));
}

export function deviation(values: ArrayLike<number>): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i] as number) / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
}

function totalOf(
  byFold: readonly (readonly Replicated[])[],
  folds: readonly number[],
  weights: readonly number[],
): Replicated {
  return meanOf(
    folds.map((fold) => {
      const byOffer = byFold[fold] ?? [];
      return {
        value: byOffer.reduce((sum, { value }, i) => sum + value * (weights[i] as number), 0),
        replicates: Float64Array.from({ length: REPLICATES }, (_, b) =>
          byOffer.reduce(
            (sum, { replicates }, i) => sum + (replicates[b] as number) * (weights[i] as number),
            0,
          ),
        ),
      };
    }),
  );
}

function meanOf(parts: readonly Replicated[]): Replicated {
  return {
    value: parts.reduce((sum, { value }) => sum + value, 0) / parts.length,
    replicates: Float64Array.from(
      { length: REPLICATES },
      (_, b) => parts.reduce((sum, { replicates }) => sum + (replicates[b] as number), 0) / parts.length,
    ),
  };
}
