import type { Basis, CustomerScore } from "../types.ts";

/** Means "no offer" wherever an offer's id is expected. */
export const NO_OFFER = "none";

/** The customer data from which an offer is chosen. */
export type Weighed = Pick<CustomerScore, "scores" | "incumbent">;

/**
 * Values of offers ranked behind the incumbent are mapped into this share of the incumbent's value, in which
 * they keep their order among customers.
 */
const BEHIND = 1e-3;

/**
 * Visits the offers that may be chosen for a customer; offers with an expected loss are skipped. Allocates no
 * memory, because it runs for millions of customers.
 *
 * Offers with an uplift are never compared with offers that have only a lift: an uplift is what the offer
 * adds, a lift includes what would happen anyway and is therefore larger. If any offer has an uplift, only
 * offers with an uplift are visited.
 *
 * If the incumbent is `none`, no offer is visited. If the incumbent may be shown, no other offer gets a
 * higher value than it; if not, the value of the others is their expected value.
 *
 * @param eligible whether the customer may be shown an offer
 */
export function weighOffers(
  { scores, incumbent }: Weighed,
  eligible: (offerId: string) => boolean,
  visit: (offerId: string, worth: number) => void,
): void {
  if (incumbent === NO_OFFER) return;
  let basis: Basis = "lift";
  let most = Number.POSITIVE_INFINITY;
  for (const score of scores) if (score.basis === "uplift") basis = "uplift";
  for (const { offerId, basis: own, expectedValue } of scores) {
    if (offerId === incumbent && own === basis && eligible(offerId)) most = expectedValue ?? most;
  }
  for (const { offerId, basis: own, expectedValue } of scores) {
    if (expectedValue === null) continue;
    const worth = offerId === incumbent ? expectedValue : behind(expectedValue, most);
    if (worth > 0 && own === basis && eligible(offerId)) visit(offerId, worth);
  }
}

/** An increasing function of the value whose result stays below `most`. */
function behind(value: number, most: number): number {
  const limit = most * (1 - BEHIND);
  if (value <= limit || most <= 0) return Math.min(value, most);
  return most - (BEHIND * most) / (1 + (value - limit) / most);
}

/**
 * The offer with the highest value, else `none`; of ties the first.
 *
 * @param eligible default: all offers
 * @param prices by offer, subtracted from its value: `Allocation.prices`; default 0
 * @example const offer = chooseBest(score, (id) => id !== "apple-trade-in");
 */
export function chooseBest(
  score: Weighed,
  eligible: (offerId: string) => boolean = () => true,
  prices?: ReadonlyMap<string, number>,
): string {
  let best = NO_OFFER;
  let most = 0;
  weighOffers(score, eligible, (offerId, worth) => {
    const net = worth - (prices?.get(offerId) ?? 0);
    if (net > most) [best, most] = [offerId, net];
  });
  return best;
}
