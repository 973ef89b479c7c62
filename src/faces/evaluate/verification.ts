import { expected, LookalikeError } from "../../errors.ts";

/** Two photos, whether they show one person, and how far apart their embeddings are. */
export interface ComparedPair {
  /** Cross-validation fold; thresholds for a fold are chosen on the others. */
  readonly fold: string;
  readonly same: boolean;
  /** Euclidean distance; null where a face was not found in one of the photos. */
  readonly distance: number | null;
}

export interface VerificationReport {
  readonly pairs: number;
  /** Pairs with an undetected face. */
  readonly undetected: number;
  /** Share of pairs decided right, threshold per fold chosen on the other folds; an undetected pair is wrong. */
  readonly accuracy: number;
  /** Standard error of the mean accuracy over folds. */
  readonly accuracyError: number;
  /** The same at a fixed threshold. */
  readonly accuracyAt: { readonly threshold: number; readonly accuracy: number };
  /** Mean of the thresholds chosen. */
  readonly threshold: number;
  /** Area under the ROC curve; an undetected pair counts as infinitely far apart. */
  readonly auc: number;
  /** True accept rate where at most one in a thousand different pairs is accepted; undetected pairs are missed. */
  readonly tarAtFar: { readonly far: number; readonly tar: number; readonly threshold: number };
  /** The rate at which both kinds of error are equal. */
  readonly equalErrorRate: number;
  readonly roc: readonly RocPoint[];
}

export interface RocPoint {
  readonly threshold: number;
  /** Share of different pairs accepted. */
  readonly far: number;
  /** Share of same pairs accepted. */
  readonly tar: number;
}

/**
 * Face verification as the LFW protocol defines it (Huang et al. 2007, 'image-restricted'): a pair is the same
 * person when its distance is under a threshold; each fold is judged with the threshold that is best on all others.
 *
 * @param fixedThreshold default 0.6, dlib's and face-api's rule
 * @throws ERR_EVALUATION_EMPTY no pair of one of the two kinds, or fewer than two folds
 */
export function evaluateVerification(
  pairs: readonly ComparedPair[],
  { fixedThreshold = 0.6, far = 0.001 }: { readonly fixedThreshold?: number; readonly far?: number } = {},
): VerificationReport {
  const folds = [...new Set(pairs.map((pair) => pair.fold))];
  const same = pairs.filter((pair) => pair.same).length;
  if (same === 0 || same === pairs.length || folds.length < 2) {
    throw new LookalikeError(
      "ERR_EVALUATION_EMPTY",
      expected(
        "same and different pairs in at least two folds",
        "pairs",
        `${pairs.length} pairs, ${same} same, ${folds.length} folds`,
      ),
    );
  }
  const judged = folds.map((fold) => {
    const threshold = bestThreshold(pairs.filter((pair) => pair.fold !== fold));
    return {
      threshold,
      accuracy: accuracyAt(
        pairs.filter((pair) => pair.fold === fold),
        threshold,
      ),
    };
  });
  const roc = rocCurve(pairs);
  return {
    pairs: pairs.length,
    undetected: pairs.filter((pair) => pair.distance === null).length,
    accuracy: mean(judged.map((fold) => fold.accuracy)),
    accuracyError: standardError(judged.map((fold) => fold.accuracy)),
    accuracyAt: { threshold: fixedThreshold, accuracy: accuracyAt(pairs, fixedThreshold) },
    threshold: mean(judged.map((fold) => fold.threshold)),
    auc: areaUnder(roc),
    tarAtFar: tarAtFar(roc, far),
    equalErrorRate: equalErrorRate(roc),
    roc,
  };
}

/** Share of pairs decided right at a threshold; a pair with an undetected face is wrong. */
export function accuracyAt(pairs: readonly ComparedPair[], threshold: number): number {
  const right = pairs.filter(
    ({ same, distance }) => distance !== null && distance < threshold === same,
  ).length;
  return right / pairs.length;
}

/** The threshold, midway between two neighbouring distances, that decides most pairs right. */
export function bestThreshold(pairs: readonly ComparedPair[]): number {
  const found = pairs
    .flatMap(({ same, distance }) => (distance === null ? [] : [{ same, distance }]))
    .toSorted((a, b) => a.distance - b.distance);
  let right = found.filter((pair) => !pair.same).length;
  let best = { right, threshold: 0 };
  found.forEach(({ same, distance }, i) => {
    right += same ? 1 : -1;
    const next = found[i + 1]?.distance ?? distance * 1.001;
    if (right > best.right && next > distance) best = { right, threshold: (distance + next) / 2 };
  });
  return best.threshold;
}

/** One point per distinct distance, from nothing accepted to all detected pairs accepted. */
export function rocCurve(pairs: readonly ComparedPair[]): RocPoint[] {
  const same = pairs.filter((pair) => pair.same).length;
  const different = pairs.length - same;
  const sorted = pairs.toSorted((a, b) => (a.distance ?? Infinity) - (b.distance ?? Infinity));
  const points: RocPoint[] = [{ threshold: 0, far: 0, tar: 0 }];
  let accepted = 0;
  let falselyAccepted = 0;
  sorted.forEach((pair, i) => {
    if (pair.distance === null) return;
    if (pair.same) accepted++;
    else falselyAccepted++;
    if (sorted[i + 1]?.distance === pair.distance) return;
    points.push({ threshold: pair.distance, far: falselyAccepted / different, tar: accepted / same });
  });
  return points;
}

/** Trapezoids up to the last detected pair; beyond it the curve is a straight line to (1, 1). */
function areaUnder(roc: readonly RocPoint[]): number {
  let area = 0;
  let last: Pick<RocPoint, "far" | "tar"> = { far: 0, tar: 0 };
  for (const point of [...roc, { far: 1, tar: 1 }]) {
    area += ((point.far - last.far) * (point.tar + last.tar)) / 2;
    last = point;
  }
  return area;
}

function tarAtFar(roc: readonly RocPoint[], far: number): { far: number; tar: number; threshold: number } {
  const allowed = roc.filter((point) => point.far <= far);
  const best = allowed.at(-1) ?? { tar: 0, threshold: 0 };
  return { far, tar: best.tar, threshold: best.threshold };
}

function equalErrorRate(roc: readonly RocPoint[]): number {
  const gap = ({ far, tar }: RocPoint) => Math.abs(far - (1 - tar));
  const best = roc.reduce((a, b) => (gap(b) < gap(a) ? b : a));
  return (best.far + 1 - best.tar) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
