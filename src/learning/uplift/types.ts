import type { Estimate } from "../../statistics/index.ts";
import type { BoostingModel, Tree } from "../boosting/types.ts";
import type { BinSchema } from "../features/bins.ts";
import type { FeatureSchema } from "../features/schema.ts";
import type { LinearModel } from "./linear/fit.ts";
import type { OfferPolicy } from "./select/terms.ts";

/**
 * What the learners of an uplift are, in the order that near ties are settled by: first `s-blend`, which loses least
 * where another would have been best, then from the simplest on. The first word says how the uplift is learned, the
 * second from what models:
 *
 * - `s`: one model of all arms (linear: the arms' weights are drawn towards each other; boosting: the arm is a feature)
 * - `t`: one model per arm, each on its own
 * - `x`: the effects imputed from the other arm's model, regressed (Künzel et al. 2019)
 * - `r`: the residuals of outcome and treatment, regressed (Nie and Wager 2021)
 * - `dr`: the doubly robust scores, regressed (Kennedy 2023)
 * - `forest`: trees split where the arms' effects differ most, with honest leaves
 * - `logistic`: regularised logistic regression; of amounts, whether there is one at all times how much
 * - `linear`: ridge regression; `boosting`: gradient-boosted trees
 * - `blend`: the mean of the predictions of a regression (`logistic` where it suits, else `linear`) and of `boosting`
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
 * An amount that is mostly one and the same (0, or what the promotion costs): whether it is another, times how much.
 */
export interface TwoPartModel {
  readonly kind: "two-part";
  /** The usual amount. */
  readonly usual: number;
  readonly event: LinearModel;
  /** What is added to the usual amount in the event. */
  readonly amount: LinearModel;
  /** The range of the added amounts in training, which predictions keep to. */
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

/** The mean of what several models predict. */
export interface MeanModel {
  readonly kind: "mean";
  /** At least one. */
  readonly parts: readonly PlainModel[];
}

/** A model of an expected outcome, or of an effect on it. */
export type OutcomeModel = PlainModel | MeanModel | ForestOutput;

/** An offer's model. */
export interface ArmModel {
  readonly offerId: string;
  /** What `model` predicts: the outcome with the offer, or what the offer adds to it. */
  readonly predicts: "outcome" | "effect";
  readonly model: OutcomeModel;
  /** The average effect over all customers, drawn towards 0 where several offers are chosen from. */
  readonly average: Estimate;
  /**
   * What a personal effect is, given the difference d of two predictions: intercept + slope x d. Absent: d itself, as
   * in models of old.
   */
  readonly calibration?: { readonly intercept: number; readonly slope: number } | undefined;
  /** Whether the effects of this offer are predicted customer by customer; else each gets the average. */
  readonly isPersonal: boolean;
}

/** What training on an experiment yields. */
export interface UpliftModel {
  readonly learner: LearnerId;
  readonly outcome: OutcomeKind;
  readonly schema: FeatureSchema;
  /** For models of trees; null where there are none. */
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

/** Whether customers differ in what one offer does to them. */
export interface OfferTest {
  readonly offerId: string;
  /** That they do not: of several tests combined. */
  readonly pValue: number;
  /** The same, adjusted for the number of offers by Holm's method; at most 5 % is called shown. */
  readonly adjusted: number;
}

/**
 * Whether it could be shown that customers differ in what offers do to them, on customers that neither the model nor
 * the choice of the learner had seen.
 */
export interface Heterogeneity {
  /** Whether anything is personal: the ranking of customers for one offer, or the choice between offers. */
  readonly shown: boolean;
  /** The offer that is best for everyone, by average effect x margin - cost; `none` where all would lose money. */
  readonly bestSingle: string;
  /**
   * What `bestSingle` is worth per customer over showing nothing (null: it is `none`), and the one-sided p-value that no
   * offer pays. Absent in models of old.
   */
  readonly everyone?: { readonly worth: Estimate | null; readonly pValue: number } | undefined;
  /**
   * What everyone gets whom any offer suits, where choosing per customer could not be shown to pay: the best single offer, or
   * `none` where that could not be shown to earn what it costs. Null where the choice is personal.
   */
  readonly single: string | null;
  /**
   * Value per customer of choosing by the model minus that of the best single offer; null where there are too few rows.
   */
  readonly gain: Estimate | null;
  /** One entry per offer; absent where there are too few rows, and in models of old. */
  readonly tests?: readonly OfferTest[] | undefined;
  /**
   * Present where offers are chosen per customer although that is not shown to pay: the p-value that customers do not differ, of
   * all offers together, and what choosing earned over showing nothing on held-out customers.
   */
  readonly likely?: { readonly pValue: number; readonly earned: Estimate } | undefined;
  /** The policy that decided whether the choice is personal; absent: the test. */
  readonly policy?: OfferPolicy | undefined;
  /** Qini-count per customer of ranking by the model, one entry per offer; null where there are too few rows. */
  readonly qini: readonly { readonly offerId: string; readonly perCustomer: Estimate | null }[];
}

/** Predicted outcomes per row of a table: probabilities where the outcome is binary, else amounts. */
export interface UpliftPrediction {
  /** Without an offer. */
  readonly none: Float64Array;
  /** With each offer, in the order of the model's arms. */
  readonly offers: readonly Float64Array[];
}
