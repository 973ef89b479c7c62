import type { CategoryColumn, NumberColumn, Table } from "../../core/index.ts";
import { expected, LookalikeError } from "../../core/index.ts";
import { type EncodingTarget, encodeByTarget, type TargetEncoding } from "./target-encoding.ts";

/** How a number column becomes design columns: (x - mean) / deviation, and 0 if it is missing. */
export interface NumberFeature {
  readonly kind: "number";
  readonly name: string;
  readonly mean: number;
  /** Standard deviation; 1 if the column is constant. */
  readonly deviation: number;
  /** The range in training; outside it the model extrapolates. */
  readonly min: number;
  readonly max: number;
  /** Share of training rows without a value, in [0, 1). Above 0 the feature gets an indicator column. */
  readonly missing: number;
}

/**
 * How a category column becomes design columns: one 0/1 indicator per level, minus the level's share, so that
 * a customer without a known level gets the average.
 */
export interface CategoryFeature {
  readonly kind: "category";
  readonly name: string;
  /** Levels with their own indicator, most frequent first, with their share of the training rows. */
  readonly levels: readonly { readonly label: string; readonly share: number }[];
  /**
   * Share of rows in the pooled level of rare labels. Above 0 it has an indicator, and unseen labels count as
   * rare.
   */
  readonly rare: number;
  /** Share of training rows without a value. Above 0 the feature gets an indicator column. */
  readonly missing: number;
  /** For a category with more levels than indicators: an additional column, the mean outcome of the level. */
  readonly encoding?: TargetEncoding | undefined;
}

export type Feature = NumberFeature | CategoryFeature;

/**
 * The encoding of a training table's columns; stored with a model and applied to every customer that it
 * scores.
 */
export interface FeatureSchema {
  readonly features: readonly Feature[];
}

/** A level with fewer rows than this is pooled with the other rare ones. */
const MIN_LEVEL_ROWS = 20;
/** Maximum number of levels of a column with an indicator; the most frequent ones get one. */
const MAX_LEVELS = 50;

export interface SchemaOptions {
  /** Default: every column of the table. */
  readonly names?: readonly string[] | undefined;
  /** Target for encoding categories of more than 50 levels; default: their other levels are pooled. */
  readonly target?: EncodingTarget | undefined;
}

/** A schema, and the values of encoded categories that training rows use instead of the schema's. */
export interface LearnedSchema {
  readonly schema: FeatureSchema;
  /** By column: one value per row. */
  readonly own: ReadonlyMap<string, Float64Array>;
}

/**
 * Learns the encoding of the named columns; categories with many levels are encoded by the outcome.
 *
 * @throws as `learnSchema`
 */
export function learnSchemaWith(table: Table, { names, target }: SchemaOptions): LearnedSchema {
  const schema = learnSchema(table, names);
  const own = new Map<string, Float64Array>();
  const features = schema.features.map((feature): Feature => {
    const column = table.columns.get(feature.name);
    if (target === undefined || feature.kind !== "category" || column?.kind !== "category") return feature;
    if (new Set(column.codes).size <= MAX_LEVELS) return feature;
    const encoded = encodeByTarget(column, target);
    if (encoded === null) return feature;
    own.set(feature.name, encoded.own);
    return { ...feature, encoding: encoded.encoding };
  });
  return { schema: { features }, own };
}

/**
 * Learns the encoding of the named columns.
 *
 * @param names default: every column of the table
 * @throws ERR_FEATURE_MISSING a named column does not exist; the message names all missing columns
 * @throws ERR_FEATURE_INVALID a column contains no value
 */
export function learnSchema(
  table: Table,
  names: readonly string[] = [...table.columns.keys()],
): FeatureSchema {
  requireColumns(table, names);
  const features = names.map((name) => {
    const column = table.columns.get(name);
    return column?.kind === "category"
      ? learnCategory(name, column)
      : learnNumber(name, column as NumberColumn);
  });
  return { features };
}

/** @throws ERR_FEATURE_MISSING the message names every missing column */
export function requireColumns(table: Table, names: readonly string[]): void {
  const absent = names.filter((name) => !table.columns.has(name));
  if (absent.length === 0) return;
  const present = [...table.columns.keys()].join(", ") || "none";
  throw new LookalikeError(
    "ERR_FEATURE_MISSING",
    `Expected the feature columns ${names.join(", ")} but received a table without ${absent.join(", ")}`,
    { hint: `Add the missing columns, or train without them. Columns present: ${present}.` },
  );
}

function learnNumber(name: string, { values }: NumberColumn): NumberFeature {
  let known = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  // Welford 1962: one pass, without cancellation for large means.
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    known++;
    const delta = value - mean;
    mean += delta / known;
    squares += delta * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (known === 0) refuseEmpty(name, values.length);
  const deviation = Math.sqrt(squares / known);
  const constant = !(deviation > 1e-9 * Math.max(1, Math.abs(mean)));
  const missing = (values.length - known) / values.length;
  return { kind: "number", name, mean, deviation: constant ? 1 : deviation, min, max, missing };
}

function learnCategory(name: string, { codes, labels }: CategoryColumn): CategoryFeature {
  const rows = codes.length;
  const counts = new Map<string, number>();
  let known = 0;
  for (const code of codes) {
    const label = labels[code];
    if (label === undefined) continue;
    known++;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  if (known === 0) refuseEmpty(name, rows);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = ranked.slice(0, MAX_LEVELS).filter(([, count]) => count >= MIN_LEVEL_ROWS);
  const keptRows = kept.reduce((sum, [, count]) => sum + count, 0);
  const levels = kept.map(([label, count]) => ({ label, share: count / rows }));
  return { kind: "category", name, levels, rare: (known - keptRows) / rows, missing: (rows - known) / rows };
}

function refuseEmpty(name: string, rows: number): never {
  throw new LookalikeError(
    "ERR_FEATURE_INVALID",
    expected("at least one value", `feature column ${name}`, `${rows} rows without any`),
    { hint: "Remove the column from the features." },
  );
}
