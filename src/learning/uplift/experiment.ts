import { expected, LookalikeError } from "../../core/index.ts";
import { type ArmRows, type Clusters, type ExperimentTable, takeClusters } from "../../statistics/index.ts";
import { type BinnedRows, type BinSchema, binRows, learnBins } from "../features/bins.ts";
import { type DesignMatrix, encode } from "../features/encode.ts";
import { type FeatureSchema, learnSchemaWith } from "../features/schema.ts";
import { type Propensities, type PropensitySource, settlePropensities } from "./propensity.ts";
import type { OutcomeKind } from "./types.ts";

/** Features in both forms that learners read, in memory that threads can share. */
export interface FeatureRows {
  /** For linear models. */
  readonly matrix: DesignMatrix;
  /** For trees. */
  readonly binned: BinnedRows;
}

/** A checked experiment whose features are encoded once and shared by every learner, fold and metric. */
export interface EncodedExperiment extends FeatureRows {
  /** The control first. */
  readonly labels: readonly string[];
  /** Index into `labels` per row. */
  readonly arms: Int32Array;
  /** One per row: 0 or 1 (kind binary), or an amount. */
  readonly outcomes: Float64Array;
  readonly kind: OutcomeKind;
  readonly schema: FeatureSchema;
  readonly bins: BinSchema;
  readonly propensities: Propensities;
  /** Rows that depend on each other; null: all rows are independent. */
  readonly clusters: Clusters;
  /** Rows of the arms in the log, the control's first, and those that could not be used. */
  readonly received: readonly ArmRows[];
}

/** The parts of an experiment that the checks read. */
export type ExperimentRows = Pick<ExperimentTable, "rows" | "arms" | "outcome" | "features"> & {
  readonly propensity?: ExperimentTable["propensity"] | undefined;
  readonly clusters?: ExperimentTable["clusters"];
  readonly received?: ExperimentTable["received"];
};

export interface EncodeOptions {
  /** The model's columns; default: all columns of the table. */
  readonly features?: readonly string[] | undefined;
  /** Source of the arms' probabilities; default: the log's column, else decided from the data. */
  readonly propensity?: PropensitySource | undefined;
}

/**
 * Rejects an experiment from which a model cannot be learned, then encodes the features. The schema is
 * learned from all rows: it uses no outcome, so held-out folds stay independent. An outcome with only 0 and 1
 * is binary, any other is an amount.
 *
 * @throws ERR_EXPERIMENT_EMPTY, ERR_ARM_EMPTY, ERR_OUTCOME_INVALID, ERR_OUTCOME_CONSTANT,
 *   ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function encodeExperiment(experiment: ExperimentRows, options: EncodeOptions = {}): EncodedExperiment {
  if (experiment.rows === 0) {
    throw new LookalikeError("ERR_EXPERIMENT_EMPTY", expected("at least one row", "the experiment log", 0), {
      hint: "Check the path of the log, and why rows were rejected.",
    });
  }
  checkArms(experiment);
  checkOutcomes(experiment);
  const clusters = experiment.clusters ? toShared(experiment.clusters, Int32Array) : null;
  const { schema, own } = learnSchemaWith(experiment.features, {
    names: options.features,
    target: { outcomes: experiment.outcome, clusters },
  });
  const bins = learnBins(experiment.features, options.features);
  const matrix = encode(schema, experiment.features, own);
  const { labels } = experiment.arms;
  const arms = toShared(experiment.arms.codes, Int32Array);
  return {
    labels,
    arms,
    outcomes: toShared(experiment.outcome, Float64Array),
    kind: experiment.outcome.every((outcome) => outcome === 0 || outcome === 1) ? "binary" : "value",
    schema,
    bins,
    matrix,
    binned: binRows(bins, experiment.features),
    propensities: settlePropensities(
      { labels, arms, matrix, given: experiment.propensity ?? null, clusters },
      options.propensity,
    ),
    clusters,
    // By the arms that are left.
    received: labels.flatMap((label) => experiment.received?.find(({ arm }) => arm === label) ?? []),
  };
}

/** The listed rows as a separate experiment; used for trials on a sample of a large one. */
export function sampleExperiment(experiment: EncodedExperiment, rows: Uint32Array): EncodedExperiment {
  const { matrix, binned, propensities } = experiment;
  const values = new Float64Array(new SharedArrayBuffer(rows.length * matrix.width * 8));
  const words = new Uint32Array(new SharedArrayBuffer(rows.length * binned.stride * 4));
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    values.set(matrix.values.subarray(row * matrix.width, (row + 1) * matrix.width), i * matrix.width);
    words.set(binned.words.subarray(row * binned.stride, (row + 1) * binned.stride), i * binned.stride);
  }
  const numbers = (column: Float64Array) =>
    toShared(
      Float64Array.from(rows, (row) => column[row] as number),
      Float64Array,
    );
  return {
    ...experiment,
    arms: toShared(
      Int32Array.from(rows, (row) => experiment.arms[row] as number),
      Int32Array,
    ),
    outcomes: numbers(experiment.outcomes),
    matrix: { ...matrix, rows: rows.length, values },
    binned: { ...binned, rows: rows.length, words, bytes: new Uint8Array(words.buffer) },
    propensities: {
      ...propensities,
      perArm: propensities.perArm?.map(numbers) ?? null,
      own: propensities.own && numbers(propensities.own),
    },
    clusters: takeClusters(experiment.clusters, rows),
  };
}

