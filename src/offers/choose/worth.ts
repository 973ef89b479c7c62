import type { Basis, CustomerScore } from "../types.ts";

/** Stands for 'no offer' wherever an offer's id is expected. */
export const NO_OFFER = "none";

/** What an offer counts for when one is chosen for a customer; above 0. */
export interface Worth {
  readonly offerId: string;
  readonly worth: number;
}

export type Weighed = Pick<CustomerScore, "scores" | "incumbent">;

/** An offer that stands behind the incumbent keeps its order among customers within this share of the incumbent's worth. */
const BEHIND = 1e-3;

/**
 * The offers that may be chosen for a customer, those of expected loss left out.
 *
 * Offers with an uplift are never compared with offers that have only a lift: the one is what the offer adds, the other
 * what would happen anyway, and is larger by nature. Where any offer has an uplift, only those are chosen from.
 *
 * Where the incumbent may be shown, no other offer counts for more than it; where it may not, the others count for what
 * they are expected to earn.
 *
 * @param eligible whether the customer may be shown an offer; default: all
 */
export function weighOffers(
  { scores, incumbent }: Weighed,
  eligible: (offerId: string) => boolean = () => true,
): Worth[] {
  const basis: Basis = scores.some((score) => score.basis === "uplift") ? "uplift" : "lift";
  const open = scores.filter((score) => score.basis === basis && eligible(score.offerId));
  const most = open.find(({ offerId }) => offerId === incumbent)?.expectedValue ?? Number.POSITIVE_INFINITY;
  return open.flatMap(({ offerId, expectedValue }) => {
    const worth = offerId === incumbent ? expectedValue : behind(expectedValue, most);
    return worth > 0 ? [{ offerId, worth }] : [];
  });
}

/** Less than `most`, and the more the larger the value. */
function behind(value: number, most: number): number {
  const limit = most * (1 - BEHIND);
  if (value <= limit || most <= 0) return Math.min(value, most);
  return most - (BEHIND * most) / (1 + (value - limit) / most);
}

/** The offer that counts for most, else `none`; of equals the first. */
export function chooseBest(score: Weighed, eligible?: (offerId: string) => boolean): string {
  let best: Worth = { offerId: NO_OFFER, worth: 0 };
  for (const offer of weighOffers(score, eligible)) if (offer.worth > best.worth) best = offer;
  return best.offerId;
}
