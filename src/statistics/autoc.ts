import type { SortedSample } from "./ranking.ts";

/**
 * AUTOC, the area under the targeting operator characteristic: the mean over k = 1..N of
 *
 *     TOC(k / N) = average effect among the first k - average effect of all
 *
 * with the averages taken over doubly robust `effects`. 0 for an uninformative ranking, in the unit of the
 * outcome. It gives the first ranks the most weight, whereas the Qini gives it to the middle. Within a step
 * of equal scores every customer has the step's mean effect.
 *
 * Source: Yadlowsky, Fleming, Shah, Brunskill and Wager 2025, "Evaluating Treatment Prioritization Rules via
 * Rank-Weighted Average Treatment Effects", JASA 120; with weight 1 on each share, as grf's `target =
 * "AUTOC"`.
 *
 * @param effects per row (not by position), of `effectScores`
 * @param weights how often each row counts; default 1
 * @returns null if no row counts
 */
export function autoc(sample: SortedSample, effects: Float64Array, weights?: Uint8Array): number | null {
  const { rows, order, ends } = sample;
  let counted = 0;
  let sum = 0;
  let area = 0;
  let stepWeight = 0;
  let stepSum = 0;
  for (let position = 0; position < rows; position++) {
    const row = order[position] as number;
    const weight = weights ? (weights[row] as number) : 1;
    stepWeight += weight;
    stepSum += weight * (effects[row] as number);
    if (ends[position] === 0) continue;
    const stepMean = stepWeight === 0 ? 0 : stepSum / stepWeight;
    for (let i = 0; i < stepWeight; i++) {
      counted++;
      sum += stepMean;
      area += sum / counted;
    }
    stepWeight = 0;
    stepSum = 0;
  }
  return counted === 0 ? null : area / counted - sum / counted;
}
