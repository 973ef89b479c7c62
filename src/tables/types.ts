import type { ErrorCode } from "../core/index.ts";

/** A row that was rejected, with the reason. */
export interface RefusedRow {
  /** Path of the file, as given. */
  readonly source: string;
  /** Data row from 1 (the header is not counted); null if the row cannot be numbered. */
  readonly row: number | null;
  readonly code: ErrorCode;
  readonly message: string;
}

/** A column that was read differently from what its file may have meant. */
export interface ColumnWarning {
  readonly column: string;
  /** Number of cells concerned. */
  readonly cells: number;
  readonly message: string;
}

/** The counts of a source's rows. They grow while the source is read and are complete at its end. */
export interface RowReport {
  /** Rows read, rejected ones included. */
  readonly read: number;
  readonly refused: number;
  readonly refusedByCode: Readonly<Partial<Record<ErrorCode, number>>>;
  /** The first 100,000 rejected rows, so that memory stays small for any file. */
  readonly refusals: readonly RefusedRow[];
  readonly warnings: readonly ColumnWarning[];
}
