/**
 * Holm's adjusted p-values: comparing each with alpha keeps the chance of any false claim in the family at alpha,
 * whatever the tests have in common.
 *
 * Source: Holm 1979, Scandinavian Journal of Statistics 6.
 *
 * @returns in the order of the input, never below it
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = new Array<number>(pValues.length);
  let floor = 0;
  for (const [rank, i] of order.entries()) {
    floor = Math.max(floor, Math.min(1, (pValues.length - rank) * (pValues[i] ?? 1)));
    adjusted[i] = floor;
  }
  return adjusted;
}
