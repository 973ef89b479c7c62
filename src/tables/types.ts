import type { ErrorCode } from "../core/index.ts";

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
  /** The first 100,000 rejected rows, so that memory stays small for any file. */
  readonly refusals: readonly RefusedRow[];
  readonly warnings: readonly ColumnWarning[];
}
