import type { ExperimentTable } from "../../customers/index.ts";
import { expected, LookalikeError } from "../../errors.ts";
import { type DesignMatrix, encode } from "../features/encode.ts";
import { type FeatureSchema, learnSchema } from "../features/schema.ts";

/** A checked experiment whose features are encoded once, for every learner, fold and metric to share. */
export interface EncodedExperiment {
  /** The control first. */
  readonly labels: readonly string[];
  /** Index into `labels` per row. */
  readonly arms: Int32Array;
  /** 0 or 1 per row. */
  readonly outcomes: Float64Array;
  readonly schema: FeatureSchema;
  readonly matrix: DesignMatrix;
}

/** What the checks read of an experiment. */
export type ExperimentRows = Pick<ExperimentTable, "rows" | "arms" | "outcome" | "features">;

/**
 * Refuses what nothing can be learned from, then encodes the features. The schema is learned from all rows: it
 * looks at no outcome, so a held-out fold learns nothing from it.
 *
 * @param features the model's columns; default: all of the table's
 * @throws ERR_EXPERIMENT_EMPTY, ERR_ARM_EMPTY, ERR_OUTCOME_INVALID, ERR_OUTCOME_CONSTANT, ERR_FEATURE_MISSING,
 * ERR_FEATURE_INVALID
 */
export function encodeExperiment(
  experiment: ExperimentRows,
  features?: readonly string[] | undefined,
): EncodedExperiment {
  if (experiment.rows === 0) {
    throw new LookalikeError("ERR_EXPERIMENT_EMPTY", expected("at least one row", "the experiment log", 0), {
      hint: "Check the path of the log, and the reasons of the rows that were refused.",
    });
  }
  checkArms(experiment);
  checkOutcomes(experiment.outcome);
  const schema = learnSchema(experiment.features, features);
  return {
    labels: experiment.arms.labels,
    arms: experiment.arms.codes,
    outcomes: experiment.outcome,
    schema,
    matrix: encode(schema, experiment.features),
  };
}

function checkArms({ arms }: ExperimentRows): void {
  const counts = new Uint32Array(arms.labels.length);
  for (const code of arms.codes) counts[code] = (counts[code] ?? 0) + 1;
  if (arms.labels.length < 2) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      expected("a control and at least one other arm", "the experiment log", arms.labels.join(", ")),
      {
        hint: "An uplift is a difference between arms: give a log in which some customers were shown nothing.",
      },
    );
  }
  const empty = arms.labels.filter((_, arm) => counts[arm] === 0);
  if (empty.length === 0) return;
  throw new LookalikeError("ERR_ARM_EMPTY", expected("at least one row", `arm ${empty.join(", ")}`, 0), {
    hint: `Name the control as the log does. Arms found: ${arms.labels.filter((_, arm) => counts[arm] !== 0).join(", ")}.`,
  });
}

function checkOutcomes(outcomes: Float64Array): void {
  const invalid = outcomes.find((outcome) => outcome !== 0 && outcome !== 1);
  if (invalid !== undefined) {
    throw new LookalikeError("ERR_OUTCOME_INVALID", expected("0 or 1", "the outcome", invalid), {
      hint: "Name a column that says whether the customer bought; what a sale is worth belongs in the offer's margin.",
    });
  }
  const first = outcomes[0];
  if (outcomes.some((outcome) => outcome !== first)) return;
  throw new LookalikeError("ERR_OUTCOME_CONSTANT", expected("both 0 and 1", "the outcome", `only ${first}`), {
    hint: "Choose an outcome that happened to some customers and not to others.",
  });
}
