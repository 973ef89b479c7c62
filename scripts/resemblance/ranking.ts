/** How well a table of distances finds partners: `distances[i][j]` from left face i to right face j, partners at i = j. */
export type Distances = readonly (readonly number[])[];

export interface Ranking {
  /** Per pair and direction: faces that are nearer than the partner. */
  readonly ranks: readonly number[];
  /** P(the partner is nearer than another face), the mean over the pairs. */
  readonly auc: number;
  /** The same among faces of the same apparent gender. */
  readonly sameGender: number;
}

/** @param female per pair: the apparent genders of the left and of the right face */
export function rankPartners(
  distances: Distances,
  female: readonly (readonly [left: boolean, right: boolean])[],
): Ranking {
  const count = distances.length;
  const at = (i: number, j: number) => distances[i]?.[j] ?? Number.POSITIVE_INFINITY;
  const indices = Array.from({ length: count }, (_, i) => i);
  const rows = indices.map((i) => indices.filter((j) => at(i, j) < at(i, i)).length);
  const columns = indices.map((j) => indices.filter((i) => at(i, j) < at(j, j)).length);
  const isAlike = (i: number, j: number) => female[i]?.[0] === female[j]?.[1];
  return {
    ranks: indices.flatMap((i) => [rows[i] ?? 0, columns[i] ?? 0]),
    auc: areaUnder(distances, () => true),
    sameGender: areaUnder(distances, isAlike),
  };
}

/** Every partner's distance against those of all pairs that are none, of pairs that `takes` takes. */
export function areaUnder(distances: Distances, takes: (i: number, j: number) => boolean): number {
  const others: number[] = [];
  const partners: number[] = [];
  distances.forEach((row, i) => {
    row.forEach((distance, j) => {
      if (takes(i, j)) (i === j ? partners : others).push(distance);
    });
  });
  others.sort((a, b) => a - b);
  const shares = partners.map((distance) => countAbove(others, distance) / Math.max(1, others.length));
  return mean(shares);
}

function countAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
}

/** Share of the ranks below `k`. */
export function shareBelow(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank < k).length / Math.max(1, ranks.length);
}

/** Spearman's rank correlation. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [placesOf(a), placesOf(b)];
  const middle = (x.length - 1) / 2;
  let [both, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    const [dx, dy] = [value - middle, (y[i] ?? 0) - middle];
    both += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return both / Math.sqrt(xx * yy);
}

function placesOf(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const places = new Float64Array(values.length);
  order.forEach((i, place) => {
    places[i] = place;
  });
  return places;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
