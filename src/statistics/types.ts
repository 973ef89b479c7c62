import type { Table } from "../core/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { ArmRows } from "./checks/rejections.ts";

/** A past campaign in columns: the arm and the outcome of each row. */
export interface ExperimentTable {
  readonly rows: number;
  readonly arms: {
    /** The control first (`none` unless the log names it differently), the others in alphabetical order. */
    readonly labels: readonly string[];
    /** Index into `labels` per row; never missing. */
    readonly codes: Int32Array;
  };
  /** The outcome, per row: 0 or 1 (bought), or any finite number. Never missing. */
  readonly outcome: Float64Array;
  /**
   * The value of the sale in the campaign's currency, NaN if the log does not contain it; null without such a
   * column.
   */
  readonly value: Float64Array | null;
  /** Probability with which the row was given its arm, in (0, 1]; null if the log contains none. */
  readonly propensity: Float64Array | null;
  /**
   * Rows that depend on each other (of one customer, household or store), as one whole number per row; null
   * or absent if all rows are independent.
   */
  readonly clusters?: Int32Array | null | undefined;
  /**
   * The rows of each arm in the log, and how many of them were rejected: customers who were assigned but not measured.
   * Absent: none.
   */
  readonly received?: readonly ArmRows[] | undefined;
  readonly features: Table;
  readonly report: RowReport;
}
