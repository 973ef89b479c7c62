/** What an arm earns per unit of effect, and what it costs to show. */
export interface OfferTerms {
  readonly offerId: string;
  /** Earned per unit of effect; 1 if the outcome is an amount. */
  readonly margin: number;
  readonly cost: number;
}

/** How offers are chosen: by the evidence ("auto"), or as the analyst decides. */
export const OFFER_POLICIES = ["auto", "personal", "single"] as const;
export type OfferPolicy = (typeof OFFER_POLICIES)[number];

export function worthOf({ margin, cost }: OfferTerms, effect: number): number {
  return effect * margin - cost;
}

/** The arm with the highest value above 0; -1: none. */
export function bestArm(terms: readonly OfferTerms[], effectOf: (arm: number) => number): number {
  let best = -1;
  let most = 0;
  for (const [arm, own] of terms.entries()) {
    const worth = worthOf(own, effectOf(arm));
    if (worth > most) [best, most] = [arm, worth];
  }
  return best;
}
