import type { ErrorCode } from "../errors.ts";
import type { CategoryColumn, Table } from "../table.ts";

/** Why a customer's face may or may not be computed. Times are those of the CRM or of the consent registry. */
export type Consent =
  | { readonly status: "given"; readonly givenAt: Date; readonly expiresAt: Date | null }
  | { readonly status: "missing" }
  | { readonly status: "future"; readonly givenAt: Date }
  | { readonly status: "expired"; readonly expiresAt: Date }
  /** Taken back, in the consent registry. */
  | { readonly status: "withdrawn"; readonly withdrawnAt: Date }
  /** Given, but in a way that the law of the place does not accept: what the record does not show. */
  | { readonly status: "insufficient"; readonly lacking: "notice" | "method" | "age" };

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

/** One row that was left out, and why. */
export interface RefusedRow {
  /** Path of the file, as it was given. */
  readonly source: string;
  /** Data row from 1 (the header is not counted); null where the row cannot be numbered. */
  readonly row: number | null;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A column that was read otherwise than its file may have meant. */
export interface ColumnWarning {
  readonly column: string;
  /** Cells that it concerns. */
  readonly cells: number;
  readonly message: string;
}

/** What became of a source's rows. Grows while the source is read and is complete at its end. */
export interface RowReport {
  /** Rows seen, refused ones among them. */
  readonly read: number;
  readonly refused: number;
  readonly refusedByCode: Readonly<Partial<Record<ErrorCode, number>>>;
  /** The first refused rows, 1,000 at the most, so that a bad file of any length stays small here. */
  readonly refusals: readonly RefusedRow[];
  readonly warnings: readonly ColumnWarning[];
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
   * When `next` was first seen, days as `since`. For a missing `next`: when the customer was last seen, or, in a log that
   * names no models, a moment at which somebody else changed (`buildTimeline`).
   */
  readonly at: Float64Array;
  /** The customer's columns as they were at that time (an age is counted back); missing where the CRM lacks the id. */
  readonly features: Table;
  /** Columns of `features` that come from the logs rather than from the CRM; default: none. */
  readonly fromLogs?: readonly string[] | undefined;
}

/** A past campaign in columns: who was shown what, and what came of it. */
export interface ExperimentTable {
  readonly rows: number;
  readonly arms: {
    /** The control first (`none` unless the log calls it otherwise), the others in alphabetical order. */
    readonly labels: readonly string[];
    /** Index into `labels` per row; never missing. */
    readonly codes: Int32Array;
  };
  /** What is to be raised, per row: 0 or 1 (bought), or any finite number. Never missing. */
  readonly outcome: Float64Array;
  /** What the sale was worth in the campaign's currency, NaN where the log does not say; null without such a column. */
  readonly value: Float64Array | null;
  /** Probability with which the row was given its arm, in (0, 1]; null where the log names none at all. */
  readonly propensity: Float64Array | null;
  readonly features: Table;
  readonly report: RowReport;
}
