import type { EncodedExperiment } from "../experiment.ts";

/**
 * Customers of one offer and the control in a test fold, ranked by predicted effect: the input of a
 * Qini-count, which is computed many times with different weights.
 */
export interface RankedPair {
  /** Rows of the experiment, highest effect first. */
  readonly rows: Uint32Array;
  /**
   * 1 if the next customer has a different effect: customers with equal effects form one step of the curve.
   */
  readonly ends: Uint8Array;
  /** Whether the customer was shown the offer. */
  readonly treated: Uint8Array;
  readonly outcomes: Float64Array;
  /**
   * The arm's share and the probability of the own arm: weights are inverse to their ratio. Null: all weights are 1.
   */
  readonly odds: { readonly share: Float64Array; readonly own: Float64Array } | null;
}

/** @param effects one for each row of `test` */
export function rankPair(
  { arms, outcomes, propensities }: EncodedExperiment,
  test: Uint32Array,
  effects: Float64Array,
  arm: number,
): RankedPair {
  const inside: number[] = [];
  for (let i = 0; i < test.length; i++) {
    const given = arms[test[i] as number];
    if (given === 0 || given === arm) inside.push(i);
  }
  const order = Uint32Array.from(inside).sort(
    (a, b) => (effects[b] as number) - (effects[a] as number) || a - b,
  );
  const rows = order.map((i) => test[i] as number);
  const numbers = (of: (row: number) => number) => Float64Array.from(rows, of);
  const { own, shares } = propensities;
  return {
    rows,
    ends: Uint8Array.from(order, (i, k) => (effects[order[k + 1] ?? -1] === effects[i] ? 0 : 1)),
    treated: Uint8Array.from(rows, (row) => (arms[row] === arm ? 1 : 0)),
    outcomes: numbers((row) => outcomes[row] as number),
    odds: own && {
      share: numbers((row) => shares[arms[row] as number] as number),
      own: numbers((row) => own[row] as number),
    },
  };
}

/** How often each row of an experiment counts, for several samples at once. */
export interface Samples {
  readonly count: number;
  /** In row-major order, `count` per row: the loop over a row's samples reads neighbouring bytes. */
  readonly times: Uint8Array;
}

/** The rows themselves. */
export function everyRowOnce(rows: number): Samples {
  return { count: 1, times: new Uint8Array(rows).fill(1) };
}

/**
 * The Qini-count of a ranking divided by its customers: additional outcomes per customer compared with a
 * random order. Each customer counts as often as in the sample (a bootstrap sample: Poisson numbers), weighted by the
 * inverse probability of the own arm if it differs between customers.
 *
 * Source: Radcliffe 2007; equal to `qiniCount` in statistics/ divided by the customers if every customer
 * counts once.
 *
 * @returns one per sample
 */
export function qiniPerCustomer(
  { rows, ends, treated: isTreated, outcomes, odds }: RankedPair,
  { count, times }: Samples,
): Float64Array {
  const numbers = () => new Float64Array(count);
  const sums = [
    { customers: numbers(), outcome: numbers() },
    { customers: numbers(), outcome: numbers() },
  ] as const;
  const [control, treated] = sums;
  const [customers, area, lastCustomers, lastGain] = [numbers(), numbers(), numbers(), numbers()];
  for (let i = 0; i < rows.length; i++) {
    const own = sums[isTreated[i] as 0 | 1];
    const outcome = outcomes[i] as number;
    const [share, probability] = odds === null ? [1, 1] : [odds.share[i] as number, odds.own[i] as number];
    for (let b = 0, at = (rows[i] as number) * count; b < count; b++, at++) {
      const weight = ((times[at] as number) * share) / probability;
      customers[b] = (customers[b] as number) + weight;
      own.customers[b] = (own.customers[b] as number) + weight;
      own.outcome[b] = (own.outcome[b] as number) + weight * outcome;
    }
    if (ends[i] === 0) continue;
    for (let b = 0; b < count; b++) {
      const rivals = control.customers[b] as number;
      const expected =
        rivals > 0 ? ((control.outcome[b] as number) * (treated.customers[b] as number)) / rivals : 0;
      const gain = (treated.outcome[b] as number) - expected;
      const all = customers[b] as number;
      area[b] =
        (area[b] as number) + ((all - (lastCustomers[b] as number)) * (gain + (lastGain[b] as number))) / 2;
      lastCustomers[b] = all;
      lastGain[b] = gain;
    }
  }
  return area.map((sum, b) => {
    const all = customers[b] as number;
    return all === 0 ? 0 : (sum - ((lastGain[b] as number) * all) / 2) / (all * all);
  });
}
