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

/**
 * The Qini-count of a ranking divided by its customers: additional outcomes per customer compared with a
 * random order. Each customer counts `counts` times (all 1: the sample itself; Poisson numbers: a bootstrap
 * sample), weighted by the inverse probability of the own arm if it differs between customers.
 *
 * Source: Radcliffe 2007; equal to `qiniCount` in statistics/ divided by the customers if every customer
 * counts once.
 */
export function qiniPerCustomer(
  { rows, ends, treated: isTreated, outcomes, odds }: RankedPair,
  counts: Uint8Array | null,
): number {
  let customers = 0;
  let treated = 0;
  let control = 0;
  let treatedOutcome = 0;
  let controlOutcome = 0;
  let area = 0;
  let lastCustomers = 0;
  let lastGain = 0;
  for (let i = 0; i < rows.length; i++) {
    const times = counts === null ? 1 : (counts[rows[i] as number] as number);
    const weight = odds === null ? times : (times * (odds.share[i] as number)) / (odds.own[i] as number);
    customers += weight;
    if (isTreated[i] === 1) {
      treated += weight;
      treatedOutcome += weight * (outcomes[i] as number);
    } else {
      control += weight;
      controlOutcome += weight * (outcomes[i] as number);
    }
    // A customer who is not in the sample is no step.
    if (ends[i] === 0 || customers === lastCustomers) continue;
    const gain = treatedOutcome - (control > 0 ? (controlOutcome * treated) / control : 0);
    area += ((customers - lastCustomers) * (gain + lastGain)) / 2;
    lastCustomers = customers;
    lastGain = gain;
  }
  if (customers === 0) return 0;
  return (area - (lastGain * customers) / 2) / (customers * customers);
}
