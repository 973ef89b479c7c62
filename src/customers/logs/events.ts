import type { Database } from "../../io/duckdb/index.ts";
import { isWholeNumber, type RowReport } from "../../tables/index.ts";
import { findPeriod } from "./period.ts";
import { reportEvents } from "./refusals.ts";
import { findRepeats } from "./repeats.ts";
import { badEvent, EVENT_KINDS, type EventKind, eventColumns, type Reading } from "./selection.ts";
import { findLogTables, type LogScans, type LogTable } from "./tables.ts";

/** The logs, opened. */
export interface Events {
  readonly report: RowReport;
  /** Whether any log has a column of handsets. */
  readonly hasHandsets: boolean;
}

/**
 * Creates the views `calls` (caller, callee, moment, seconds, manufacturer, model) and `usage` (caller,
 * moment, bytes, manufacturer, model) over the logs' files, and the table `devices_seen` (manufacturer,
 * model, events). Rows that lack a subscriber, a time or a number, or whose time is years away from all
 * others, are skipped and reported. Records that appear twice count once.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY
 */
export async function openEvents(database: Database, logs: LogScans): Promise<Events> {
  const tables = await findLogTables(database, logs);
  const reading: Reading = { startSeconds: logs.startSeconds, ids: idTypes(tables) };
  for (const kind of EVENT_KINDS) {
    const own = tables.filter((table) => table.kind === kind);
    await createEvents(database, { name: `all_${kind}`, kind, tables: own, reading });
  }
  const period = await findPeriod(database, ["all_calls", "all_usage"]);
  const bad = { calls: badEvent("calls", period.isApart), usage: badEvent("usage", period.isApart) };
  const warnings = [...period.warnings];
  for (const kind of EVENT_KINDS) {
    const repeats = await findRepeats(database, kind, bad[kind]);
    warnings.push(...repeats.warnings);
    await createUsable(database, kind, { isBad: bad[kind], isDistinct: repeats.isDistinct });
  }
  await countDevices(database, bad);
  return {
    report: await reportEvents(database, tables, { reading, isApart: period.isApart, warnings }),
    hasHandsets: tables.some(({ manufacturer }) => manufacturer !== null),
  };
}

/** Creates a relation of the records of some tables of one kind. */
export async function createEvents(
  database: Database,
  {
    name,
    kind,
    tables,
    reading,
  }: {
    readonly name: string;
    readonly kind: EventKind;
    readonly tables: readonly LogTable[];
    readonly reading: Reading;
  },
): Promise<void> {
  const selects = tables.map(
    (table) => `SELECT ${eventColumns(table, reading)} FROM ${table.scan.checkedRelation}`,
  );
  await database.run(
    `CREATE OR REPLACE ${storageOf(tables)} ${name} AS ${selects.join(" UNION ALL ") || emptyEvents(kind, reading)}`,
  );
}

/** Creates the relation `calls` or `usage` without the records that are rejected. */
export async function createUsable(
  database: Database,
  kind: EventKind,
  { isBad, isDistinct }: { readonly isBad: string; readonly isDistinct: boolean },
): Promise<void> {
  const [storage, which] = isDistinct ? ["TABLE", "DISTINCT *"] : ["VIEW", "*"];
  await database.run(`CREATE ${storage} ${kind} AS SELECT ${which} FROM all_${kind} WHERE NOT (${isBad})`);
}

/**
 * Creates the table `devices_seen` from `all_calls` and `all_usage`.
 *
 * @param bad SQL of the records that are rejected
 */
export async function countDevices(
  database: Database,
  bad: Readonly<Record<EventKind, string>>,
): Promise<void> {
  await database.run(`CREATE TABLE devices_seen AS
    SELECT manufacturer, model, sum(events)::BIGINT AS events, sum(bad)::BIGINT AS bad FROM (
      SELECT manufacturer, model, count(*) AS events, count_if(${bad.calls}) AS bad FROM all_calls GROUP BY ALL
      UNION ALL
      SELECT manufacturer, model, count(*) AS events, count_if(${bad.usage}) AS bad FROM all_usage GROUP BY ALL
    ) GROUP BY ALL`);
}

/** A SELECT of the columns of `all_calls` or `all_usage`, without rows. */
export function emptyEvents(kind: EventKind, { ids }: Pick<Reading, "ids">): string {
  const contact = kind === "calls" ? `NULL::${ids} AS callee,` : "";
  return `SELECT NULL::${ids} AS caller, ${contact} NULL::TIMESTAMP AS moment,
    0::DOUBLE AS ${kind === "calls" ? "seconds" : "bytes"}, '' AS manufacturer, '' AS model WHERE false`;
}

/** Parquet is read again by each query. Text is parsed once and kept, on disk if memory is full. */
export function storageOf(tables: readonly LogTable[]): "VIEW" | "TABLE" {
  return tables.every(({ scan }) => scan.hasFileRow) ? "VIEW" : "TABLE";
}

export function idTypes(tables: readonly LogTable[]): Reading["ids"] {
  const ids = tables.flatMap(({ subscriber, contact }) =>
    contact === null ? [subscriber] : [subscriber, contact],
  );
  return ids.every(isWholeNumber) ? "BIGINT" : "VARCHAR";
}
