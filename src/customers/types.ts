import type { CategoryColumn, Table } from "../core/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";

/**
 * Customers in columns, some thousand at a time, in the order of the source. `table` holds the feature columns
 * (CRM and, where call logs are given, those summarised from them); everything that identifies a person stays
 * outside of it.
 */
export interface CustomerBatch {
  readonly rows: number;
  readonly ids: readonly string[];
  readonly table: Table;
  /** Absolute path, or null. */
  readonly photos: readonly (string | null)[];
  readonly consents: readonly Consent[];
}

/** Customers as a stream, with the report of the rows that it left out. */
export interface CustomerReader extends AsyncIterable<CustomerBatch> {
  /** Rows of the source, before any is refused: what progress is measured against. */
  readonly rows: number;
  /** The columns of every batch's table. */
  readonly features: readonly string[];
  /** Whether every file has a column of ids; without one, a row's number is its id. */
  readonly hasIds: boolean;
  readonly report: RowReport;
}

/**
 * What customers used and what they bought next, one row per handset a customer used, by customer and time.
 * `current` and `next` share one list of labels. The same manufacturer again (`next` = `current`) is seen only where
 * the log names the device model.
 */
export interface TransitionTable {
  readonly rows: number;
  readonly customerIds: readonly string[];
  /** The manufacturer in use; never missing. */
  readonly current: CategoryColumn;
  /** The manufacturer bought next; missing (-1): none until the log ends, so the row is right-censored. */
  readonly next: CategoryColumn;
  /** When `current` was first seen, in days since 1970-01-01 UTC. */
  readonly since: Float64Array;
  /**
   * When `next` was first seen, days as `since`. For a missing `next`: when the customer was last seen, or, in a log
   * that has no models, a time at which another customer changed (`buildTimeline`).
   */
  readonly at: Float64Array;
  /** The customer's columns as they were at that time (an age is counted back); missing where the CRM lacks the id. */
  readonly features: Table;
  /** Columns of `features` that come from the logs rather than from the CRM; default: none. */
  readonly fromLogs?: readonly string[] | undefined;
}
