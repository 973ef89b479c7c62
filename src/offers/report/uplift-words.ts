import type { Doubt, Heterogeneity, LearnerChoice } from "../../learning/index.ts";
import { count } from "../../reports/index.ts";
import type { Estimate } from "../../statistics/index.ts";
import type { OfferModel } from "../types.ts";

/** The findings of training about the offers, in words: the model stores only the findings. */

/** Maximum number of offers with a sentence each; others are only listed. */
const MOST_SENTENCES = 5;
const LEVEL = 0.05;

/** On a model that was trained on no data (`isUntrained`). */
export const UNTRAINED_WORDS =
  "There is no data to train on: every customer's offer is drawn at random, and the outcomes train the next model";

/** Writes an expected gain as text. */
type Amount = (estimate: Estimate) => string;

/**
 * Whether customers differ in the effects of offers, and which offer all customers get; the most important
 * finding first.
 */
export function upliftWords({ metrics, offers, uplift, currency }: OfferModel): string {
  if (metrics.uplift === null || uplift === null) return "";
  const { heterogeneity, doubts = [] } = metrics.uplift;
  const isMoney = uplift.outcome === "value" || offers.some(({ margin, cost }) => margin !== 1 || cost !== 0);
  const unit = isMoney ? (currency ?? "") : "outcomes";
  const amount: Amount = (estimate) => perThousand(estimate, unit);
  const { gain, single, policy = "auto", qini } = heterogeneity;
  const sentences: string[] = [];
  if (doubts.length > 0) sentences.push(cannotTell(doubts));
  else if (gain === null) {
    sentences.push("Too few customers to test whether effects differ between them.");
  } else sentences.push(gainSentence(gain, heterogeneity, amount));
  sentences.push(...offerSentences(heterogeneity));
  if (policy !== "auto") sentences.push(overruled(heterogeneity, amount));
  if (heterogeneity.likely) sentences.push(likelyWords(heterogeneity.likely, amount));
  if (doubts.length > 0) sentences.push("Until then no customer gets an offer.");
  else if (single !== null) sentences.push(everyoneGets(heterogeneity, amount, qini.length));
  return sentences.join(" ");
}

/** The reason why the learner was chosen. */
export function learnerWords({ ground, isSample }: LearnerChoice): string {
  const where = isSample ? ", compared on a random part of the customers" : "";
  switch (ground.kind) {
    case "asked":
      return "selected by name";
    case "too few":
      return `nothing was compared (${ground.needed} customers of every arm are needed)`;
    case "untold":
      return "nothing was compared (the log cannot show what the offers do)";
    case "best":
      return `the highest cross-validated Qini${where}`;
    case "near best":
      return `the first within one standard error of the best, ${ground.best} (Qini-count ${ground.behind.toFixed(2)} behind, standard error ${ground.standardError.toFixed(2)})${where}`;
  }
}

/** The reason why effects cannot be determined from a log, and what helps. */
export function cannotTell(doubts: readonly Doubt[]): string {
  const help = [...new Set(doubts.map(helpOf))].join(" ");
  return `Cannot tell the effect of the offers: ${doubts.map(reasonOf).join("; ")}. ${help}`;
}

function helpOf({ kind }: Doubt): string {
  switch (kind) {
    case "incomplete":
      return "Complete the log; if an empty outcome means that nothing happened, write 0.";
    case "repeated":
      return "Write one row for each customer who was assigned to an arm, with what all purchases amount to.";
    case "units":
      return "Write all amounts in one unit.";
    case "drifting":
      return "Add the time of the treatment as a column, or log its probability; if the rows are sorted by something that happened after the treatment, sort them by the customer's id.";
    default:
      return "Show offers at random to some customers, or log the probability of the treatment.";
  }
}

function reasonOf({ kind, arms, columns = [], received = [] }: Doubt): string {
  switch (kind) {
    case "incomplete":
      return `the outcome could not be read in a different share of the rows by arm (${names(received.map(({ arm, rows, rejected }) => `${arm} ${((100 * rejected) / rows).toFixed(1)} %`))}), and the rejected customers may differ from the others`;
    case "repeated":
      return "nearly all customers with several rows have an outcome in each, and most others have none: the log was joined to purchases, so that buyers count several times";
    case "units":
      return `the median amount of ${arms.join(", ")} is more than 20 times the control's or less than a twentieth: the amounts are probably in another unit`;
    case "drifting":
      return `the shares of the arms change in the course of the log, and comparing neighbouring rows changes the effect of ${arms.join(", ")} beyond error: the offer was shown at other times than the control`;
    case "no overlap":
      return `nearly all customers of some kinds were given the same arm, so that ${names(arms)} cannot be compared with the others`;
    case "moved":
      return `the assignment depended on the customers, and adjusting for the columns changes the effect of ${arms.join(", ")} beyond error; differences that the columns do not contain may change it as much, and a column recorded after the treatment hides a part of the effect (leave it out with --features)`;
    case "unbalanced":
      return `${names(columns)} differ${columns.length === 1 ? "s" : ""} between the arms more than the probabilities of the arms explain: these are not the probabilities of the arms shown, or ${columns.length === 1 ? "the column was" : "the columns were"} recorded after the treatment (leave ${columns.length === 1 ? "it" : "them"} out with --features)`;
  }
}

