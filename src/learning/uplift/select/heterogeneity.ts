import type { Estimate } from "../../../statistics/index.ts";
import type { EncodedExperiment } from "../experiment.ts";
import { crossFit } from "../learners/cross-fit.ts";
import { doublyRobustScores } from "../learners/dr.ts";
import type { Heterogeneity, LearnerId } from "../types.ts";
import { chooseInside, deviation, type HeldOutEffects, type QiniTable, qiniOf } from "./compare.ts";
import { dealsOf, type Fold } from "./folds.ts";

/** What an arm earns per unit of effect, and what it costs to show. */
export interface ArmTerms {
  readonly offerId: string;
  /** 1 where the outcome is an amount. */
  readonly margin: number;
  readonly cost: number;
}

export interface HeterogeneityInput {
  readonly experiment: EncodedExperiment;
  readonly folds: readonly Fold[];
  readonly effects: ReadonlyMap<LearnerId, HeldOutEffects>;
  readonly table: QiniTable;
  readonly terms: readonly ArmTerms[];
  /** Average effect per arm. */
  readonly averages: readonly Estimate[];
  readonly seed: number;
}

const Z = 1.959963984540054;
/** Two-sided 95 % points of the standard normal where 1, 2, ... offers are each given a share of the 5 %. */
const Z_SHARED: readonly number[] = [Z, 2.2414, 2.394, 2.4977, 2.5758, 2.6383, 2.6901, 2.7344, 2.773, 2.807];

/**
 * Judges on held-out customers whether predictions may be personal, with the learner of each fold chosen by the other
 * folds, so that neither models nor choice had seen the customers that judge them. `averageOf` says how certain the
 * result is.
 *
 * - An offer's ranking of customers is personal where the bootstrap interval of its Qini lies above 0; the 5 % of
 *   error are shared by the offers (Bonferroni).
 * - The choice between offers is personal where choosing by the model is worth more than the best single offer, itself
 *   chosen on the other folds, by doubly robust scores. Then every offer's effects are.
 *
 * @returns the finding, and per arm whether its effects are personal
 */
export function judgeHeterogeneity(input: HeterogeneityInput): {
  readonly heterogeneity: Heterogeneity;
  readonly isPersonal: readonly boolean[];
} {
  const { table, terms, averages } = input;
  const inside = chooseInside(table);
  const z = Z_SHARED[Math.min(terms.length, Z_SHARED.length) - 1] as number;
  const qini = terms.map(({ offerId }, i) => {
    const deals = dealsOf(inside.length).map((folds) => {
      const { value, replicates } = qiniOf(table, inside, i, folds);
      return { value, error: deviation(replicates) };
    });
    return { offerId, perCustomer: averageOf(deals, z) };
  });
  const bestSingle = bestOfAverages(terms, averages);
  const gain = terms.length > 1 ? gainOverSingle(input, inside) : null;
  const isChoicePersonal = gain !== null && gain.low > 0;
  const isPersonal = qini.map(({ perCustomer }) => isChoicePersonal || perCustomer.low > 0);
  const single = terms.length > 1 && !isChoicePersonal ? bestSingle : null;
  const finding = { shown: isPersonal.includes(true), bestSingle, single, gain, qini };
  return { heterogeneity: { ...finding, verdict: verdictOf(finding, isPersonal) }, isPersonal };
}

/** What is said where there are too few rows to judge. */
export function unjudged(terms: readonly ArmTerms[], averages: readonly Estimate[]): Heterogeneity {
  const bestSingle = bestOfAverages(terms, averages);
  return {
    shown: false,
    verdict: `Too few customers to show whether they differ in what offers do to them. ${everyoneGets(bestSingle)}`,
    bestSingle,
    single: terms.length > 1 ? bestSingle : null,
    gain: null,
    qini: terms.map(({ offerId }) => ({ offerId, perCustomer: null })),
  };
}

function bestOfAverages(terms: readonly ArmTerms[], averages: readonly { readonly value: number }[]): string {
  let best = "none";
  let highest = 0;
  for (const [i, { offerId, margin, cost }] of terms.entries()) {
    const value = (averages[i]?.value ?? 0) * margin - cost;
    if (value <= highest) continue;
    best = offerId;
    highest = value;
  }
  return best;
}

interface Deal {
  readonly value: number;
  /** The standard error where folds and models are taken as given. */
  readonly error: number;
}

/**
 * What every deal of the customers into folds says, as one estimate whose error holds where there is nothing to find:
 *
 * - Twice the variance. What a fold says is then the product of its own noise and of the noise that its model learned
 *   from the other folds. Each pair of folds is in the sum twice, once in either role, and the sum varies twice as much
 *   as folds that knew nothing of each other would.
 * - What the deals differ by, added to it: the verdict must not hang on how the customers happened to be dealt.
 *
 * Source: Chernozhukov et al. 2018, "Double/debiased machine learning", section 3.4 (spread over deals); Wager 2024,
 * "Sequential validation of treatment heterogeneity" (why folds depend on each other).
 */
