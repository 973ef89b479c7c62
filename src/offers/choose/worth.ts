import type { Basis, CustomerScore } from "../types.ts";

/** Stands for 'no offer' wherever an offer's id is expected. */
export const NO_OFFER = "none";

/** What is known of a customer when an offer is chosen. */
export type Weighed = Pick<CustomerScore, "scores" | "incumbent">;

/** An offer ranked behind the incumbent keeps its order among customers within this share of the incumbent's value. */
const BEHIND = 1e-3;

/**
 * Visits the offers that may be chosen for a customer, those of expected loss left out; nothing is allocated, for a
 * million customers.
 *
 * Offers with an uplift are never compared with offers that have only a lift: the one is what the offer adds, the other
 * what would happen anyway, and is larger by nature. Where any offer has an uplift, only those are chosen from.
 *
 * Where the incumbent is `none`, no offer is shown to anyone. Where the incumbent may be shown, no other offer counts
 * for more than it; where it may not, the others count for what they are expected to earn.
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
    if (offerId === incumbent && own === basis && eligible(offerId)) most = expectedValue;
  }
  for (const { offerId, basis: own, expectedValue } of scores) {
    const worth = offerId === incumbent ? expectedValue : behind(expectedValue, most);
    if (worth > 0 && own === basis && eligible(offerId)) visit(offerId, worth);
  }
}

/** Less than `most`, and the more the larger the value. */
function behind(value: number, most: number): number {
  const limit = most * (1 - BEHIND);
  if (value <= limit || most <= 0) return Math.min(value, most);
  return most - (BEHIND * most) / (1 + (value - limit) / most);
}

/**
 * The offer with the highest value, otherwise `none`; of equal offers the first.
 *
 * @param eligible default: all offers
 * @param prices by offer, subtracted from its value: `Allocation.prices`; default 0
 *
 * @example
 * const offer = chooseBest(score, (id) => id !== "apple-trade-in");
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
