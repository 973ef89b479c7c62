import type { ComparedPair, RocPoint } from "./types.ts";

/**
 * The ROC curve with one point per distinct distance, from no pair accepted to all detected pairs accepted.
 *
 * @example
 * const points = rocCurve(pairs);
 */
export function rocCurve(pairs: readonly ComparedPair[]): RocPoint[] {
  return tracer(pairs)(null);
}

/**
 * Sorts the pairs once and returns a function that traces the curve. `drawn` is how often a bootstrap drew
 * each pair, in the order of `pairs`; null: each once.
 */
export function tracer(pairs: readonly ComparedPair[]): (drawn: Uint16Array | null) => RocPoint[] {
  const order = pairs
    .map(({ distance, same }, index) => ({ distance: distance ?? Infinity, same, index }))
    .toSorted((a, b) => a.distance - b.distance);
  return (drawn) => {
    const times = (index: number) => (drawn === null ? 1 : (drawn[index] ?? 0));
    let [same, different] = [0, 0];
    pairs.forEach((pair, index) => {
      if (pair.same) same += times(index);
      else different += times(index);
    });
    const points: RocPoint[] = [{ threshold: 0, far: 0, tar: 0 }];
    let [accepted, falselyAccepted] = [0, 0];
    order.forEach((pair, place) => {
      if (pair.distance === Infinity) return;
      if (pair.same) accepted += times(pair.index);
      else falselyAccepted += times(pair.index);
      if (order[place + 1]?.distance === pair.distance) return;
      points.push({ threshold: pair.distance, far: falselyAccepted / different, tar: accepted / same });
    });
    return points;
  };
}

/** The curve without the points inside of vertical and horizontal runs. */
export function corners(roc: readonly RocPoint[]): RocPoint[] {
  return roc.filter((point, i) => {
    const [before, after] = [roc[i - 1], roc[i + 1]];
    if (!before || !after) return true;
    const upright = before.far === point.far && point.far === after.far;
    const level = before.tar === point.tar && point.tar === after.tar;
    return !upright && !level;
  });
}

/** Area by trapezoids up to the last detected pair, and by a straight line from there to (1, 1). */
export function areaUnder(roc: readonly RocPoint[]): number {
  let area = 0;
  let last: Pick<RocPoint, "far" | "tar"> = { far: 0, tar: 0 };
  for (const point of [...roc, { far: 1, tar: 1 }]) {
    area += ((point.far - last.far) * (point.tar + last.tar)) / 2;
    last = point;
  }
  return area;
}

/** The point with the highest true accept rate whose false accept rate is at most `far`. */
export function pointAtFar(roc: readonly RocPoint[], far: number): RocPoint {
  return roc.findLast((point) => point.far <= far) ?? { threshold: 0, far: 0, tar: 0 };
}

/** The equal error rate: the mean of both error rates where they are closest. */
export function equalErrorRate(roc: readonly RocPoint[]): number {
  const gap = ({ far, tar }: RocPoint) => Math.abs(far - (1 - tar));
  const best = roc.reduce((a, b) => (gap(b) < gap(a) ? b : a));
  return (best.far + 1 - best.tar) / 2;
}