/** The listed rows of each arm, the control's first. */
export function rowsByArm(
  { labels, arms }: Pick<EncodedExperiment, "labels" | "arms">,
  rows: Uint32Array,
): Uint32Array[] {
  const sizes = new Uint32Array(labels.length);
  for (let i = 0; i < rows.length; i++) {
    const arm = arms[rows[i] as number] as number;
    sizes[arm] = (sizes[arm] as number) + 1;
  }
  const lists = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const arm = arms[row] as number;
    const at = sizes[arm] as number;
    (lists[arm] as Uint32Array)[at] = row;
    sizes[arm] = at + 1;
  }
  return lists;
}

/** A copy in memory that threads can share. */
function toShared<T extends Int32Array | Float64Array>(
  values: T,
  Kind: new (buffer: SharedArrayBuffer) => T,
): T {
  const shared = new Kind(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function checkArms({ arms }: ExperimentRows): void {
  const counts = new Uint32Array(arms.labels.length);
  for (const code of arms.codes) counts[code] = (counts[code] ?? 0) + 1;
  if (arms.labels.length < 2) {
    throw new LookalikeError(
      "ERR_ARM_EMPTY",
      expected("a control and at least one other arm", "the experiment log", arms.labels.join(", ")),
      {
        hint: "Use a log in which some customers were shown nothing: an uplift is a difference between arms.",
      },
    );
  }
  const empty = arms.labels.filter((_, arm) => counts[arm] === 0);
  if (empty.length === 0) return;
  throw new LookalikeError("ERR_ARM_EMPTY", expected("at least one row", `arm ${empty.join(", ")}`, 0), {
    hint: `Use the log's name of the control. Arms found: ${arms.labels.filter((_, arm) => counts[arm] !== 0).join(", ")}.`,
  });
}

function checkOutcomes({ outcome: outcomes, received = [] }: ExperimentRows): void {
  const invalid = outcomes.find((outcome) => !Number.isFinite(outcome));
  if (invalid !== undefined) {
    throw new LookalikeError("ERR_OUTCOME_INVALID", expected("a finite number", "the outcome", invalid), {
      hint: "Name a column with 0 or 1 (whether the customer bought), or with an amount.",
    });
  }
  const first = outcomes[0];
  if (outcomes.some((outcome) => outcome !== first)) return;
  throw new LookalikeError(
    "ERR_OUTCOME_CONSTANT",
    expected("more than one value", "the outcome", `only ${first}`),
    {
      hint: received.some(({ rejected }) => rejected > 0)
        ? "If an empty outcome means that nothing happened, write 0: rows without an outcome are rejected."
        : "Choose an outcome that varies between customers.",
    },
  );
}
