import type { LookalikeError } from "../core/index.ts";
import type { TrainingPlacebo, UpliftMetrics, UpliftModel } from "../learning/index.ts";
import type { Estimate, ExperimentChecks, ExperimentTable, FeatureReference } from "../statistics/index.ts";
import type { NextMetrics } from "./next/evaluate.ts";
import type { NextModel } from "./next/types.ts";

/** Data of an experiment for training. */
export type TrainingExperiment = Pick<ExperimentTable, "rows" | "arms" | "outcome" | "features"> & {
  /** Probability with which each row was given its arm; default: see `propensity` of the options. */
  readonly propensity?: ExperimentTable["propensity"] | undefined;
  /** Rows that depend on each other; default: all rows are independent. */
  readonly clusters?: ExperimentTable["clusters"];
  /** Rows of the arms that could not be used; default: none. */
  readonly received?: ExperimentTable["received"];
};

/** An offer for the model: arm name, product and earnings. The copy is part of `ads`. */
export interface OfferTerms {
  /** Also the arm's name in the experiment log; never `none`. */
  readonly id: string;
  /** The handset manufacturer that the offer sells; joins it to the next-purchase probabilities. */
  readonly product: string;
  /** Earnings per sale, in the campaign's currency. */
  readonly margin: number;
  /** Cost per customer who is shown the offer, in the campaign's currency. */
  readonly cost: number;
  /**
   * Price that the customer pays; offers of one product at several prices are ordered arms. Null or absent:
   * not given.
   */
  readonly price?: number | null | undefined;
}

/** Causal (from a randomised experiment) or an association (from call logs alone). */
export type Basis = "uplift" | "lift";

/** A difference of probabilities, or money in the campaign's currency. */
export type UpliftUnit = "probability" | "amount";

export interface OfferScore {
  readonly offerId: string;
  readonly basis: Basis;
  /** P(buy | no offer); null without an experiment, or if its outcome is an amount. */
  readonly probabilityNone: number | null;
  /** P(buy | offer); null in the same cases. */
  readonly probabilityOffer: number | null;
  /**
   * probabilityOffer - probabilityNone, in [-1, 1]; if the outcome is an amount, the expected additional
   * amount. Null without an experiment.
   */
  readonly uplift: number | null;
  /** The unit of `uplift`: a difference of probabilities, or an amount of money. */
  readonly unit: UpliftUnit;
  /** Whether `uplift` was predicted for this customer; otherwise it is the average over all customers. */
  readonly isPersonal: boolean;
  /** P(next = product | segment) / P(next = product); null without a call log. */
  readonly lift: number | null;
  /**
   * uplift x margin - cost (basis uplift), or P(next = product) x margin - cost (basis lift). If `uplift` is
   * an amount, it is money already: uplift - cost. Null if the model was trained on no data.
   */
  readonly expectedValue: number | null;
}

export interface CustomerScore {
  readonly customerId: string;
  /** Next-manufacturer probabilities, summing to 1; null without a call log. */
  readonly next: Readonly<Record<string, number>> | null;
  readonly scores: readonly OfferScore[];
  /**
   * The best single offer, if choosing between offers is not shown to pay: every customer eligible for it
   * gets this one. Null if the choice is shown to pay, or if it is unknown.
   */
  readonly incumbent: string | null;
  /** The offer with the highest expected value above 0, the incumbent before all others, else `none`. */
  readonly best: string;
}

/** The share of customers who buy a product at each of its prices; offers of one product are ordered arms. */
export interface PriceResponse {
  readonly product: string;
  /** In ascending order of price. */
  readonly points: readonly PricePoint[];
  /**
   * Whether purchases rise with the price beyond noise: a price does not cause this, so the offers differ in
   * something else.
   */
  readonly rises: boolean;
}

export interface PricePoint {
  readonly offerId: string;
  readonly price: number;
  readonly rows: number;
  /** Share of customers who bought, with its interval. */
  readonly bought: Estimate;
  /** The best-fitting share that never rises with the price. */
  readonly fitted: number;
}

/** Findings of the training about the data and the models. */
export interface OfferMetrics {
  /** Null without an experiment. */
  readonly uplift: UpliftMetrics | null;
  /** Null without transitions. */
  readonly next: NextMetrics | null;
  /** Checks of the experiment before training; null or absent without an experiment. */
  readonly checks?: ExperimentChecks | null | undefined;
  /** Responses to price; absent or empty if no product has several prices. */
  readonly prices?: readonly PriceResponse[] | undefined;
  /**
   * Result of the placebo test with shuffled arms; null or absent without an experiment, or if an arm is too
   * small.
   */
  readonly placebo?: TrainingPlacebo | null | undefined;
}

/** A trained model for choosing offers: everything that scoring needs, and its origin. */
export interface OfferModel {
  /** ISO 8601 UTC, from the options. */
  readonly createdAt: string;
  readonly seed: number;
  /** Currency code of margins and costs, for people; absent or null: not given. */
  readonly currency?: string | null | undefined;
  /** Product, earnings and cost of each offer. */
  readonly offers: readonly OfferTerms[];
  /** SHA-256 of the training data's contents; null without such data. */
  readonly data: { readonly experiment: string | null; readonly transitions: string | null };
  readonly uplift: UpliftModel | null;
  readonly next: NextModel | null;
  readonly metrics: OfferMetrics;
  /**
   * Distribution of the model's columns in training, for `createDriftMeter`; absent in models of older
   * versions.
   */
  readonly reference?: readonly FeatureReference[] | undefined;
}

export interface TrainedOffers {
  readonly model: OfferModel;
  /**
   * Parts of the data that were left out, with the reason: arms with offers that the campaign does not have,
   * and arms with too few customers.
   */
  readonly refusals: readonly {
    readonly offerId: string;
    readonly rows: number;
    readonly error: LookalikeError;
  }[];
}
