import {
  around,
  averageOf,
  combinePValues,
  type Estimate,
  holm,
  meanError,
  normalTail,
} from "../../../statistics/index.ts";
import type { Heterogeneity, OfferTest } from "../types.ts";
import { chooseInside, deviation, type QiniTable, qiniOf } from "./compare.ts";
import { repeatsOf } from "./folds.ts";
import { isFree, type SingleOffer } from "./single.ts";
import type { OfferPolicy, OfferTerms } from "./terms.ts";
import { type ValueInput, type ValueTable, valuePerRow } from "./value.ts";

export interface HeterogeneityInput extends ValueInput {
  readonly table: QiniTable;
  readonly values: ValueTable;
  /** For each arm, over all customers: p-value of the hypothesis that the effect depends on no column. */
  readonly projections: readonly number[];
  /**
   * For each arm, on unused customers: p-value of the hypothesis that predicted effects are not informative.
   * Null: there are no unused customers.
   */
  readonly unseen: readonly number[] | null;
  readonly single: SingleOffer;
  readonly policy: OfferPolicy;
}

const LEVEL = 0.05;
/**
 * Largest p-value with which offers that cost something are chosen per customer, if the choice also earned
 * something on held-out customers. A claim needs `LEVEL`. A decision has to be taken in any case, and showing
 * no offer may cost as much.
 */
const ENOUGH = 0.2;
/** The projection uses every customer; the error of the ranking is doubled for safety. */
const WEIGHTS = { projection: 4, ranking: 1, unseen: 2 };

/**
 * Decides whether predictions may be personal, on customers that were not used for the predictions.
 *
 * For each offer, three tests of the hypothesis that customers do not differ are combined into one p-value
 * (`combinePValues`), and the p-values of all offers are adjusted by Holm's method:
 *
 * - the best linear projection of doubly robust scores on the columns, over all customers;
 * - the Qini of held-out customers, with the learner of each fold chosen by the other folds (`agreedBy`);
 * - if there are too many customers to compare learners on all of them, the slope of effects against
 *   predictions on the remaining ones.
 *
 * An offer's effects are personal if its adjusted p-value is at most 5 %, unless its held-out ranking is
 * worse than a random order beyond noise. The choice between offers is personal in two cases: an offer's
 * effects are personal and choosing earned more than the best single offer on held-out customers, or choosing
 * earned more beyond noise. Then every offer's effects are personal.
 *
 * If offers cost something, or outcomes are amounts, less evidence is enough: see `likelyChoice`. In that
 * case no claim about customers is made.
 *
 * @returns the finding, and for each arm whether its effects are personal
 */
export function testHeterogeneity(input: HeterogeneityInput): {
  readonly heterogeneity: Heterogeneity;
  readonly isPersonal: readonly boolean[];
} {
  const { table, terms, policy, single } = input;
  const inside = chooseInside(table);
  const rankings = terms.map((_, i) =>
    agreedBy(
      repeatsOf(inside.length).map((folds) => {
        const { value, replicates } = qiniOf(table, inside, i, folds);
        return { value, error: deviation(replicates) };
      }),
    ),
  );
  const tests = testOffers(input, rankings);
  const gained = heldOutGain(input, inside, (fold) => input.values.single[fold]);
  const gain = intervalOf(gained);
  const found = tests.map(({ adjusted }, i) => adjusted <= LEVEL && !isReversed(rankings[i] as Agreed));
  const pays = terms.length > 1 && gain.low > 0;
  const isFound = pays || found.includes(true);
  const isWorthIt = terms.length === 1 || gained.value > 0;
  const isShown = isFound && isWorthIt;
  const likely = policy === "auto" ? likelyChoice(input, inside, { tests, rankings, gained }) : null;
  const isPersonal = found.map(
    (isOwn) => policy === "personal" || (policy === "auto" && (pays || isOwn || likely !== null)),
  );
  const isChoicePersonal = policy === "personal" || (policy === "auto" && (isShown || likely !== null));
  const heterogeneity: Heterogeneity = {
    shown: isFound,
    bestSingle: single.best,
    everyone: { worth: single.worth, pValue: single.pValue },
    single: isChoicePersonal ? null : single.default,
    gain,
    qini: terms.map(({ offerId }, i) => ({ offerId, perCustomer: intervalOf(rankings[i] as Agreed) })),
    tests,
    policy,
    ...(likely === null || isShown ? {} : { likely }),
  };
  return { heterogeneity, isPersonal };
}

