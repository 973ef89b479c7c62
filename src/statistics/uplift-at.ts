import { invalidOption } from "../core/index.ts";
import { type Ranking, totalsOf } from "./ranking.ts";

/**
 * uplift@k, strategy "overall": the difference between the mean outcomes of the treated and of the control
 * customers among the best `share` of all customers. Equals scikit-uplift 0.5 `uplift_at_k` with
 * `strategy="overall"` if the scores are distinct. If the boundary cuts a step, every customer of the step
 * counts in part, which is the expectation over random orders of the tie.
 *
 * @param share in (0, 1]; the first `floor(share x customers)` are taken
 * @returns null if the selection contains no treated or no control customer
 * @throws ERR_OPTION_INVALID
 */
export function upliftAt(ranking: Ranking, share: number): number | null {
  checkShare(share);
  const selected = Math.floor(totalsOf(ranking).customers * share);
  const { treated, control } = ranking;
  const treatedRows = cumulatedAt(ranking.customers, treated, selected);
  const controlRows = cumulatedAt(ranking.customers, control, selected);
  if (treatedRows === 0 || controlRows === 0) return null;
  return (
    cumulatedAt(ranking.customers, ranking.treatedOutcome, selected) / treatedRows -
    cumulatedAt(ranking.customers, ranking.controlOutcome, selected) / controlRows
  );
}

/**
 * uplift@k, strategy "by group": the mean outcome of the best `share` of the treated minus that of the best
 * `share` of the control customers, each arm ranked separately. Equals scikit-uplift 0.5 `uplift_at_k` with
 * `strategy="by_group"`; ties as in `upliftAt`.
 *
 * @param share in (0, 1]; the first `floor(share x arm)` of each arm are taken
 * @returns null if either selection is empty
 * @throws ERR_OPTION_INVALID
 */
export function upliftAtByGroup(ranking: Ranking, share: number): number | null {
  checkShare(share);
  const totals = totalsOf(ranking);
  const treated = Math.floor(totals.treated * share);
  const control = Math.floor(totals.control * share);
  if (treated === 0 || control === 0) return null;
  return (
    cumulatedAt(ranking.treated, ranking.treatedOutcome, treated) / treated -
    cumulatedAt(ranking.control, ranking.controlOutcome, control) / control
  );
}

/**
 * The value of a cumulated column at the position where another one reaches `target`; interpolated within a
 * step.
 *
 * @param along ascending, from 0
 */
export function cumulatedAt(along: Float64Array, cumulated: Float64Array, target: number): number {
  let low = 0;
  let high = along.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((along[middle] as number) >= target) high = middle;
    else low = middle + 1;
  }
  const before = Math.max(low - 1, 0);
  const start = along[before] as number;
  const size = (along[low] as number) - start;
  const from = cumulated[before] as number;
  const part = size === 0 ? 0 : Math.min(1, (target - start) / size);
  return from + part * ((cumulated[low] as number) - from);
}

function checkShare(share: number): void {
  if (share > 0 && share <= 1) return;
  throw invalidOption("a share in (0, 1]", "share", share);
}
