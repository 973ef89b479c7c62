import type { Database } from "../../duckdb/index.ts";
import { LookalikeError } from "../../errors.ts";
import { openLedger } from "../report.ts";
import { noteRejectedLines } from "../source/rejects.ts";
import {
  findColumn,
  instantOf,
  numberOf,
  requireColumn,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  textOf,
} from "../source/scan.ts";
import type { RowReport } from "../types.ts";

/** Which column holds what; each defaults to its role. A log may lack the device columns. */
export interface CallMapping {
  readonly caller_id?: string | undefined;
  readonly callee_id?: string | undefined;
  readonly started_at?: string | undefined;
  readonly duration_s?: string | undefined;
  readonly device_manufacturer?: string | undefined;
  readonly device_model?: string | undefined;
}

export interface UsageMapping {
  readonly subscriber_id?: string | undefined;
  readonly at?: string | undefined;
  readonly bytes?: string | undefined;
  readonly device_manufacturer?: string | undefined;
  readonly device_model?: string | undefined;
}

export interface LogScans {
  readonly calls: readonly Scan[];
  readonly callMapping: CallMapping;
  readonly usage: readonly Scan[];
  readonly usageMapping: UsageMapping;
  /** What seconds in a time column count from, in seconds since 1970. */
  readonly startSeconds: number;
}

/**
 * Creates the views `calls` (caller, callee, moment, seconds, manufacturer, model) and `usage` (caller, moment, bytes,
 * manufacturer, model) over the logs' files, and the table `devices_seen` (manufacturer, model, events). Rows that
 * lack a subscriber, a time or a number are left out and reported.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY
 */
export async function openEvents(database: Database, logs: LogScans): Promise<RowReport> {
  const ids = idTypes(logs);
  const calls = logs.calls.map((scan) => selectCalls(scan, logs, ids));
  const usage = logs.usage.map((scan) => selectUsage(scan, logs, ids));
  await database.run(
    `CREATE OR REPLACE ${storageOf(logs.calls)} all_calls AS ${calls.join(" UNION ALL ") || emptyCalls(ids)}`,
  );
  await database.run(
    `CREATE OR REPLACE ${storageOf(logs.usage)} all_usage AS ${usage.join(" UNION ALL ") || emptyUsage(ids)}`,
  );
  await database.run(`CREATE VIEW calls AS SELECT * FROM all_calls WHERE NOT (${BAD_CALL})`);
  await database.run(`CREATE VIEW usage AS SELECT * FROM all_usage WHERE NOT (${BAD_USAGE})`);
  await database.run(`CREATE TABLE devices_seen AS
    SELECT manufacturer, model, sum(events)::BIGINT AS events, sum(bad)::BIGINT AS bad FROM (
      SELECT manufacturer, model, count(*) AS events, count_if(${BAD_CALL}) AS bad FROM all_calls GROUP BY ALL
      UNION ALL
      SELECT manufacturer, model, count(*) AS events, count_if(${BAD_USAGE}) AS bad FROM all_usage GROUP BY ALL
    ) GROUP BY ALL`);
  return reportEvents(database, logs, ids);
}

const BAD_CALL = "caller IS NULL OR callee IS NULL OR moment IS NULL OR seconds IS NULL";
const BAD_USAGE = "caller IS NULL OR moment IS NULL OR bytes IS NULL";
const emptyCalls = (
  ids: IdType,
) => `SELECT NULL::${ids} AS caller, NULL::${ids} AS callee, NULL::TIMESTAMP AS moment,
  0::DOUBLE AS seconds, '' AS manufacturer, '' AS model WHERE false`;
const emptyUsage = (
  ids: IdType,
) => `SELECT NULL::${ids} AS caller, NULL::TIMESTAMP AS moment, 0::DOUBLE AS bytes,
  '' AS manufacturer, '' AS model WHERE false`;

/** Parquet is read afresh by each query; text is parsed once and kept, on disk where memory ends. */
function storageOf(scans: readonly Scan[]): "VIEW" | "TABLE" {
  return scans.every((scan) => scan.hasFileRow) ? "VIEW" : "TABLE";
}

/** Ids that are numbers in every file are compared as such: half the memory and time of text. */
type IdType = "BIGINT" | "VARCHAR";

