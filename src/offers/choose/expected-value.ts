import type { Basis, OfferScore, OfferTerms } from "../types.ts";

/** Stands for 'no offer' wherever an offer's id is expected. */
export const NO_OFFER = "none";

/**
 * What showing an offer is expected to earn, in the campaign's currency.
 *
 * @param probability the uplift (basis uplift), or P(next = product) (basis lift)
 */
export function expectedValue(probability: number, { margin, cost }: OfferTerms): number {
  return probability * margin - cost;
}

/**
 * The offer of the highest expected value above 0, else `none`; of equals the first. Offers with an uplift are never
 * compared with offers that have only a lift: the one is what the offer adds, the other what would happen anyway,
 * and is larger by nature. Where any offer has an uplift, only those are chosen from.
 *
 * @param eligible whether the customer may be shown an offer; default: all
 */
export function chooseBest(
  scores: readonly OfferScore[],
  eligible: (offerId: string) => boolean = () => true,
): string {
  const basis: Basis = scores.some((score) => score.basis === "uplift") ? "uplift" : "lift";
  let best = NO_OFFER;
  let bestValue = 0;
  for (const score of scores) {
    if (score.basis !== basis || !(score.expectedValue > bestValue) || !eligible(score.offerId)) continue;
    best = score.offerId;
    bestValue = score.expectedValue;
  }
  return best;
}
