import {
  type ArmEffects,
  type Estimate,
  holm,
  largestErrorQuantile,
  normalTail,
  shrinkEffects,
} from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { OutcomeKind } from "../types.ts";
import { bestArm, type OfferTerms, worthOf } from "./terms.ts";

/** The best offer for everyone. */
export interface SingleOffer {
  /** By average effect x margin - cost, averages drawn together; `none` where none pays. */
  readonly best: string;
  /** What is shown to everyone where nothing is personal: the best, or `none` where it is not shown to pay. */
  readonly default: string;
  /** Net worth per customer of `best` over showing nothing; null for `none`. */
  readonly worth: Estimate | null;
  /** P-value, one-sided, that no offer pays; adjusted for their number. */
  readonly pValue: number;
}

const LEVEL = 0.05;

/** 97.5 % point of the normal distribution: what intervals of a single effect reach. */
const Z = 1.959963984540054;

/**
 * Average effects with intervals that hold together (`largestErrorQuantile`): of ten offers that do nothing, one would
 * else often be said to do something.
 */
export function heldTogether(averages: readonly Estimate[], effects: ArmEffects): Estimate[] {
  const wider = largestErrorQuantile(effects) / Z;
  return averages.map(({ value, low, high }) => ({
    value,
    low: value - wider * (value - low),
    high: value + wider * (high - value),
  }));
}

/** The same drawn towards 0 for the choice of the largest. */
export function promisedEffects(averages: readonly Estimate[], effects: ArmEffects): Estimate[] {
  const shrunk = shrinkEffects(effects);
  return heldTogether(averages, effects).map((average, arm) => {
    const raw = effects.effects[arm] as number;
    const value = raw === 0 ? average.value : average.value * ((shrunk[arm] as number) / raw);
    return { value, low: Math.min(average.low, value), high: Math.max(average.high, value) };
  });
}

/**
 * The best offer for everyone, and whether it is shown where nothing is personal: an offer that costs something, or
 * whose outcome is money, must pay beyond noise (one-sided, 5 %, adjusted by Holm's method for the number of offers).
 */
export function bestSingleOffer(
  terms: readonly OfferTerms[],
  promised: readonly Estimate[],
  { effects, covariance }: ArmEffects,
  experiment: EncodedExperiment,
): SingleOffer {
  const least = pooledErrors(experiment);
  const pValues = holm(
    terms.map((own, arm) => {
      const error = own.margin * Math.max(least[arm] ?? 0, Math.sqrt(covariance[arm]?.[arm] ?? 0));
      return error > 0 ? normalTail(worthOf(own, effects[arm] as number) / error) : 1;
    }),
  );
  const pValue = Math.min(1, ...pValues);
  const at = bestArm(terms, (arm) => promised[arm]?.value as number);
  const own = terms[at];
  const average = promised[at];
  if (own === undefined || average === undefined)
    return { best: "none", default: "none", worth: null, pValue };
  const worth = {
    value: worthOf(own, average.value),
    low: worthOf(own, average.low),
    high: worthOf(own, average.high),
  };
  const isShown = isFree(experiment.kind, own) || (pValues[at] as number) <= LEVEL;
  return { best: own.offerId, default: isShown ? own.offerId : "none", worth, pValue };
}

/** Whether showing an offer costs nothing: a bought product's margin is not spent by showing it, an amount may be a loss. */
export function isFree(outcome: OutcomeKind, { cost }: OfferTerms): boolean {
  return outcome === "binary" && cost === 0;
}

/**
 * Standard errors of the arms' effects if all arms varied alike, as they do where no offer does anything: an arm in
 * which few happened to buy would look surer than it is by its own variance.
 */
function pooledErrors({ labels, arms, outcomes }: EncodedExperiment): number[] {
  const rows = labels.map(() => 0);
  let [sum, squares] = [0, 0];
  for (let row = 0; row < arms.length; row++) {
    rows[arms[row] as number] = (rows[arms[row] as number] as number) + 1;
    sum += outcomes[row] as number;
    squares += (outcomes[row] as number) ** 2;
  }
  const variance = Math.max(0, squares / arms.length - (sum / arms.length) ** 2);
  return rows.slice(1).map((count) => Math.sqrt(variance * (1 / count + 1 / (rows[0] as number))));
}