/** At most four of the names, and the number of the others. */
export function names(list: readonly string[]): string {
  const shown = [...new Set(list)];
  return shown.length > 4 ? `${shown.slice(0, 4).join(", ")} and ${shown.length - 4} more` : shown.join(", ");
}

function gainSentence(gain: Estimate, { single, bestSingle, qini }: Heterogeneity, amount: Amount): string {
  const rival = bestSingle === "none" ? "showing nothing" : `${bestSingle} for everyone`;
  const worth = amount(gain);
  if (gain.low === 0 && gain.high === 0)
    return "On held-out customers, choosing per customer gives everyone the same offer.";
  if (gain.low > 0) return `Choosing an offer per customer is worth ${worth} more than ${rival}.`;
  if (single === null) {
    return `On held-out customers, choosing per customer is not shown to be worth more than ${rival} (difference ${worth}).`;
  }
  return qini.length > 1
    ? `Choosing an offer per customer is not significantly better than the best single offer, ${bestSingle} (difference ${worth}).`
    : `Choosing which customers to show it to is not significantly better than ${rival} (difference ${worth}).`;
}

function offerSentences({ tests = [], qini }: Heterogeneity): string[] {
  const of = (isFound: boolean) => tests.filter(({ adjusted }) => adjusted <= LEVEL === isFound);
  if (tests.length > MOST_SENTENCES) {
    const withChance = (list: typeof tests) =>
      list.map(({ offerId, adjusted }) => `${offerId} (${chance(adjusted)})`).join(", ");
    const [found, rest] = [of(true), of(false)];
    return [
      ...(found.length > 0
        ? [`The effects of these offers differ between customers: ${withChance(found)}.`]
        : []),
      `No difference between customers could be shown for ${found.length > 0 ? `the ${rest.length} others` : `any of ${tests.length} offers`}.`,
    ];
  }
  return tests.map(({ offerId, adjusted }, i) => {
    const ranking = qini[i]?.perCustomer;
    const gains = ranking
      ? `: ranking them gains ${perThousand(ranking, "outcomes")} over a random order`
      : "";
    return adjusted <= LEVEL
      ? `The effect of ${offerId} differs between customers (${chance(adjusted)})${gains}.`
      : `No difference between customers could be shown for ${offerId} (${chance(adjusted)}).`;
  });
}

function likelyWords({ pValue, earned }: NonNullable<Heterogeneity["likely"]>, amount: Amount): string {
  return `Offers are chosen per customer all the same, by weaker evidence (${chance(pValue)} for all offers together): on held-out customers, that earned ${amount(earned)} over showing nothing. policy.offers: single gives everyone the same.`;
}

function overruled({ policy, gain, shown }: Heterogeneity, amount: Amount): string {
  const price = gain === null ? "an unknown amount" : amount(gain);
  if (policy === "personal") {
    return `Chosen per customer because policy.offers is personal${shown ? "" : ", although no difference is significant"}: the expected gain over the best single offer is ${price}.`;
  }
  return `One offer for everyone because policy.offers is single: the expected gain of choosing per customer is ${price}.`;
}

function everyoneGets(
  { single, bestSingle, everyone }: Heterogeneity,
  amount: Amount,
  offers: number,
): string {
  if (bestSingle === "none" || everyone?.worth == null) {
    return "By the average effects, no offer pays, so no customer gets one.";
  }
  const drawn = offers > 1 ? ", shrunk towards 0 because it is the best of several" : "";
  const expected = `${amount(everyone.worth)}${drawn}`;
  return single === "none"
    ? `No offer is shown to earn its cost, so no customer gets one. The best, ${bestSingle}, is expected to bring ${expected}; ${chance(everyone.pValue)} that none pays.`
    : `By the average effects, ${bestSingle} is best for all: expected ${expected}.`;
}

function chance(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p = ${Number(p.toPrecision(2))}`;
}

function perThousand({ value, low, high }: Estimate, unit: string): string {
  const of1000 = (number: number) => Number((1000 * number).toPrecision(3));
  return `${of1000(value)}${unit === "" ? "" : ` ${unit}`} per ${count(1000)} customers (95 %: ${of1000(low)} to ${of1000(high)})`;
}
