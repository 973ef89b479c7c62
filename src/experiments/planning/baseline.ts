import { invalidOption } from "../../core/index.ts";
import { type DatabaseResources, openDatabase } from "../../io/duckdb/index.ts";
import {
  type ColumnWarning,
  findFiles,
  openScans,
  type RowReport,
  withReadableText,
} from "../../tables/index.ts";
import type { Metric } from "../design.ts";
import { LACKING, openEvents, UNDATED } from "../outcomes/events.ts";
import type { Baseline } from "./plan.ts";

export interface BaselineOptions {
  /** Past outcomes, in the form of `readResults`. */
  readonly outcomes: string | readonly string[];
  /** Number of all customers, including those who bought nothing. */
  readonly customers: number;
  readonly metric: Metric;
  /** Length of the window, in days, at the end of the outcomes. */
  readonly windowDays: number;
  /** Later outcomes have a wrong clock and are left out; default: all are used. */
  readonly at?: Date | undefined;
  /** Called with the report on the rows. */
  readonly onRows?: ((report: RowReport) => void) | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the mean and variance of a customer's outcome over the last window of past outcomes. Customers who are not in the
 * file bought nothing. Rows that are repeated exactly count once; rows without an id, an outcome or a readable time are
 * rejected, and those after `at` are left out with a warning.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_COLUMN_MISSING, ERR_OPTION_INVALID fewer customers than buyers
 *
 * @example
 * const baseline = await readBaseline({
 *   outcomes: "last-year.csv",
 *   customers: 100_000,
 *   metric: "converted",
 *   windowDays: 14,
 * });
 */
export async function readBaseline(options: BaselineOptions): Promise<Baseline> {
  const { customers, metric, windowDays, at, signal, onRows } = options;
  const files = await findFiles(options.outcomes);
  const database = await openDatabase({ ...options.resources, files: files.map(({ path }) => path), signal });
  try {
    return await withReadableText(database, files, async (readable) => {
      const { ledger } = await openEvents(database, await openScans(database, readable));
      const isLate = at === undefined ? "false" : `coalesce(e.at > ${at.getTime() / 1000}, false)`;
      const [bad = {}] = await database.all(`SELECT count_if(${LACKING})::DOUBLE AS lacking,
        count_if(NOT ${LACKING} AND ${UNDATED})::DOUBLE AS undated, count_if(${isLate})::DOUBLE AS late FROM events e`);
      ledger.refuseMany("ERR_ROW_VALUE_INVALID", Number(bad.lacking));
      ledger.refuseMany("ERR_ROW_DATE_INVALID", Number(bad.undated));
      ledger.warn(lateWarning(Number(bad.late)));
      onRows?.(ledger.report);
      await database.run(`CREATE TABLE past AS SELECT DISTINCT id, "at", converted, value FROM events e
        WHERE NOT ${LACKING} AND NOT ${UNDATED} AND NOT ${isLate}`);
      const amount = metric === "converted" ? "max(converted)" : "sum(value)";
      const [found = {}] = await database.all(
        `SELECT count(*) AS n, coalesce(sum(y), 0) AS sum, coalesce(sum(y * y), 0) AS squares FROM (
           SELECT ${amount}::DOUBLE AS y FROM past
           WHERE converted > 0 AND ("at" IS NULL OR "at" > (SELECT max("at") FROM past) - ${windowDays * 86_400}) GROUP BY id)`,
      );
      const buyers = Number(found.n);
      if (!(customers >= buyers && customers > 1)) {
        throw invalidOption(`${buyers} customers or more`, "customers", customers);
      }
      const mean = Number(found.sum) / customers;
      const variance = Math.max(0, Number(found.squares) - customers * mean * mean) / (customers - 1);
      return { mean, variance };
    });
  } finally {
    await database.close();
  }
}

function lateWarning(cells: number): ColumnWarning[] {
  if (cells === 0) return [];
  return [{ column: "at", cells, message: `${cells} outcomes lie in the future and are left out` }];
}
