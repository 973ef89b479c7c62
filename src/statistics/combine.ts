/** A p-value above this counts as this: a test that finds less than nothing must not outvote one that finds something. */
const MOST = 0.9;

/**
 * One p-value of several that may depend on each other: the mean of their Cauchy transforms has nearly a Cauchy tail
 * whatever the dependence, and the smallest of them has most weight.
 *
 * Source: Liu and Xie 2020, "Cauchy combination test", JASA 115.
 *
 * @param weights default: all alike
 */
export function combinePValues(pValues: readonly number[], weights?: readonly number[]): number {
  const total = pValues.reduce((sum, _, i) => sum + (weights?.[i] ?? 1), 0);
  if (total <= 0) return 1;
  const statistic = pValues.reduce((sum, p, i) => {
    const bounded = Math.min(MOST, Math.max(1e-15, p));
    return sum + ((weights?.[i] ?? 1) / total) * Math.tan((0.5 - bounded) * Math.PI);
  }, 0);
  return 0.5 - Math.atan(statistic) / Math.PI;
}
