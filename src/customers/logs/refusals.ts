import { LookalikeError } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import type { ColumnWarning, RowReport } from "../../tables/index.ts";
import { noteRejectedLines, openLedger, rowNumberOf } from "../../tables/index.ts";
import { badEvent, eventColumns, type Reading } from "./selection.ts";
import { type LogTable, ROLES } from "./tables.ts";

export interface ReadEvents {
  readonly reading: Reading;
  /** SQL of a time that lies years from all others. */
  readonly isApart: string;
  readonly warnings: readonly ColumnWarning[];
}

/** Reports the logs' rows, from the table `devices_seen` and the lines that were reported as unreadable. */
export async function reportEvents(
  database: Database,
  tables: readonly LogTable[],
  events: ReadEvents,
): Promise<RowReport> {
  const ledger = openLedger();
  ledger.warn(events.warnings);
  const scans = tables.map(({ scan }) => scan);
  for (const lines of await noteRejectedLines(database, scans)) lines.report(ledger);
  const [sums] = await database.all(
    "SELECT coalesce(sum(events), 0)::DOUBLE AS events, coalesce(sum(bad), 0)::DOUBLE AS bad FROM devices_seen",
  );
  ledger.count(Number(sums?.events ?? 0));
  if (Number(sums?.events ?? 0) === 0 && ledger.report.refused === 0) {
    const names = tables.map(({ scan }) => scan.files[0]?.name).join(", ");
    throw new LookalikeError("ERR_SOURCE_EMPTY", `Expected rows in ${names} but received none`, {
      hint: "Check that the export is complete.",
    });
  }
  let bad = Number(sums?.bad ?? 0);
  // Rows are located only in logs of one file; in a log of several files they are counted.
  for (const table of tables.filter(({ scan }) => scan.files.length === 1)) {
    if (bad === 0) break;
    const source = table.scan.files[0]?.name ?? "";
    for (const { row, message } of await badRows(database, table, events)) {
      bad--;
      ledger.refuse({
        source,
        row,
        code: "ERR_ROW_VALUE_INVALID",
        message: `${message} (row ${row} of ${source})`,
      });
    }
  }
  ledger.refuseMany("ERR_ROW_VALUE_INVALID", bad);
  return ledger.report;
}

/** The first bad rows of a file by number, with the missing value of each. */
async function badRows(
  database: Database,
  table: LogTable,
  { reading, isApart }: ReadEvents,
): Promise<{ readonly row: number; readonly message: string }[]> {
  const { kind, scan } = table;
  const lacking = `CASE WHEN caller IS NULL THEN 'subscriber'
    ${kind !== "usage" ? "WHEN callee IS NULL THEN 'contact'" : ""} WHEN moment IS NULL THEN 'time'
    WHEN ${isApart} THEN 'apart' ELSE 'amount' END`;
  const rows = await database.all(
    `SELECT row::DOUBLE AS row, ${lacking} AS lacking FROM (
       SELECT row, ${eventColumns(table, reading)} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation})
     ) WHERE ${badEvent(kind, isApart)} LIMIT 1000`,
  );
  return rows.map(({ row, lacking }) => ({
    row: Number(row),
    message: messageOf(table, String(lacking)),
  }));
}

const WANTED = {
  subscriber: "a subscriber",
  contact: "who was called",
  time: "a time",
  amount: "a number",
} as const;

function messageOf({ kind, timeForm }: LogTable, lacking: string): string {
  if (lacking === "apart") {
    return `Expected a time near the others for ${ROLES[kind].time} but received one that is years away from all others`;
  }
  if (lacking !== "time" && lacking !== "subscriber" && lacking !== "contact") {
    return `Expected ${WANTED.amount} for ${ROLES[kind].amount} but received none`;
  }
  const received = lacking === "time" ? receivedTime(timeForm) : "none";
  return `Expected ${WANTED[lacking]} for ${ROLES[kind][lacking]} but received ${received}`;
}

function receivedTime(form: LogTable["timeForm"]): string {
  if (form === "undecided") {
    return "one that may start with day or month, as all in the file: write 2026-03-31";
  }
  return "none, or one in another format than most";
}
