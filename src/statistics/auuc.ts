import { type Ranking, totalsOf } from "./ranking.ts";

/**
 * AUUC as causalml's `auuc_score` (normalised): the mean over k = 0..N of the cumulative gain
 *
 *     g(k) = k (n_t1(k) / N_t(k) - n_c1(k) / N_c(k)),   g(0) = 0
 *
 * divided by |g(N)|. While one arm is absent from the first k, the difference of the means is interpolated
 * linearly from 0 to its first defined value, as in causalml. Within a step of equal scores the gain is a
 * straight line, the expectation over random orders of the tie. Equal scores for all rows give 0.5; distinct
 * scores give the value of causalml.
 *
 * Source: Gutierrez and Gerardy 2017, "Causal Inference and Uplift Modeling: A review of the literature".
 *
 * @returns about 0.5 for a random order, more is better; null if the effect over all customers is exactly 0
 */
export function auuc(ranking: Ranking): number | null {
  const gain = gainCurve(ranking);
  const end = gain[gain.length - 1] as number;
  if (end === 0) return null;
  let sum = 0;
  for (let step = 1; step < gain.length; step++) {
    const from = gain[step - 1] as number;
    const to = gain[step] as number;
    const size = (ranking.customers[step] as number) - (ranking.customers[step - 1] as number);
    // from + (to - from) i / size, summed over i = 1..size
    sum += size * from + ((to - from) * (size + 1)) / 2;
  }
  return sum / (totalsOf(ranking).customers + 1) / Math.abs(end);
}

/** The cumulative gain at each step of the ranking, the first for k = 0. */
function gainCurve(ranking: Ranking): Float64Array {
  const lift = ranking.customers.map((_, step) => meanDifference(ranking, step));
  const first = lift.findIndex((value) => !Number.isNaN(value));
  const firstAt = ranking.customers[first] as number;
  return lift.map((value, step) => {
    const customers = ranking.customers[step] as number;
    const filled = step < first ? ((lift[first] as number) * customers) / firstAt : value;
    return customers * filled;
  });
}

function meanDifference(ranking: Ranking, step: number): number {
  const treated = ranking.treated[step] as number;
  const control = ranking.control[step] as number;
  if (treated === 0 || control === 0) return Number.NaN;
  return (
    (ranking.treatedOutcome[step] as number) / treated - (ranking.controlOutcome[step] as number) / control
  );
}
