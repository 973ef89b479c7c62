import type { Estimate } from "../../../statistics/index.ts";
import type { Heterogeneity } from "../types.ts";
import type { SingleOffer } from "./single.ts";

/** Offers that get a sentence each; more are listed. */
const MOST_SENTENCES = 5;
const LEVEL = 0.05;

/** The finding in words, the most important first. */
export function verdictOf(finding: Omit<Heterogeneity, "verdict">, single: SingleOffer): string {
  const { gain, single: incumbent, policy = "auto", qini } = finding;
  const sentences: string[] = [];
  if (gain !== null) sentences.push(gainSentence(gain, finding, single));
  sentences.push(...offerSentences(finding));
  if (policy !== "auto") sentences.push(overruled(finding));
  if (incumbent !== null) sentences.push(everyoneGets(incumbent, single, qini.length));
  return sentences.join(" ");
}

function gainSentence(
  gain: Estimate,
  { single: incumbent, bestSingle, qini }: Omit<Heterogeneity, "verdict">,
  single: SingleOffer,
): string {
  const rival = bestSingle === "none" ? "showing nothing" : `${bestSingle} for everyone`;
  const worth = perThousand(gain);
  if (gain.low === 0 && gain.high === 0)
    return "On held-out customers, choosing per customer gives everyone the same offer.";
  if (gain.low > 0) return `Choosing an offer per customer is worth ${worth} more than ${rival}.`;
  if (incumbent === null) {
    return `On held-out customers, choosing per customer is expected to be worth ${worth} more than ${rival}.`;
  }
  return qini.length > 1
    ? `Choosing an offer per customer is not significantly better than the best single offer, ${single.best} (difference ${worth}).`
    : `Choosing which customers to show it to is not significantly better than ${rival} (difference ${worth}).`;
}

function offerSentences({ tests = [], qini }: Omit<Heterogeneity, "verdict">): string[] {
  const p = (value: number) => (value < 0.0001 ? "p < 0.0001" : `p = ${Number(value.toPrecision(2))}`);
  const of = (isFound: boolean) => tests.filter(({ adjusted }) => adjusted <= LEVEL === isFound);
  if (tests.length > MOST_SENTENCES) {
    const names = (list: typeof tests) =>
      list.map(({ offerId, adjusted }) => `${offerId} (${p(adjusted)})`).join(", ");
    const [found, rest] = [of(true), of(false)];
    return [
      ...(found.length > 0 ? [`The effects of these offers differ between customers: ${names(found)}.`] : []),
      `No difference between customers could be shown for ${found.length > 0 ? `the ${rest.length} others` : `any of ${tests.length} offers`}.`,
    ];
  }
  return tests.map(({ offerId, adjusted }, i) => {
    const ranking = qini[i]?.perCustomer;
    const gains = ranking ? `: ranking them gains ${perThousand(ranking)} over a random order` : "";
    return adjusted <= LEVEL
      ? `The effect of ${offerId} differs between customers (${p(adjusted)})${gains}.`
      : `No difference between customers could be shown for ${offerId} (${p(adjusted)}).`;
  });
}

function overruled({ policy, gain, shown }: Omit<Heterogeneity, "verdict">): string {
  const price = gain === null ? "an unknown amount" : perThousand(gain);
  if (policy === "personal") {
    return `Chosen per customer because policy.offers is personal${shown ? "" : ", although no difference is significant"}: the expected gain over the best single offer is ${price}.`;
  }
  return `One offer for everyone because policy.offers is single: the expected gain of choosing per customer is ${price}.`;
}

function everyoneGets(incumbent: string, { best, worth, pValue }: SingleOffer, offers: number): string {
  const chance = pValue < 0.0001 ? "p < 0.0001" : `p = ${Number(pValue.toPrecision(2))}`;
  if (best === "none" || worth === null) {
    return "Every customer is scored with the average effects, by which no offer pays.";
  }
  const drawn = offers > 1 ? ", shrunk towards 0 because it is the best of several" : "";
  const expected = `${perThousand(worth)}${drawn}`;
  return incumbent === "none"
    ? `No offer is shown to earn its cost, so no customer gets one. The best, ${best}, is expected to bring ${expected}; ${chance} that none pays.`
    : `Every customer is scored with the average effects, by which ${best} is best for all: expected ${expected}.`;
}

export function perThousand({ value, low, high }: Estimate): string {
  const of1000 = (number: number) => Number((1000 * number).toPrecision(3));
  return `${of1000(value)} per 1,000 customers (95 %: ${of1000(low)} to ${of1000(high)})`;
}