function idTypes(logs: LogScans): IdType {
  const columns = [
    ...logs.calls.flatMap((scan) => [
      requireColumn(scan, logs.callMapping.caller_id ?? "caller_id", "caller_id"),
      requireColumn(scan, logs.callMapping.callee_id ?? "callee_id", "callee_id"),
    ]),
    ...logs.usage.map((scan) =>
      requireColumn(scan, logs.usageMapping.subscriber_id ?? "subscriber_id", "subscriber_id"),
    ),
  ];
  return columns.every((column) => column.storedAs === "number") ? "BIGINT" : "VARCHAR";
}

function idOf(column: ScanColumn, type: IdType): string {
  return type === "BIGINT" ? `TRY_CAST(${column.sql} AS BIGINT)` : textOf(column);
}

function selectCalls(scan: Scan, logs: LogScans, ids: IdType): string {
  const mapping = logs.callMapping;
  const required = (role: keyof CallMapping) => requireColumn(scan, mapping[role] ?? role, role);
  return `SELECT ${idOf(required("caller_id"), ids)} AS caller, ${idOf(required("callee_id"), ids)} AS callee,
    ${instantOf(required("started_at"), logs.startSeconds)} AS moment, ${numberOf(required("duration_s"))} AS seconds,
    ${deviceOf(scan, mapping)} FROM ${scan.checkedRelation}`;
}

function selectUsage(scan: Scan, logs: LogScans, ids: IdType): string {
  const mapping = logs.usageMapping;
  const required = (role: keyof UsageMapping) => requireColumn(scan, mapping[role] ?? role, role);
  return `SELECT ${idOf(required("subscriber_id"), ids)} AS caller,
    ${instantOf(required("at"), logs.startSeconds)} AS moment, ${numberOf(required("bytes"))} AS bytes,
    ${deviceOf(scan, mapping)} FROM ${scan.checkedRelation}`;
}

function deviceOf(scan: Scan, mapping: CallMapping | UsageMapping): string {
  const text = (role: "device_manufacturer" | "device_model") => {
    const name = mapping[role];
    const column = name === undefined ? findColumn(scan, role) : requireColumn(scan, name, role);
    return column === null ? "''" : `coalesce(${textOf(column)}, '')`;
  };
  return `${text("device_manufacturer")} AS manufacturer, ${text("device_model")} AS model`;
}

async function reportEvents(database: Database, logs: LogScans, ids: IdType): Promise<RowReport> {
  const ledger = openLedger();
  const scans = [...logs.calls, ...logs.usage];
  for (const lines of await noteRejectedLines(
    database,
    scans.flatMap((scan) => scan.files),
  ))
    lines.report(ledger);
  const [sums] = await database.all(
    "SELECT coalesce(sum(events), 0)::DOUBLE AS events, coalesce(sum(bad), 0)::DOUBLE AS bad FROM devices_seen",
  );
  ledger.count(Number(sums?.events ?? 0));
  if (Number(sums?.events ?? 0) === 0 && ledger.report.refused === 0) {
    const names = scans.map((scan) => scan.files[0]?.name).join(", ");
    throw new LookalikeError("ERR_SOURCE_EMPTY", `Expected rows in ${names} but received none`, {
      hint: "Check that the export ran to its end.",
    });
  }
  let bad = Number(sums?.bad ?? 0);
  for (const scan of scans.flatMap(eachFile)) {
    if (bad === 0) break;
    for (const row of await badRows(database, scan, logs, ids)) {
      bad--;
      ledger.refuse({
        source: scan.files[0]?.name ?? "",
        row,
        code: "ERR_ROW_VALUE_INVALID",
        message: `Expected a subscriber, a time and a number for row ${row} of the log but received none or another`,
      });
    }
  }
  ledger.refuseMany("ERR_ROW_VALUE_INVALID", bad);
  return ledger.report;
}

function eachFile(scan: Scan): Scan[] {
  return scan.files.length === 1 ? [scan] : [];
}

/** The first bad rows of a file by number, sought only where there are any; in a log of many parts they are counted. */
async function badRows(database: Database, scan: Scan, logs: LogScans, ids: IdType): Promise<number[]> {
  const isCall = logs.calls.includes(scan);
  const numbered = {
    ...scan,
    checkedRelation: `(SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation})`,
  };
  const select = (isCall ? selectCalls : selectUsage)(numbered, logs, ids).replace("SELECT ", "SELECT row, ");
  const rows = await database.all(
    `SELECT row::DOUBLE AS row FROM (${select}) WHERE ${isCall ? BAD_CALL : BAD_USAGE} LIMIT 1000`,
  );
  return rows.map((row) => Number(row.row));
}
