import type { TransitionTable } from "../customers/index.ts";
import type { LearnerId, OfferPolicy, PropensitySource } from "../learning/index.ts";
import type { OfferTerms, TrainingExperiment } from "./types.ts";

export interface TrainOffersInput {
  /**
   * A past campaign. An outcome with only 0 and 1 means not bought and bought; any other is an amount per
   * customer.
   */
  readonly experiment?: TrainingExperiment | undefined;
  /** What customers bought next, from call logs. */
  readonly transitions?: TransitionTable | undefined;
  /**
   * The offers to choose from. Default: the experiment's arms with margin 1 and cost 0, so that the expected
   * value equals the uplift.
   */
  readonly offers?: readonly OfferTerms[] | undefined;
  /**
   * What happens without an experiment and without transitions. "refuse" (default): an error. "allow": a model that
   * predicts nothing, with which a campaign's first run draws every offer at random (`experiment.explore: 1`).
   */
  readonly withoutData?: "refuse" | "allow" | undefined;
  /** Currency code of margins and costs, for people. */
  readonly currency?: string | null | undefined;
  /**
   * Columns of the uplift model; default: every feature column of the experiment except those that reveal the
   * outcome, duplicate the arm, or differ in every row (`inspectColumns`).
   */
  readonly features?: readonly string[] | undefined;
}

export interface TrainOffersOptions {
  /** Seed of every random split; the same seed and data give the same model, byte for byte. Default 1. */
  readonly seed?: number | undefined;
  /** Stored in the model. */
  readonly createdAt: Date;
  /** The method for learning uplift; "auto" (default) chooses the best by cross-validation. */
  readonly learner?: LearnerId | "auto" | undefined;
  /**
   * Source of the arms' probabilities. Default: the log's `propensity` column; without one, the arms' shares,
   * unless the features predict the assignment, which is impossible in a simple random draw: then they are
   * estimated.
   */
  readonly propensity?: PropensitySource | undefined;
  /**
   * How offers are chosen: "auto" (default) per customer if this is shown to pay, else one offer for all
   * customers; "personal" and "single" override this test, and the verdict reports the cost.
   */
  readonly policy?: OfferPolicy | undefined;
  /** Number of threads; default 1. The model does not depend on it. */
  readonly jobs?: number | undefined;
  /** Called after each fitted model with the number fitted and the total. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
