/** What an offer is to the model: the arm's name, what it sells and what it earns. Its copy belongs to `ads`. */
export interface OfferTerms {
  /** Also the arm's name in the experiment log; never `none`. */
  readonly id: string;
  /** The handset manufacturer that the offer sells; joins it to the next-purchase probabilities. */
  readonly product: string;
  /** Earned per sale, in the campaign's currency. */
  readonly margin: number;
  /** Spent per customer who is shown the offer. */
  readonly cost: number;
}

/** Causal (from a randomised experiment) or an association (from call logs alone). */
export type Basis = "uplift" | "lift";

export interface OfferScore {
  readonly offerId: string;
  readonly basis: Basis;
  /** P(buy | no offer); null where no experiment was given. */
  readonly probabilityNone: number | null;
  /** P(buy | offer); null where no experiment was given. */
  readonly probabilityOffer: number | null;
  /** probabilityOffer - probabilityNone, in [-1, 1]; null where no experiment was given. */
  readonly uplift: number | null;
  /** P(next = product | segment) / P(next = product); null where no call log was given. */
  readonly lift: number | null;
  /** uplift x margin - cost (basis uplift), or P(next = product) x margin - cost (basis lift). */
  readonly expectedValue: number;
}

export interface CustomerScore {
  readonly customerId: string;
  /** Next-manufacturer probabilities, summing to 1; null where no call log was given. */
  readonly next: Readonly<Record<string, number>> | null;
  readonly scores: readonly OfferScore[];
  /** The offer of the highest expected value above 0, else `none`. */
  readonly best: string;
}
