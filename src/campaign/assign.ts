import { type CustomerScore, chooseBest, type OfferScore } from "../offers/index.ts";
import { isHeldOut } from "./holdout.ts";
import type { Campaign, CampaignOffer } from "./types.ts";

/** What a customer gets, and on what ground. */
export type Assignment =
  | { readonly status: "offer"; readonly offer: CampaignOffer; readonly score: OfferScore }
  | { readonly status: "none"; readonly because: "holdout" | "no_offer" };

/** Chooses offers one customer after the other, and keeps count of the budgets that they share. */
export interface Assigner {
  assign(score: CustomerScore, excluded: ReadonlySet<string>): Assignment;
  /** Counts an offer that an earlier, interrupted run gave away. */
  recount(offerId: string): void;
}

/**
 * The offer of the highest expected value that the campaign has, the customer may be shown and whose budget lasts;
 * none where all of these would lose money. Budgets are spent in the order of the customers.
 */
export function createAssigner(campaign: Campaign): Assigner {
  const { offers, policy } = campaign;
  const offerById = new Map(offers.map((offer) => [offer.id, offer]));
  const shown = new Map<string, number>();
  const recount = (id: string) => void shown.set(id, (shown.get(id) ?? 0) + 1);
  const available = (id: string): boolean => {
    const offer = offerById.get(id);
    return offer !== undefined && (offer.budget === null || (shown.get(id) ?? 0) < offer.budget);
  };
  return {
    recount,
    assign({ customerId, scores }, excluded) {
      if (isHeldOut(customerId, policy.holdout, policy.seed)) return { status: "none", because: "holdout" };
      const id = chooseBest(scores, (offerId) => available(offerId) && !excluded.has(offerId));
      const offer = offerById.get(id);
      const score = scores.find(({ offerId }) => offerId === id);
      if (offer === undefined || score === undefined) return { status: "none", because: "no_offer" };
      recount(id);
      return { status: "offer", offer, score };
    },
  };
}