function averageOf(deals: readonly Deal[], z: number): Estimate {
  const mean = (of: (deal: Deal) => number) => deals.reduce((sum, deal) => sum + of(deal), 0) / deals.length;
  const value = mean((deal) => deal.value);
  const spread = mean((deal) => (deal.value - value) ** 2);
  const half = z * Math.sqrt(2 * mean((deal) => deal.error ** 2) + spread);
  return { value, low: value - half, high: value + half };
}

/** Value per customer of the choice by held-out effects minus that of the best single offer of the training rows. */
function gainOverSingle(input: HeterogeneityInput, inside: readonly number[]): Estimate {
  const scores = scoresOf(input.experiment, input.seed);
  const learners = [...input.effects.values()];
  const gains = input.folds.map((fold, at) =>
    gainsOfFold(input.terms, scores, fold, learners[inside[at] as number]?.[at] ?? []),
  );
  const deals = dealsOf(gains.length).map(([first, end]) => {
    const all = gains.slice(first, end).flat();
    const value = all.reduce((sum, gain) => sum + gain, 0) / all.length;
    return { value, error: deviation(all) / Math.sqrt(all.length) };
  });
  return averageOf(deals, Z);
}

/** Per test customer. */
function gainsOfFold(
  terms: readonly ArmTerms[],
  scores: readonly Float64Array[],
  { train, test }: Fold,
  effects: readonly Float64Array[],
): number[] {
  const worth = (arm: number, effect: number) =>
    effect * (terms[arm]?.margin as number) - (terms[arm]?.cost as number);
  const averages = scores.map((column) => ({
    value: train.reduce((sum, row) => sum + (column[row] as number), 0) / train.length,
  }));
  const single = terms.findIndex(({ offerId }) => offerId === bestOfAverages(terms, averages));
  return Array.from(test, (row, i) => {
    const values = terms.map((_, arm) => worth(arm, effects[arm]?.[i] as number));
    const chosen = values.reduce((best, value, arm) => (value > (values[best] ?? 0) ? arm : best), -1);
    const earned = (arm: number) => (arm < 0 ? 0 : worth(arm, scores[arm]?.[row] as number));
    return earned(chosen) - earned(single);
  });
}

/** Doubly robust scores per arm and row, by cross-fitted linear models. */
export function scoresOf(experiment: EncodedExperiment, seed: number): Float64Array[] {
  const rows = Uint32Array.from({ length: experiment.arms.length }, (_, row) => row);
  const fitted = crossFit(experiment.kind === "binary" ? "logistic" : "linear", { experiment, rows, seed });
  return experiment.labels.slice(1).map((_, i) => doublyRobustScores(experiment, fitted, rows, i + 1));
}

function verdictOf(
  { bestSingle, single, gain, qini }: Omit<Heterogeneity, "verdict">,
  isPersonal: readonly boolean[],
): string {
  const sentences: string[] = [];
  if (gain !== null) {
    sentences.push(
      single === null
        ? `Choosing an offer per customer is worth ${perThousand(gain)} more than ${bestSingle} for everyone.`
        : `Choosing an offer per customer could not be shown to beat the best single offer, ${bestSingle} (difference ${perThousand(gain)}).`,
    );
  }
  for (const [i, { offerId, perCustomer }] of qini.entries()) {
    if (perCustomer === null) continue;
    const found = perCustomer.low > 0;
    sentences.push(
      found
        ? `Customers differ in what ${offerId} does to them: ranking them gains ${perThousand(perCustomer)} over a random order.`
        : `No difference between customers could be shown for ${offerId}: its Qini, ${perThousand(perCustomer)}, may be 0.`,
    );
    if (!found && isPersonal[i]) sentences.push("Its effects are personal for the sake of the choice alone.");
  }
  if (!isPersonal.includes(true)) sentences.push(everyoneGets(bestSingle));
  else if (single !== null) sentences.push(`No other offer is put before ${single}.`);
  return sentences.join(" ");
}

function everyoneGets(bestSingle: string): string {
  return bestSingle === "none"
    ? "Every customer is scored with the average effects, by which no offer pays."
    : `Every customer is scored with the average effects, by which ${bestSingle} is best for all.`;
}

function perThousand({ value, low, high }: Estimate): string {
  const of1000 = (number: number) => Number((1000 * number).toPrecision(3));
  return `${of1000(value)} per 1,000 customers (95 %: ${of1000(low)} to ${of1000(high)})`;
}
