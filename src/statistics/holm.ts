/**
 * Holm's adjusted p-values: comparing each with alpha limits the probability of any false claim in the family
 * to alpha, under any dependence of the tests.
 *
 * Source: Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
 * Statistics 6, with weights as in its section 5.
 *
 * @param weights of the tests, above 0: twice the weight allows twice the level; default: equal
 * @returns in the order of the input; never smaller than the input
 */
export function holm(
  pValues: readonly number[],
  weights: readonly number[] = pValues.map(() => 1),
): number[] {
  const tests = pValues.map((p, i) => ({ i, p, weight: weights[i] ?? 1 }));
  const order = tests.toSorted((a, b) => a.p / a.weight - b.p / b.weight);
  const adjusted = new Array<number>(pValues.length);
  let left = order.reduce((sum, { weight }) => sum + weight, 0);
  let floor = 0;
  for (const { i, p, weight } of order) {
    floor = Math.max(floor, Math.min(1, (p / weight) * left));
    adjusted[i] = floor;
    left -= weight;
  }
  return adjusted;
}
