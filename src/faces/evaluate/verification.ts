import { expected, LookalikeError } from "../../core/index.ts";
import { bootstrap, share } from "./intervals.ts";
import { areaUnder, corners, equalErrorRate, pointAtFar, tracer } from "./roc.ts";
import type { ComparedPair, FoldResult, Measured, RocPoint, VerificationReport } from "./types.ts";

export interface VerificationOptions {
  /** Default 0.6, dlib's and face-api's rule. */
  readonly fixedThreshold?: number | undefined;
  /** False accept rates, in (0, 1), at which the true accept rate is reported; default 0.001 and 0.01. */
  readonly fars?: readonly number[] | undefined;
  /** Seed of the bootstrap; default 1. */
  readonly seed?: number | undefined;
  /** Bootstrap rounds behind the intervals; default 1,000, or as many as 20 million pairs allow, at least 50. */
  readonly resamples?: number | undefined;
}

/**
 * Face verification by the LFW protocol (Huang et al. 2007, 'image-restricted'): a pair is classified as the same
 * person if its distance is below a threshold; each fold uses the best threshold of all other folds. A pair with an
 * undetected face is an error, with infinite distance on the curve.
 *
 * Intervals are 95 %: Wilson's for shares, a seeded bootstrap over pairs for the figures of the curve.
 *
 * @throws ERR_EVALUATION_EMPTY no same pair or no different pair, or fewer than two folds
 *
 * @example
 * const { accuracy } = evaluateVerification([
 *   { fold: "1", same: true, distance: 0.4 },
 *   { fold: "1", same: false, distance: 0.9 },
 *   { fold: "2", same: true, distance: 0.5 },
 *   { fold: "2", same: false, distance: 0.8 },
 * ]);
 */
export function evaluateVerification(
  pairs: readonly ComparedPair[],
  options: VerificationOptions = {},
): VerificationReport {
  const { fixedThreshold = 0.6, fars = [0.001, 0.01], seed = 1 } = options;
  const resamples = options.resamples ?? Math.max(50, Math.min(1000, Math.round(2e7 / pairs.length)));
  requireBothKinds(pairs);
  const folds = [...new Set(pairs.map((pair) => pair.fold))];
  const judged = folds.map((fold) => foldResult(pairs, fold));
  const trace = tracer(pairs);
  const measure = (roc: readonly RocPoint[]) => [
    areaUnder(roc),
    equalErrorRate(roc),
    ...fars.map((far) => pointAtFar(roc, far).tar),
  ];
  const roc = trace(null);
  const bounds = bootstrap(pairs.length, (drawn) => measure(trace(drawn)), { resamples, seed });
  const [auc, eer, ...tars] = measure(roc).map(
    (value, i): Measured => ({ value, low: value, high: value, ...bounds[i] }),
  );
  return {
    pairs: pairs.length,
    same: pairs.filter((pair) => pair.same).length,
    undetected: pairs.filter((pair) => pair.distance === null).length,
    folds: judged,
    accuracy: mean(judged.map((fold) => fold.accuracy)),
    accuracyError: standardError(judged.map((fold) => fold.accuracy)),
    threshold: mean(judged.map((fold) => fold.threshold)),
    accuracyAt: { ...shareRight(pairs, fixedThreshold), threshold: fixedThreshold },
    auc: auc as Measured,
    equalErrorRate: eer as Measured,
    tarAtFar: fars.map((far, i) => ({
      far,
      ...(tars[i] as Measured),
      threshold: pointAtFar(roc, far).threshold,
    })),
    roc: corners(roc),
  };
}

/** Share of pairs decided right at a threshold; a pair with an undetected face is wrong. */
function accuracyAt(pairs: readonly ComparedPair[], threshold: number): number {
  return countRight(pairs, threshold) / pairs.length;
}

/** Whether a pair is decided right; a pair with an undetected face is not. */
export function isRight({ same, distance }: ComparedPair, threshold: number): boolean {
  return distance !== null && distance < threshold === same;
}

/** The threshold, midway between two neighbouring distances, that decides the most pairs right. */
function bestThreshold(pairs: readonly ComparedPair[]): number {
  const found = pairs
    .flatMap(({ same, distance }) => (distance === null ? [] : [{ same, distance }]))
    .toSorted((a, b) => a.distance - b.distance);
  let right = found.filter((pair) => !pair.same).length;
  let best = { right, threshold: 0 };
  found.forEach(({ same, distance }, i) => {
    right += same ? 1 : -1;
    const next = found[i + 1]?.distance ?? distance * 1.001 + Number.EPSILON;
    if (right > best.right && next > distance) best = { right, threshold: (distance + next) / 2 };
  });
  return best.threshold;
}

function foldResult(pairs: readonly ComparedPair[], fold: string): FoldResult {
  const threshold = bestThreshold(pairs.filter((pair) => pair.fold !== fold));
  const judged = pairs.filter((pair) => pair.fold === fold);
  return { fold, threshold, accuracy: accuracyAt(judged, threshold) };
}

function countRight(pairs: readonly ComparedPair[], threshold: number): number {
  return pairs.filter((pair) => isRight(pair, threshold)).length;
}

function shareRight(pairs: readonly ComparedPair[], threshold: number): Measured {
  const { value, low, high } = share(countRight(pairs, threshold), pairs.length) ?? {
    value: 0,
    low: 0,
    high: 1,
  };
  return { value, low, high };
}

/**
 * Checks that there are same and different pairs, in two folds or more.
 * @throws ERR_EVALUATION_EMPTY
 */
export function requireBothKinds(pairs: readonly Pick<ComparedPair, "same" | "fold">[]): void {
  const same = pairs.filter((pair) => pair.same).length;
  const folds = new Set(pairs.map((pair) => pair.fold)).size;
  if (same > 0 && same < pairs.length && folds >= 2) return;
  throw new LookalikeError(
    "ERR_EVALUATION_EMPTY",
    expected(
      "same and different pairs in at least two folds",
      "pairs",
      `${pairs.length} pairs, ${same} same, ${folds} folds`,
    ),
    {
      hint: "Pass pairs of the same person and of different people; without a fold column, folds are assigned at random.",
    },
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