/**
 * Decides whether offers that cost something are chosen per customer although this is not shown to pay. Three
 * conditions: there is some evidence that customers differ (one p-value for all offers), choosing by held-out
 * effects earned more than showing nothing, and it did not earn clearly less than the best single offer.
 * Null: they are not chosen per customer.
 */
function likelyChoice(
  input: HeterogeneityInput,
  inside: readonly number[],
  { tests, rankings, gained }: Tested,
): Heterogeneity["likely"] | null {
  const { experiment, terms } = input;
  if (terms.every((own) => isFree(experiment.kind, own))) return null;
  const pValue = combinePValues(tests.map((test) => test.pValue));
  if (pValue > ENOUGH || rankings.every(isReversed) || gained.value < -gained.error) return null;
  const earned = heldOutGain(input, inside, () => undefined);
  return earned.value > 0 ? { pValue, earned: intervalOf(earned) } : null;
}

interface Tested {
  readonly tests: readonly OfferTest[];
  readonly rankings: readonly Agreed[];
  readonly gained: Agreed;
}

function testOffers(
  { terms, projections, unseen }: HeterogeneityInput,
  rankings: readonly Agreed[],
): OfferTest[] {
  const combined = terms.map((_, i) => {
    const { value, error } = rankings[i] as Agreed;
    const ranking = error > 0 ? normalTail(value / error) : 1;
    return unseen === null
      ? combinePValues([projections[i] as number, ranking], [WEIGHTS.projection, WEIGHTS.ranking])
      : combinePValues(
          [projections[i] as number, ranking, unseen[i] as number],
          [WEIGHTS.projection, WEIGHTS.ranking, WEIGHTS.unseen],
        );
  });
  const adjusted = holm(combined);
  return terms.map(({ offerId }, i) => ({
    offerId,
    pValue: combined[i] as number,
    adjusted: adjusted[i] as number,
  }));
}

/** The finding if there are too few rows to judge, or if effects cannot be determined at all. */
export function untested(terms: readonly OfferTerms[], single: SingleOffer): Heterogeneity {
  return {
    shown: false,
    bestSingle: single.best,
    everyone: { worth: single.worth, pValue: single.pValue },
    single: single.default,
    gain: null,
    qini: terms.map(({ offerId }) => ({ offerId, perCustomer: null })),
  };
}

interface Agreed {
  readonly value: number;
  readonly error: number;
}

/**
 * Combines all repeats of the split into folds to one estimate. Its error is valid if there is no effect:
 *
 * - The variance is doubled. Without an effect, a fold's result is the product of its own noise and the noise
 *   that its model learned from the other folds. Each pair of folds is in the sum twice, once in either role,
 *   so the sum varies twice as much as with independent folds.
 * - The variance between the repeats is added: the verdict must not depend on a single split.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning", section 3.4 (spread over repeats);
 * Wager 2024, "Sequential validation of treatment heterogeneity" (why folds depend on each other).
 */
function agreedBy(repeats: readonly Agreed[]): Agreed {
  const value = averageOf(repeats.map((repeat) => repeat.value));
  const spread = averageOf(repeats.map((repeat) => (repeat.value - value) ** 2));
  return { value, error: Math.sqrt(2 * averageOf(repeats.map((repeat) => repeat.error ** 2)) + spread) };
}

/**
 * Whether customers ranked by predicted effect gain less than in a random order: the differences were noise.
 */
function isReversed(ranking: Agreed): boolean {
  return intervalOf(ranking).high < 0;
}

function intervalOf({ value, error }: Agreed): Estimate {
  return around(value, error);
}

/**
 * Value per customer of the choice by held-out effects minus that of another choice, for each fold and test
 * row; an undefined rival counts as 0 (no offer).
 */
function heldOutGain(
  { experiment, folds, values }: HeterogeneityInput,
  inside: readonly number[],
  rivalOf: (fold: number) => Float64Array | undefined,
): Agreed {
  const rows = experiment.arms.length;
  const repeats = repeatsOf(folds.length).map(([first, end]) => {
    const own = folds.slice(first, end);
    const gains = valuePerRow(rows, own, (fold) => {
      const at = first + fold;
      const rival = rivalOf(at);
      return values.personal[inside[at] as number]?.[at]?.map((value, i) => value - (rival?.[i] ?? 0));
    });
    return { value: averageOf(gains), error: meanError(gains, experiment.clusters) };
  });
  return agreedBy(repeats);
}
