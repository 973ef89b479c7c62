import type { CategoryColumn, Table } from "../core/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";

/**
 * Customers in columns, some thousands per batch, in the order of the source. `table` contains the feature
 * columns (of the CRM and, if call logs are given, those summarised from them); all data that identifies a
 * person is outside of it.
 */
export interface CustomerBatch {
  readonly rows: number;
  readonly ids: readonly string[];
  readonly table: Table;
  /** Absolute path, or null. */
  readonly photos: readonly (string | null)[];
  readonly consents: readonly Consent[];
}

/** Customers as a stream, with the report on the rows that it left out. */
export interface CustomerReader extends AsyncIterable<CustomerBatch> {
  /** Rows of the source, before any is rejected: the total for progress. */
  readonly rows: number;
  /** The columns of every batch's table. */
  readonly features: readonly string[];
  /** Whether every file has a column of ids; without one, a row's number is its id. */
  readonly hasIds: boolean;
  readonly report: RowReport;
}

/**
 * The handset that customers used and the one they bought next, one row per handset a customer used, by
 * customer and time. `current` and `next` share one list of labels. The same manufacturer again (`next` =
 * `current`) is known only if the log has the device model.
 */
export interface TransitionTable {
  readonly rows: number;
  readonly customerIds: readonly string[];
  /** The manufacturer in use; never missing. */
  readonly current: CategoryColumn;
  /** The manufacturer bought next; missing (-1): none before the log ends, so the row is right-censored. */
  readonly next: CategoryColumn;
  /** When `current` was first seen, in days since 1970-01-01 UTC. */
  readonly since: Float64Array;
  /**
   * When `next` was first seen, in days since 1970-01-01 UTC. For a missing `next`: when the customer was
   * last seen, or, in a log without models, a time at which another customer changed (`buildTimeline`).
   */
  readonly at: Float64Array;
  /** The customer's columns at that time (an age is counted back); missing if the CRM lacks the id. */
  readonly features: Table;
  /** Columns of `features` that come from the logs rather than from the CRM; default: none. */
  readonly fromLogs?: readonly string[] | undefined;
  /** Those of `fromLogs` that are computed from ties with other people; default: none. */
  readonly fromTies?: readonly string[] | undefined;
}
