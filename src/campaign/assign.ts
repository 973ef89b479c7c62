import { type Allocation, type CustomerScore, chooseBest, type OfferScore } from "../offers/index.ts";
import { isHeldOut } from "./holdout.ts";
import type { Campaign, CampaignOffer } from "./types.ts";

/** Which offer a customer gets once all budgets are shared out, by the number of the customer's turn. */
export type BudgetShares = Pick<Allocation, "offerOf">;

/** What a customer gets, and on what ground. */
export type Assignment =
  | { readonly status: "offer"; readonly offer: CampaignOffer; readonly score: OfferScore }
  | { readonly status: "none"; readonly because: "holdout" | "no_offer" };

export interface Assignee {
  readonly score: CustomerScore;
  /** Ids of the offers that the customer may not be shown. */
  readonly excluded: ReadonlySet<string>;
  /** The number of the customer's turn. */
  readonly turn: number;
}

/** Chooses a customer's offer; the same customer gets the same, whoever was asked about before. */
export type Assign = (assignee: Assignee) => Assignment;

/**
 * The offer of the highest expected value that the campaign has and the customer may be shown; none where all of these
 * would lose money. Where offers have budgets, what the customer's share of them is.
 */
export function createAssigner({ offers, policy }: Campaign, shares: BudgetShares | null): Assign {
  const offerById = new Map(offers.map((offer) => [offer.id, offer]));
  return ({ score, excluded, turn }) => {
    if (isHeldOut(score.customerId, policy.holdout, policy.seed)) {
      return { status: "none", because: "holdout" };
    }
    const id = shares?.offerOf(turn) ?? chooseBest(score, (own) => offerById.has(own) && !excluded.has(own));
    const offer = offerById.get(id);
    const own = score.scores.find(({ offerId }) => offerId === id);
    if (offer === undefined || own === undefined) return { status: "none", because: "no_offer" };
    return { status: "offer", offer, score: own };
  };
}
