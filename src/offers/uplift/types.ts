import type { FeatureSchema } from "../features/schema.ts";
import type { LogisticModel } from "./logistic.ts";

/** An arm's own model of P(outcome = 1 | features). */
export interface ArmModel {
  readonly offerId: string;
  readonly model: LogisticModel;
}

/** A T-learner: one model per arm, each blind to the others; the uplift is the difference of two predictions. */
export interface TLogisticModel {
  readonly learner: "t-logistic";
  readonly schema: FeatureSchema;
  /** Precision of the prior on each weight. */
  readonly penalty: number;
  /** Name of the control arm in the log. */
  readonly control: string;
  readonly none: LogisticModel;
  readonly arms: readonly ArmModel[];
}

/** What training on an experiment yields, by learner. */
export type UpliftModel = TLogisticModel;

/** Predicted probabilities of the outcome, per row of a table. */
export interface UpliftPrediction {
  /** Without an offer. */
  readonly none: Float64Array;
  /** With each offer, in the order of the model's arms. */
  readonly offers: readonly Float64Array[];
}
