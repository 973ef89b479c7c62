import { emptyRanking, type Ranking, type RankingTotals, totalsOf } from "./ranking.ts";

/**
 * The Qini curve: extra outcomes among the treated of the first k customers,
 *
 *     Q(k) = n_t1(k) - n_c1(k) N_t(k) / N_c(k)
 *
 * where n_t1, n_c1 are the outcomes and N_t, N_c the customers of the two arms among the first k; the second term
 * is 0 while no control customer is selected. One entry per step of the ranking, the first for k = 0.
 *
 * Source: Radcliffe 2007, "Using control groups to target on predicted lift".
 */
export function qiniCurve(ranking: Ranking): Float64Array {
  return ranking.customers.map((_, step) => {
    const control = ranking.control[step] as number;
    const expectedOutcome =
      control === 0
        ? 0
        : ((ranking.controlOutcome[step] as number) * (ranking.treated[step] as number)) / control;
    return (ranking.treatedOutcome[step] as number) - expectedOutcome;
  });
}

/**
 * Qini-count: the area between the Qini curve and the straight line from (0, 0) to its end, over the
 * **share** of customers ranked (from 0 to 1), by trapezoids. Its unit is outcomes of this test set: it grows
 * in proportion to the number of customers, so compare counts only between samples of one size. 0 is a random
 * order, negative is worse.
 */
export function qiniCount(ranking: Ranking): number {
  return areaAboveRandom(ranking) / totalsOf(ranking).customers;
}

/**
 * Normalised Qini coefficient: the area of `qiniCount` divided by that of a perfect order, which ranks
 * treated buyers first, then all customers who did not buy, and control buyers last. Same value as
 * scikit-uplift 0.5 `qini_auc_score` with `negative_effect=True`. Outcomes must be 0 or 1.
 *
 * @returns 1 for the perfect order; an order exceeds it only in samples of a few customers, in which the
 *   correction by N_t / N_c jumps. Null if even a perfect order gains nothing (no customer or every customer
 *   bought)
 */
export function qiniScore(ranking: Ranking): number | null {
  const perfect = areaAboveRandom(perfectRanking(totalsOf(ranking)));
  return perfect > 0 ? areaAboveRandom(ranking) / perfect : null;
}

/** Unit: outcomes x customers. */
function areaAboveRandom(ranking: Ranking): number {
  const curve = qiniCurve(ranking);
  const last = curve.length - 1;
  const random = ((curve[last] as number) * (ranking.customers[last] as number)) / 2;
  return trapezoid(ranking.customers, curve) - random;
}

/** The ranking of the perfect order; with outcomes of 0 and 1 the totals of the two arms determine it. */
function perfectRanking(totals: RankingTotals): Ranking {
  const buyers = totals.treatedOutcome;
  const last = totals.customers;
  const ranking = emptyRanking(3);
  ranking.customers.set([0, buyers, last - totals.controlOutcome, last]);
  ranking.treated.set([0, buyers, totals.treated, totals.treated]);
  ranking.control.set([0, 0, totals.control - totals.controlOutcome, totals.control]);
  ranking.treatedOutcome.set([0, buyers, buyers, buyers]);
  ranking.controlOutcome.set([0, 0, 0, totals.controlOutcome]);
  return ranking;
}

/** Area under the polygon through (x, y), x ascending. */
export function trapezoid(x: Float64Array, y: Float64Array): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) {
    const width = (x[i] as number) - (x[i - 1] as number);
    area += (width * ((y[i] as number) + (y[i - 1] as number))) / 2;
  }
  return area;
}
