import type { Database } from "../../io/duckdb/index.ts";
import { type RowReport, warnOfIds } from "../../tables/index.ts";
import { LOGS_OF_CUSTOMERS } from "../coverage.ts";
import type { Crm } from "../crm.ts";

/** The logs' report, with a warning if few ids of the customers are in the logs. */
export async function withCoverage(
  database: Database,
  report: RowReport,
  crm: Crm | null,
): Promise<RowReport> {
  if (crm === null || !crm.hasIds.every(Boolean)) return report;
  const warnings = await warnOfIds(database, LOGS_OF_CUSTOMERS);
  if (warnings.length === 0) return report;
  return Object.defineProperties({} as RowReport, {
    ...Object.getOwnPropertyDescriptors(report),
    warnings: { value: [...report.warnings, ...warnings], enumerable: true },
  });
}
