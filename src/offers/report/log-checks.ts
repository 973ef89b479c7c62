import { expected, LookalikeError } from "../../core/index.ts";
import { type Doubt, logDoubts, type Propensities, type PropensitySource } from "../../learning/index.ts";
import { checkExperiment, type ExperimentChecks } from "../../statistics/index.ts";
import type { OfferModel } from "../types.ts";
import type { HoldoutExperiment, HoldoutRows } from "./holdout.ts";

/** How far a log can be trusted, whatever is measured on it. */
export interface LogChecks {
  /** Where each customer's probability of each arm comes from, and how many rows' was too small to be trusted. */
  readonly propensity: {
    readonly source: PropensitySource;
    readonly differs: boolean;
    readonly trimmed: number;
  };
  /** Why the log does not tell what the offers do; empty if it does. */
  readonly doubts: readonly Doubt[];
  readonly checks: ExperimentChecks;
}

export interface CheckedLog {
  /** The rows of the log that are measured. */
  readonly rows: HoldoutRows;
  readonly propensities: Propensities;
  /** Doubts are as in training, by the columns of these models. */
  readonly models: readonly OfferModel[];
  /** The arms, the control first. */
  readonly labels: readonly string[];
  readonly seed: number;
  /** Planned share of each arm by name. */
  readonly planned?: ReadonlyMap<string, number> | undefined;
}

export function checkLog(experiment: HoldoutExperiment, log: CheckedLog): LogChecks {
  const { source, perArm, trimmed } = log.propensities;
  return {
    propensity: { source, differs: perArm !== null, trimmed },
    doubts: doubtsOn(log),
    checks: checkExperiment(experiment, log.planned),
  };
}

function doubtsOn({ rows, models, labels, seed }: CheckedLog): Doubt[] {
  const { arms, outcomes, propensity, clusters, features } = rows;
  if (outcomes.every((outcome) => outcome === outcomes[0])) return [];
  const names = models.flatMap(({ uplift }) => uplift?.schema.features.map(({ name }) => name) ?? []);
  return logDoubts(
    { rows: arms.length, arms: { labels, codes: arms }, outcome: outcomes, features, propensity, clusters },
    { features: [...new Set(names)], seed },
  );
}

/**
 * What an evaluation of offers in money would read as customers.
 *
 * @throws ERR_OUTCOME_INVALID the log has amounts, but the model was trained on a binary outcome
 */
export function checkOutcomes({ uplift }: OfferModel, { outcomes }: HoldoutRows): void {
  if (uplift?.outcome !== "binary") return;
  const amount = outcomes.find((outcome) => outcome !== 0 && outcome !== 1);
  if (amount === undefined) return;
  throw new LookalikeError(
    "ERR_OUTCOME_INVALID",
    expected("0 or 1, as the model was trained on", "the outcome", amount),
    { hint: "Name the outcome that the model was trained on, or train a model on this one." },
  );
}
