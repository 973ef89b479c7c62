import { invalidOption } from "../core/index.ts";
import { trapezoid } from "./qini.ts";
import { type Ranking, type SortedSample, totalsOf } from "./ranking.ts";

/** Profit of showing the offer to the best customers. */
export interface ProfitCurve {
  /** Share of customers shown the offer, ascending from 0 to 1. */
  readonly share: Float64Array;
  /** Profit over showing nothing, per customer of the sample. */
  readonly profit: Float64Array;
}

/**
 * Profit of showing an offer to the first k of N customers, per customer:
 *
 *     (k / N) x (margin x uplift among the first k - cost)
 *
 * The uplift is as in `upliftAt`; while an arm is absent from the first k, their uplift is unknown and the
 * point is omitted. One point for each step of the ranking, the first at 0.
 *
 * @param margin earned per outcome
 * @param cost spent per customer shown the offer
 */
export function profitCurve(
  ranking: Ranking,
  { margin, cost }: { readonly margin: number; readonly cost: number },
): ProfitCurve {
  const all = totalsOf(ranking).customers;
  const share: number[] = [0];
  const profit: number[] = [0];
  for (let step = 1; step < ranking.customers.length; step++) {
    const treated = ranking.treated[step] as number;
    const control = ranking.control[step] as number;
    if (treated === 0 || control === 0) continue;
    const uplift =
      (ranking.treatedOutcome[step] as number) / treated - (ranking.controlOutcome[step] as number) / control;
    const part = (ranking.customers[step] as number) / all;
    share.push(part);
    profit.push(part * (margin * uplift - cost));
  }
  return { share: Float64Array.from(share), profit: Float64Array.from(profit) };
}

/**
 * AUCC, the area under the cost curve: incremental outcome over incremental cost as the best k customers are
 * shown the offer, both by the Qini correction (treated sum - control sum x N_t(k) / N_c(k)) and both as
 * shares of their totals. 0.5 for a random order, more is better.
 *
 * Source: Du, Lee and Ghaffarizadeh 2019, "Improve User Retention with Causal Learning", section 4.
 *
 * @param costs amount spent on each row (in row order), in either arm; finite
 * @returns null if the whole sample has no positive incremental outcome or cost, because the shares are then
 *   undefined
 * @throws ERR_OPTION_INVALID
 */
export function aucc(sample: SortedSample, costs: Float64Array): number | null {
  const { rows, order, ends, treated, outcomes, weights, steps } = sample;
  if (costs.length !== rows) {
    throw invalidOption(`${rows} entries`, "costs", costs.length);
  }
  const counts: [number, number] = [0, 0];
  const gained: [number, number] = [0, 0];
  const spent: [number, number] = [0, 0];
  const x = new Float64Array(steps + 1);
  const y = new Float64Array(steps + 1);
  let step = 0;
  for (let position = 0; position < rows; position++) {
    const arm = treated[position] === 1 ? 1 : 0;
    const weight = weights?.[position] ?? 1;
    counts[arm] += weight;
    gained[arm] += weight * (outcomes[position] as number);
    spent[arm] += weight * (costs[order[position] as number] as number);
    if (ends[position] === 0) continue;
    step++;
    const ratio = counts[0] === 0 ? 0 : counts[1] / counts[0];
    x[step] = spent[1] - spent[0] * ratio;
    y[step] = gained[1] - gained[0] * ratio;
  }
  const totalCost = x[steps] as number;
  const totalGain = y[steps] as number;
  if (!(totalCost > 0) || !(totalGain > 0)) return null;
  return trapezoid(x, y) / (totalCost * totalGain);
}
