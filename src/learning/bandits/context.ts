import { invalidOption, type Table } from "../../core/index.ts";
import { designColumns, encode } from "../features/encode.ts";
import { type FeatureSchema, learnSchema } from "../features/schema.ts";
import { MAX_BANDIT_FEATURES } from "./linear.ts";

/** Standardised values beyond this are set to it, so that one outlier does not decide an arm's regression. */
const REACH = 4;

/**
 * Learns the encoding of the columns that a linear policy uses.
 *
 * @throws ERR_OPTION_INVALID the columns and the constant give more than 50 features
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function learnContext(table: Table, names: readonly string[]): FeatureSchema {
  const schema = learnSchema(table, names);
  const width = contextWidth(schema);
  if (width <= MAX_BANDIT_FEATURES) return schema;
  throw invalidOption(
    `at most ${MAX_BANDIT_FEATURES - 1} features`,
    "the columns of a linear policy",
    width - 1,
    "Name fewer columns. Each common label of a text column is a feature of its own.",
  );
}

/** Number of features of a customer: a constant, and the design columns. */
export function contextWidth(schema: FeatureSchema): number {
  return 1 + designColumns(schema).length;
}

/** Features of each row of a table: `contextWidth(schema)` numbers, the first one 1, the others standardised. */
export interface Contexts {
  readonly rows: number;
  /** A view, valid as long as the table's contexts. */
  of(row: number): Float64Array;
}

/** @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID */
export function encodeContexts(schema: FeatureSchema, table: Table): Contexts {
  const { rows, width, values } = encode(schema, table);
  const own = new Float64Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    const at = row * (width + 1);
    own[at] = 1;
    for (let i = 0; i < width; i++) {
      own[at + 1 + i] = Math.min(REACH, Math.max(-REACH, values[row * width + i] ?? 0));
    }
  }
  return { rows, of: (row) => own.subarray(row * (width + 1), (row + 1) * (width + 1)) };
}
