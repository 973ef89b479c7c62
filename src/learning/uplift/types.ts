import type { Estimate } from "../../statistics/index.ts";
import type { BoostingModel, Tree } from "../boosting/types.ts";
import type { BinSchema } from "../features/bins.ts";
import type { FeatureSchema } from "../features/schema.ts";
import type { LinearModel } from "./linear/fit.ts";
import type { OfferPolicy } from "./select/terms.ts";

/**
 * The learners of an uplift, in the order that decides near ties: first `s-blend`, which loses least if
 * another learner is the best, then from the simplest on. The first word is the method, the second the kind
 * of its models:
 *
 * - `s`: one model of all arms (linear: the arms' weights are shrunk towards each other; boosting: the arm is
 *   a feature)
 * - `t`: one model per arm, fitted separately
 * - `x`: the effects imputed from the other arm's model, regressed (Künzel et al. 2019)
 * - `r`: the residuals of outcome and treatment, regressed (Nie and Wager 2021)
 * - `dr`: the doubly robust scores, regressed (Kennedy 2023)
 * - `forest`: trees split where the arms' effects differ most, with honest leaves
 * - `logistic`: regularised logistic regression; for amounts, the probability of an amount times its mean
 * - `linear`: ridge regression; `boosting`: gradient-boosted trees
 * - `blend`: the mean of the predictions of a regression (`logistic` if it supports the outcome, else
 *   `linear`) and of `boosting`
 */
export const LEARNERS = [
  "s-blend",
  "s-logistic",
  "t-logistic",
  "s-linear",
  "t-linear",
  "dr-logistic",
  "r-logistic",
  "x-logistic",
  "dr-linear",
  "r-linear",
  "x-linear",
  "s-boosting",
  "t-boosting",
  "dr-boosting",
  "r-boosting",
  "x-boosting",
  "forest",
] as const;

export type LearnerId = (typeof LEARNERS)[number];

/** Bought or not, or an amount. */
export type OutcomeKind = "binary" | "value";

/**
 * A model of amounts that are mostly one value (0, or the cost of the promotion): the probability of another
 * amount, times its mean difference.
 */
export interface TwoPartModel {
  readonly kind: "two-part";
  /** The usual amount. */
  readonly usual: number;
  readonly event: LinearModel;
  /** The mean difference from the usual amount in that case. */
  readonly amount: LinearModel;
  /** The range of the differences in training, to which predictions are limited. */
  readonly low: number;
  readonly high: number;
}

/** One output of the model's forest: 0 is the control, 1 the first arm, ... */
export interface ForestOutput {
  readonly kind: "forest";
  readonly output: number;
}

/** A single model. */
export type PlainModel = LinearModel | TwoPartModel | BoostingModel;

/** The mean of several models' predictions. */
export interface MeanModel {
  readonly kind: "mean";
  /** At least one model. */
  readonly parts: readonly PlainModel[];
}

/** A model of an expected outcome, or of an effect on it. */
export type OutcomeModel = PlainModel | MeanModel | ForestOutput;

/** An offer's model. */
interface ArmModel {
  readonly offerId: string;
  /** The quantity that `model` predicts: the outcome with the offer, or the effect of the offer. */
  readonly predicts: "outcome" | "effect";
  readonly model: OutcomeModel;
  /** The average effect over all customers, shrunk towards 0 if there are several offers to choose from. */
  readonly average: Estimate;
  /**
   * Calibration of a personal effect from the difference d of two predictions: intercept + slope x d. Absent:
   * d itself, as in models of older versions.
   */
  readonly calibration?: { readonly intercept: number; readonly slope: number } | undefined;
  /** Whether the effects of this offer are predicted per customer; else each customer gets the average. */
  readonly isPersonal: boolean;
}

/** The result of training on an experiment. */
export interface UpliftModel {
  readonly learner: LearnerId;
  readonly outcome: OutcomeKind;
  readonly schema: FeatureSchema;
  /** Bins for tree models; null if there are none. */
  readonly bins: BinSchema | null;
  readonly forest: readonly Tree[] | null;
  /** Name of the control arm in the log. */
  readonly control: string;
  /** The mean outcome of the control. */
  readonly controlMean: number;
  /** The outcome without an offer. */
  readonly none: OutcomeModel;
  readonly arms: readonly ArmModel[];
  readonly heterogeneity: Heterogeneity;
}

/** Whether customers differ in the effect of one offer. */
export interface OfferTest {
  readonly offerId: string;
  /** P-value of the hypothesis that they do not; several tests combined. */
  readonly pValue: number;
  /** The same, adjusted for the number of offers by Holm's method; at most 5 % is reported as shown. */
  readonly adjusted: number;
}

/**
 * Whether customers are shown to differ in the effects of offers, on customers that were used neither for the
 * model nor for the choice of the learner.
 */
export interface Heterogeneity {
  /** Whether anything is personal: the ranking of customers for one offer, or the choice between offers. */
  readonly shown: boolean;
  /** The best offer for all customers, by average effect x margin - cost; `none` if all would lose money. */
  readonly bestSingle: string;
  /**
   * Value per customer of `bestSingle` over showing nothing (null if it is `none`), and the one-sided p-value
   * of the hypothesis that no offer pays. Absent in models of older versions.
   */
  readonly everyone?: { readonly worth: Estimate | null; readonly pValue: number } | undefined;
  /**
   * The offer for every eligible customer, if choosing per customer is not shown to pay: the best single
   * offer, or `none` if that is not shown to earn its cost. Null if the choice is personal.
   */
  readonly single: string | null;
  /**
   * Value per customer of choosing by the model minus that of the best single offer; null if there are too
   * few rows.
   */
  readonly gain: Estimate | null;
  /** One entry per offer; absent if there are too few rows, and in models of older versions. */
  readonly tests?: readonly OfferTest[] | undefined;
  /**
   * Present if offers are chosen per customer although this is not shown to pay: the p-value of the
   * hypothesis that customers do not differ, for all offers together, and the value of choosing over showing
   * nothing on held-out customers.
   */
  readonly likely?: { readonly pValue: number; readonly earned: Estimate } | undefined;
  /** The policy that decided whether the choice is personal; absent: the test decided. */
  readonly policy?: OfferPolicy | undefined;
  /** Qini-count per customer of ranking by the model, one entry per offer; null if there are too few rows. */
  readonly qini: readonly { readonly offerId: string; readonly perCustomer: Estimate | null }[];
}

/** Predicted outcomes per row of a table: probabilities if the outcome is binary, else amounts. */
export interface UpliftPrediction {
  /** Without an offer. */
  readonly none: Float64Array;
  /** With each offer, in the order of the model's arms. */
  readonly offers: readonly Float64Array[];
}
