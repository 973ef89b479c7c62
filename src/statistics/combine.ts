/** A larger p-value counts as this, so that a test without any evidence cannot cancel one with evidence. */
const MOST = 0.9;

/**
 * Combines p-values that may depend on each other: the mean of their Cauchy transforms has nearly a Cauchy
 * tail under any dependence, and the smallest p-value has the most influence.
 *
 * Source: Liu and Xie 2020, "Cauchy combination test", JASA 115.
 *
 * @param weights default: equal
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
