import {
  type ArmEffects,
  type Estimate,
  holm,
  largestErrorQuantile,
  normalTail,
  shrinkEffects,
  Z_95,
} from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { OutcomeKind } from "../types.ts";
import { bestArm, type OfferTerms, worthOf } from "./terms.ts";

/** The best single offer for all customers. */
export interface SingleOffer {
  /** By average effect x margin - cost, with averages shrunk jointly; `none` if no offer pays. */
  readonly best: string;
  /** The offer for all customers if no choice is personal: the best, or `none` if it is not shown to pay. */
  readonly default: string;
  /** Net value per customer of `best` over showing nothing; null for `none`. */
  readonly worth: Estimate | null;
  /** One-sided p-value of the hypothesis that no offer pays; adjusted for the number of offers. */
  readonly pValue: number;
}

const LEVEL = 0.05;

/**
 * Average effects with simultaneous intervals (`largestErrorQuantile`): with separate intervals, one of ten
 * offers without effect would often seem to have one.
 */
export function heldTogether(averages: readonly Estimate[], effects: ArmEffects): Estimate[] {
  const wider = largestErrorQuantile(effects) / Z_95;
  return averages.map(({ value, low, high }) => ({
    value,
    low: value - wider * (value - low),
    high: value + wider * (high - value),
  }));
}

/** The same, shrunk towards 0 to correct for choosing the largest. */
export function promisedEffects(averages: readonly Estimate[], effects: ArmEffects): Estimate[] {
  const shrunk = shrinkEffects(effects);
  return heldTogether(averages, effects).map((average, arm) => {
    const raw = effects.effects[arm] as number;
    const value = raw === 0 ? average.value : average.value * ((shrunk[arm] as number) / raw);
    return { value, low: Math.min(average.low, value), high: Math.max(average.high, value) };
  });
}

/**
 * The best offer for all customers, and whether it is shown if no choice is personal: an offer that costs
 * something, or whose outcome is money, must pay beyond noise (one-sided, 5 %, adjusted by Holm's method for
 * the number of offers).
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

/**
 * Whether showing an offer costs nothing. The margin of a bought product is not spent by showing the offer;
 * an amount may be a loss.
 */
export function isFree(outcome: OutcomeKind, { cost }: OfferTerms): boolean {
  return outcome === "binary" && cost === 0;
}

/**
 * Standard errors of the arms' effects if all arms have the same variance, as they do if no offer has an
 * effect. With its own variance, an arm with few buyers by chance would look more certain than it is.
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
