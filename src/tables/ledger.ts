import type { ErrorCode } from "../core/index.ts";
import type { ColumnWarning, RefusedRow, RowReport } from "./types.ts";

/** Rejected rows that are listed: about 20 MB. */
const MAX_LISTED = 100_000;

/** A report that is still being written. */
export interface RowLedger {
  readonly report: RowReport;
  count(read: number): void;
  refuse(row: RefusedRow): void;
  /** Counts rejected rows without listing them. */
  refuseMany(code: ErrorCode, count: number): void;
  warn(warnings: readonly ColumnWarning[]): void;
}

export function openLedger(): RowLedger {
  const refusedByCode: Partial<Record<ErrorCode, number>> = {};
  const refusals: RefusedRow[] = [];
  const warnings: ColumnWarning[] = [];
  let read = 0;
  let refused = 0;
  const add = (code: ErrorCode, count: number) => {
    if (count === 0) return;
    refused += count;
    refusedByCode[code] = (refusedByCode[code] ?? 0) + count;
  };
  return {
    report: {
      get read() {
        return read;
      },
      get refused() {
        return refused;
      },
      refusedByCode,
      refusals,
      warnings,
    },
    count(rows) {
      read += rows;
    },
    refuse(row) {
      add(row.code, 1);
      if (refusals.length < MAX_LISTED) refusals.push(row);
    },
    refuseMany: add,
    warn: (more) => void warnings.push(...more),
  };
}

/** The rejected rows by code: `2 ERR_ROW_ID, 1 ERR_ROW_MALFORMED`. */
export function countsByCode({ refusedByCode }: RowReport): string {
  return Object.entries(refusedByCode)
    .map(([code, rows]) => `${rows} ${code}`)
    .join(", ");
}
