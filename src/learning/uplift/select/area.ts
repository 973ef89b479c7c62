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
  readonly arm: number;
}

/** @param effects one for each row of `test` */
export function rankPair(
  { arms }: EncodedExperiment,
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
  return {
    rows: order.map((i) => test[i] as number),
    ends: Uint8Array.from(order, (i, k) => (effects[order[k + 1] ?? -1] === effects[i] ? 0 : 1)),
    arm,
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
  { arms, outcomes, propensities }: EncodedExperiment,
  { rows, ends, arm }: RankedPair,
  counts: Uint8Array | null,
): number {
  const { own, shares } = propensities;
  let customers = 0;
  let treated = 0;
  let control = 0;
  let treatedOutcome = 0;
  let controlOutcome = 0;
  let area = 0;
  let lastCustomers = 0;
  let lastGain = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const given = arms[row] as number;
    const times = counts === null ? 1 : (counts[row] as number);
    const weight = own === null ? times : (times * (shares[given] as number)) / (own[row] as number);
    customers += weight;
    if (given === arm) {
      treated += weight;
      treatedOutcome += weight * (outcomes[row] as number);
    } else {
      control += weight;
      controlOutcome += weight * (outcomes[row] as number);
    }
    if (ends[i] === 0) continue;
    const gain = treatedOutcome - (control > 0 ? (controlOutcome * treated) / control : 0);
    area += ((customers - lastCustomers) * (gain + lastGain)) / 2;
    lastCustomers = customers;
    lastGain = gain;
  }
  if (customers === 0) return 0;
  return (area - (lastGain * customers) / 2) / (customers * customers);
}
