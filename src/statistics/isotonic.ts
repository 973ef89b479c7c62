/**
 * The non-increasing sequence closest to `values` by weighted least squares: increasing neighbours are pooled
 * until there are none.
 *
 * Source: Barlow, Bartholomew, Bremner and Brunk 1972, "Statistical inference under order restrictions" (pool
 * adjacent violators).
 *
 * @param weights above 0, one per value
 */
export function nonIncreasing(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { sum: number; weight: number; size: number }[] = [];
  for (const [i, value] of values.entries()) {
    const weight = weights[i] ?? 1;
    blocks.push({ sum: value * weight, weight, size: 1 });
    for (;;) {
      const [before, last] = [blocks.at(-2), blocks.at(-1)];
      if (before === undefined || last === undefined) break;
      if (before.sum / before.weight >= last.sum / last.weight) break;
      blocks.splice(-2, 2, {
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
        size: before.size + last.size,
      });
    }
  }
  return blocks.flatMap(({ sum, weight, size }) => new Array<number>(size).fill(sum / weight));
}
