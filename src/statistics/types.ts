import type { Table } from "../core/index.ts";
import type { RowReport } from "../tables/index.ts";

/** A past campaign in columns: who was shown what, and what came of it. */
export interface ExperimentTable {
  readonly rows: number;
  readonly arms: {
    /** The control first (`none` unless the log calls it otherwise), the others in alphabetical order. */
    readonly labels: readonly string[];
    /** Index into `labels` per row; never missing. */
    readonly codes: Int32Array;
  };
  /** The outcome, per row: 0 or 1 (bought), or any finite number. Never missing. */
  readonly outcome: Float64Array;
  /** What the sale was worth in the campaign's currency, NaN where the log does not say; null without such a column. */
  readonly value: Float64Array | null;
  /** Probability with which the row was given its arm, in (0, 1]; null where the log names none at all. */
  readonly propensity: Float64Array | null;
  /**
   * Rows that depend on each other (of one customer, household or store), as one whole number per row; null or absent
   * where every row stands for itself.
   */
  readonly clusters?: Int32Array | null | undefined;
  readonly features: Table;
  readonly report: RowReport;
}
