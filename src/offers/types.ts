import type { LookalikeError } from "../core/index.ts";
import type { TrainingPlacebo, UpliftMetrics, UpliftModel } from "../learning/index.ts";
import type { Estimate, ExperimentChecks, ExperimentTable, FeatureReference } from "../statistics/index.ts";
import type { NextMetrics } from "./next/evaluate.ts";
import type { NextModel } from "./next/types.ts";

/** Data of an experiment for training. */
export type TrainingExperiment = Pick<ExperimentTable, "rows" | "arms" | "outcome" | "features"> & {
  /** Probability with which each row was given its arm; default: see `propensity` of the options. */
  readonly propensity?: ExperimentTable["propensity"] | undefined;
  /** Rows that depend on each other; default: none do. */
  readonly clusters?: ExperimentTable["clusters"];
};

/** An offer for the model: arm name, product and earnings. Its copy belongs to `ads`. */
export interface OfferTerms {
  /** Also the arm's name in the experiment log; never `none`. */
  readonly id: string;
  /** The handset manufacturer that the offer sells; joins it to the next-purchase probabilities. */
  readonly product: string;
  /** Earned per sale, in the campaign's currency. */
  readonly margin: number;
  /** Spent per customer who is shown the offer. */
  readonly cost: number;
  /** What the customer pays; offers of one product at several prices are arms with an order. Null or absent: not given. */
  readonly price?: number | null | undefined;
}

/** Causal (from a randomised experiment) or an association (from call logs alone). */
export type Basis = "uplift" | "lift";

/** A difference of probabilities, or money in the campaign's currency. */
export type UpliftUnit = "probability" | "amount";

export interface OfferScore {
  readonly offerId: string;
  readonly basis: Basis;
  /** P(buy | no offer); null where no experiment was given, or where its outcome is an amount. */
  readonly probabilityNone: number | null;
  /** P(buy | offer); null likewise. */
  readonly probabilityOffer: number | null;
  /**
   * probabilityOffer - probabilityNone, in [-1, 1]; where the outcome is an amount, the expected extra amount. Null
   * where no experiment was given.
   */
  readonly uplift: number | null;
  /** What `uplift` is: a difference of probabilities, or an amount of money. */
  readonly unit: UpliftUnit;
  /** Whether `uplift` was predicted for this customer; else it is the average over all customers. */
  readonly isPersonal: boolean;
  /** P(next = product | segment) / P(next = product); null where no call log was given. */
  readonly lift: number | null;
  /**
   * uplift x margin - cost (basis uplift), or P(next = product) x margin - cost (basis lift). An extra amount is money
   * already: uplift - cost.
   */
  readonly expectedValue: number;
}

export interface CustomerScore {
  readonly customerId: string;
  /** Next-manufacturer probabilities, summing to 1; null where no call log was given. */
  readonly next: Readonly<Record<string, number>> | null;
  readonly scores: readonly OfferScore[];
  /**
   * The best single offer, where choosing between offers could not be shown to pay: every customer eligible for it gets
   * this one. Null where the choice was shown to pay, or nothing is known of it.
   */
  readonly incumbent: string | null;
  /** The offer of the highest expected value above 0, the incumbent before all others, else `none`. */
  readonly best: string;
}

/** How many customers buy a product at each of its prices: offers of one product are arms with an order. */
export interface PriceResponse {
  readonly product: string;
  /** From the lowest price on. */
  readonly points: readonly PricePoint[];
  /** Purchases rise with the price by more than noise: no price made them, so the offers differ in something else. */
  readonly rises: boolean;
}

export interface PricePoint {
  readonly offerId: string;
  readonly price: number;
  readonly rows: number;
  /** Share of customers who bought, with its interval. */
  readonly bought: Estimate;
  /** The share that fits all points best and never rises with the price. */
  readonly fitted: number;
}

/** What training found out about the data and the models. */
export interface OfferMetrics {
  /** Null where no experiment was given. */
  readonly uplift: UpliftMetrics | null;
  /** Null where no transitions were given. */
  readonly next: NextMetrics | null;
  /** What was found in the experiment before training; null or absent where none was given. */
  readonly checks?: ExperimentChecks | null | undefined;
  /** How many buy at each price; absent or empty where no product has several. */
  readonly prices?: readonly PriceResponse[] | undefined;
  /** What was found with the arms dealt anew; null or absent without an experiment, or with too small an arm. */
  readonly placebo?: TrainingPlacebo | null | undefined;
}

/** A trained selector of offers: all that scoring needs, and where it came from. */
export interface OfferModel {
  /** ISO 8601 UTC; passed in. */
  readonly createdAt: string;
  readonly seed: number;
  /** Code of the units of margins and costs, for people; absent or null: not given. */
  readonly currency?: string | null | undefined;
  /** What each offer sells, earns and costs. */
  readonly offers: readonly OfferTerms[];
  /** SHA-256 of the training data's contents; null where none was given. */
  readonly data: { readonly experiment: string | null; readonly transitions: string | null };
  readonly uplift: UpliftModel | null;
  readonly next: NextModel | null;
  readonly metrics: OfferMetrics;
  /** How the model's columns were distributed in training, for `createDriftMeter`; models of old have none. */
  readonly reference?: readonly FeatureReference[] | undefined;
}

export interface TrainedOffers {
  readonly model: OfferModel;
  /** Parts of the data that were left out, each with its reason: arms of offers that the campaign does not have. */
  readonly refusals: readonly {
    readonly offerId: string;
    readonly rows: number;
    readonly error: LookalikeError;
  }[];
}
