import { expected, LookalikeError } from "../../errors.ts";
import { type Ranking, totalsOf } from "./ranking.ts";

/**
 * uplift@k, strategy "overall": the difference between the mean outcomes of the treated and of the control
 * customers among the best `share` of all customers. Equals scikit-uplift 0.5 `uplift_at_k` with
 * `strategy="overall"` where the scores are distinct; of a step that the boundary cuts, every customer counts in
 * part, which is the expectation over random orders of the tie.
 *
 * @param share in (0, 1]; the first `floor(share x customers)` are taken
 * @returns null where the selection holds no treated or no control customer
 * @throws ERR_OPTION_INVALID
 */
export function upliftAt(ranking: Ranking, share: number): number | null {
  if (!(share > 0 && share <= 1)) {
    throw new LookalikeError("ERR_OPTION_INVALID", expected("a share in (0, 1]", "share", share));
  }
  const selected = Math.floor(totalsOf(ranking).customers * share);
  const step = ranking.customers.findIndex((customers) => customers >= selected);
  const before = Math.max(step - 1, 0);
  const start = ranking.customers[before] as number;
  const size = (ranking.customers[step] as number) - start;
  const part = size === 0 ? 0 : (selected - start) / size;
  const upTo = (cumulated: Float64Array) => {
    const from = cumulated[before] as number;
    return from + part * ((cumulated[step] as number) - from);
  };
  const treated = upTo(ranking.treated);
  const control = upTo(ranking.control);
  if (treated === 0 || control === 0) return null;
  return upTo(ranking.treatedOutcome) / treated - upTo(ranking.controlOutcome) / control;
}
