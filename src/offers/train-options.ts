import type { TransitionTable } from "../customers/index.ts";
import type { LearnerId, OfferPolicy, PropensitySource } from "../learning/index.ts";
import type { OfferTerms, TrainingExperiment } from "./types.ts";

export interface TrainOffersInput {
  /** A past campaign. An outcome of nothing but 0 and 1 says who bought; any other is an amount per customer. */
  readonly experiment?: TrainingExperiment | undefined;
  /** What customers bought next, from call logs. */
  readonly transitions?: TransitionTable | undefined;
  /**
   * The offers to choose from. Default: the experiment's arms with margin 1 and cost 0, so that an expected value
   * is the uplift itself.
   */
  readonly offers?: readonly OfferTerms[] | undefined;
  /** Code of the units of margins and costs, for people. */
  readonly currency?: string | null | undefined;
  /**
   * Columns of the uplift model; default: every feature column of the experiment except those that reveal the outcome,
   * are the arm under another name, or differ in every row (`inspectColumns`).
   */
  readonly features?: readonly string[] | undefined;
}

export interface TrainOffersOptions {
  /** Decides every random split; the same seed and data give the same model, byte for byte. Default 1. */
  readonly seed?: number | undefined;
  /** Written into the model. */
  readonly createdAt: Date;
  /** How uplift is learned; "auto" (default) takes the best by cross-validation. */
  readonly learner?: LearnerId | "auto" | undefined;
  /**
   * Where the arms' probabilities come from. Default: the log's `propensity` column; without one, the arms' shares,
   * unless the features predict the assignment, which is impossible in a simple random draw: then they are estimated.
   */
  readonly propensity?: PropensitySource | undefined;
  /**
   * How offers are chosen: "auto" (default) per customer where that could be shown to pay, else one for everyone;
   * "personal" and "single" overrule what could be shown, and the verdict says at what price.
   */
  readonly policy?: OfferPolicy | undefined;
  /** Threads; default 1. The model does not depend on it. */
  readonly jobs?: number | undefined;
  /** Called after each fitted model with the number fitted and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
