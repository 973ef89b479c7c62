import { expected, LookalikeError } from "../../core/index.ts";
import { type Doubt, logDoubts, type Propensities, type PropensitySource } from "../../learning/index.ts";
import { checkExperiment, type ExperimentChecks, isUnfit } from "../../statistics/index.ts";
import type { OfferModel } from "../types.ts";
import type { HoldoutExperiment, HoldoutRows } from "./holdout.ts";

/** Checks of a log's reliability, independent of what is measured on it. */
export interface LogChecks {
  /**
   * The source of each customer's propensities, and the number of rows whose propensity was too small and was
   * raised.
   */
  readonly propensity: {
    readonly source: PropensitySource;
    readonly differs: boolean;
    readonly trimmed: number;
  };
  /** Why the effects of the offers cannot be determined from the log; empty if they can. */
  readonly doubts: readonly Doubt[];
  readonly checks: ExperimentChecks;
}

export interface CheckedLog {
  /** The rows of the log on which figures are measured. */
  readonly rows: HoldoutRows;
  readonly propensities: Propensities;
  /** Models by whose columns doubts are determined, as in training. */
  readonly models: readonly OfferModel[];
  /** The arms, the control first. */
  readonly labels: readonly string[];
  readonly seed: number;
  /** Planned share of each arm by name. */
  readonly planned?: ReadonlyMap<string, number> | undefined;
}

export function checkLog(experiment: HoldoutExperiment, log: CheckedLog): LogChecks {
  const { source, perArm, trimmed } = log.propensities;
  const checks = checkExperiment(experiment, log.planned);
  const own = new Set(
    log.models.flatMap(({ uplift }) => uplift?.schema.features.map(({ name }) => name) ?? []),
  );
  const useless = checks.columns.filter((finding) => isUnfit(finding) || finding.kind === "constant");
  const unfit = new Set(useless.map(({ feature }) => feature));
  const others = [...log.rows.features.columns.keys()].filter((name) => !own.has(name) && !unfit.has(name));
  return {
    propensity: { source, differs: perArm !== null, trimmed },
    // Customers may have been selected by a column that no model has.
    doubts: doubtsOn(log, [...own, ...others], experiment.received),
    checks: {
      ...checks,
      columns: checks.columns.filter(
        ({ kind, feature }) => own.has(feature) || (kind === "tells treatment" && !unfit.has(feature)),
      ),
    },
  };
}

function doubtsOn(
  { rows, labels, seed }: CheckedLog,
  columns: readonly string[],
  received: HoldoutExperiment["received"],
): Doubt[] {
  const { arms, outcomes, propensity, clusters, features } = rows;
  if (outcomes.every((outcome) => outcome === outcomes[0])) return [];
  const read = { features, propensity, clusters, received };
  return logDoubts(
    { rows: arms.length, arms: { labels, codes: arms }, outcome: outcomes, ...read },
    { features: columns, seed },
  );
}

/**
 * Rejects amounts that an evaluation would otherwise read as numbers of customers.
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
