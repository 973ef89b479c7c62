import type { ComparedPair, RocPoint } from "./types.ts";

/**
 * One point per distinct distance, from no pair accepted to all detected pairs accepted.
 *
 * @example
 * const points = rocCurve(pairs);
 */
export function rocCurve(pairs: readonly ComparedPair[]): RocPoint[] {
  return tracer(pairs)(null);
}

/**
 * Sorts once and traces often: `drawn` says how often each pair counts, as a bootstrap draws it; null is once.
 * The order of `drawn` is that of `pairs`.
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

/** The same curve without the points inside of straight upright and level runs. */
export function corners(roc: readonly RocPoint[]): RocPoint[] {
  return roc.filter((point, i) => {
    const [before, after] = [roc[i - 1], roc[i + 1]];
    if (!before || !after) return true;
    const upright = before.far === point.far && point.far === after.far;
    const level = before.tar === point.tar && point.tar === after.tar;
    return !upright && !level;
  });
}

/** Trapezoids up to the last detected pair; beyond it the curve is a straight line to (1, 1). */
export function areaUnder(roc: readonly RocPoint[]): number {
  let area = 0;
  let last: Pick<RocPoint, "far" | "tar"> = { far: 0, tar: 0 };
  for (const point of [...roc, { far: 1, tar: 1 }]) {
    area += ((point.far - last.far) * (point.tar + last.tar)) / 2;
    last = point;
  }
  return area;
}

/** The point that accepts most where no more than `far` of the different pairs are accepted. */
export function pointAtFar(roc: readonly RocPoint[], far: number): RocPoint {
  return roc.findLast((point) => point.far <= far) ?? { threshold: 0, far: 0, tar: 0 };
}

/** Where the curve comes nearest to equal errors: the mean of both there. */
export function equalErrorRate(roc: readonly RocPoint[]): number {
  const gap = ({ far, tar }: RocPoint) => Math.abs(far - (1 - tar));
  const best = roc.reduce((a, b) => (gap(b) < gap(a) ? b : a));
  return (best.far + 1 - best.tar) / 2;
}
