import {
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
  /** Per arm, of every customer: that the effect depends on no column. */
  readonly projections: readonly number[];
  /** Per arm, on unused customers: p-value that predicted effects are not informative. Null: none. */
  readonly unseen: readonly number[] | null;
  readonly single: SingleOffer;
  readonly policy: OfferPolicy;
}

const Z = 1.959963984540054;
const LEVEL = 0.05;
/**
 * Evidence that customers differ by which offers that cost something are chosen, if the choice also earned something on
 * held-out customers. A claim needs `LEVEL`; a decision is taken either way, and to show nothing is one that may cost as much.
 */
const ENOUGH = 0.2;
/** The projection sees every customer, the ranking is judged by an error that is doubled for safety. */
const WEIGHTS = { projection: 4, ranking: 1, unseen: 2 };

/**
 * Judges whether predictions may be personal, on customers that had no part in what is judged.
 *
 * Per offer, three tests that customers do not differ are put into one p-value (`combinePValues`), and those of all
 * offers are adjusted by Holm's method:
 *
 * - the best linear projection of doubly robust scores on the columns, over all customers;
 * - the Qini of held-out customers, with the learner of each fold chosen by the other folds (`agreedBy`);
 * - where there are too many customers to compare learners on all of them, the slope of effects against predictions on
 * those left.
 *
 * An offer's effects are personal where its adjusted p-value is at most 5 %, unless its held-out ranking is worse than a
 * random order beyond noise. The choice between offers is personal
 * where an offer's effects are and choosing earned more than the best single offer on held-out customers, or where it
 * earned more beyond noise; then every offer's effects are personal.
 *
 * Where offers cost something, or outcomes are amounts, the choice and every offer's effects are personal by less: see
 * `likelyChoice`. Nothing is claimed of customers then.
 *
 * @returns the finding, and per arm whether its effects are personal
 */
export function judgeHeterogeneity(input: HeterogeneityInput): {
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
 * Offers that cost something are chosen per customer, although it is not shown to pay, where customers differ with some
 * evidence (one p-value of all offers), choosing by held-out effects earned more than showing nothing, and not clearly less
 * than the best single offer. Null: they are not.
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

/** What is found where there are too few rows to judge, or where effects cannot be told at all. */
export function unjudged(terms: readonly OfferTerms[], single: SingleOffer): Heterogeneity {
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
 * What all repeats of the split into folds say, as one estimate whose error holds where there is nothing to find:
 *
 * - Twice the variance. What a fold says is then the product of its own noise and of the noise that its model learned
 *   from the other folds. Each pair of folds is in the sum twice, once in either role, and the sum varies twice as much
 *   as folds that knew nothing of each other would.
 * - What the repeats differ by, added to it: the verdict must not depend on a single split.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning", section 3.4 (spread over repeats); Wager 2024,
 * "Sequential validation of treatment heterogeneity" (why folds depend on each other).
 */
function agreedBy(repeats: readonly Agreed[]): Agreed {
  const value = averageOf(repeats.map((repeat) => repeat.value));
  const spread = averageOf(repeats.map((repeat) => (repeat.value - value) ** 2));
  return { value, error: Math.sqrt(2 * averageOf(repeats.map((repeat) => repeat.error ** 2)) + spread) };
}

/** Whether customers ranked by predicted effect gain less than in a random order: differences were found, not learned. */
function isReversed(ranking: Agreed): boolean {
  return intervalOf(ranking).high < 0;
}

function intervalOf({ value, error }: Agreed): Estimate {
  return { value, low: value - Z * error, high: value + Z * error };
}

/** Value per customer of the choice by held-out effects minus that of another, per fold and test row; undefined: of nothing. */
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
