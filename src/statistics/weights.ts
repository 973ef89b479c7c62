/**
 * The weight of each row, with which both arms represent all customers: the inverse of the probability of the
 * row's arm, scaled to a mean of 1 in each arm (Hájek 1971).
 *
 * @param propensity per row, of the row's own arm, in (0, 1]
 */
export function inverseWeights(treated: Uint8Array, propensity: Float64Array): Float64Array {
  const sums: [number, number] = [0, 0];
  const counts: [number, number] = [0, 0];
  for (let row = 0; row < treated.length; row++) {
    const arm = treated[row] === 1 ? 1 : 0;
    sums[arm] += 1 / (propensity[row] as number);
    counts[arm]++;
  }
  return propensity.map((chance, row) => {
    const arm = treated[row] === 1 ? 1 : 0;
    return counts[arm] / chance / sums[arm];
  });
}
