import { expected, LookalikeError } from "../../core/index.ts";
import { type DatabaseResources, openDatabase } from "../../io/duckdb/index.ts";
import { findFiles, openScans, withReadableText } from "../../tables/index.ts";
import type { Metric } from "../design.ts";
import { openEvents } from "../outcomes/events.ts";
import type { Baseline } from "./plan.ts";

export interface BaselineOptions {
  /** Past outcomes, as `results` reads them. */
  readonly outcomes: string | readonly string[];
  /** All customers, those who bought nothing among them. */
  readonly customers: number;
  readonly metric: Metric;
  /** The last days of the outcomes that are taken. */
  readonly windowDays: number;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the mean and variance of a customer's outcome over the last window of past outcomes. Customers who are not in the
 * file bought nothing.
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
  const { customers, metric, windowDays, signal } = options;
  const files = await findFiles(options.outcomes);
  const database = await openDatabase({ ...options.resources, files: files.map(({ path }) => path), signal });
  try {
    return await withReadableText(database, files, async (readable) => {
      await openEvents(database, await openScans(database, readable));
      const amount = metric === "converted" ? "max(converted)" : "sum(value)";
      const [found = {}] = await database.all(
        `SELECT count(*) AS n, coalesce(sum(y), 0) AS sum, coalesce(sum(y * y), 0) AS squares FROM (
           SELECT ${amount}::DOUBLE AS y FROM events e
           WHERE e.id IS NOT NULL AND e.converted > 0
             AND (e.at IS NULL OR e.at > (SELECT max(e.at) FROM events e) - ${windowDays * 86_400}) GROUP BY id)`,
      );
      const buyers = Number(found.n);
      if (!(customers >= buyers && customers > 1)) {
        throw new LookalikeError(
          "ERR_OPTION_INVALID",
          expected(`${buyers} customers or more`, "customers", customers),
        );
      }
      const mean = Number(found.sum) / customers;
      const variance = Math.max(0, Number(found.squares) - customers * mean * mean) / (customers - 1);
      return { mean, variance };
    });
  } finally {
    await database.close();
  }
}
