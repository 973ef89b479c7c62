import type { Database } from "../../io/duckdb/index.ts";
import type { ColumnWarning } from "../../tables/index.ts";
import type { EventKind } from "./selection.ts";

/** Finds records that appear more than once in a log, as in an export that was joined or loaded twice. */

/** In a log with more records than this, the share is measured on the records of a sample of subscribers. */
const MEASURED = 2_000_000;
/** A smaller share may be two calls in the same minute. */
const MIN_SHARE = 0.01;

export interface Repeats {
  /** Whether each record counts once. */
  readonly isDistinct: boolean;
  readonly warnings: readonly ColumnWarning[];
}

/** Records of a sample of subscribers. */
export interface RepeatCounts {
  readonly seen: number;
  /** Different ones. */
  readonly kept: number;
  /** Whether any time has hours or minutes. */
  readonly isTimed: boolean;
}

/**
 * @param kind the table `all_calls` or `all_usage`
 * @param isBad SQL of the records that are rejected
 */
export async function findRepeats(database: Database, kind: EventKind, isBad: string): Promise<Repeats> {
  const [size] = await database.all(`SELECT count(*)::DOUBLE AS rows FROM all_${kind}`);
  const rows = Number(size?.rows ?? 0);
  return readRepeats(kind, rows, await countRepeats(database, kind, { isBad, rows }));
}

/** @param rows number of records in the whole log, of which this database may have a part */
export async function countRepeats(
  database: Database,
  kind: EventKind,
  { isBad, rows }: { readonly isBad: string; readonly rows: number },
): Promise<RepeatCounts> {
  if (rows === 0) return { seen: 0, kept: 0, isTimed: false };
  const parts = Math.ceil(rows / MEASURED);
  const sample = parts === 1 ? "true" : `hash(caller) % ${parts} = 0`;
  const columns = `caller, moment, manufacturer, model, ${kind === "calls" ? "callee, seconds" : "bytes"}`;
  const [found] = await database.all(`SELECT coalesce(sum(n), 0)::DOUBLE AS rows, count(*)::DOUBLE AS kept,
      coalesce(bool_or(hour(moment) <> 0 OR minute(moment) <> 0), false) AS timed
    FROM (SELECT moment, count(*) AS n FROM all_${kind} WHERE ${sample} AND NOT (${isBad}) GROUP BY ${columns})`);
  return {
    seen: Number(found?.rows ?? 0),
    kept: Number(found?.kept ?? 0),
    isTimed: Number(found?.timed) === 1,
  };
}

export function readRepeats(kind: EventKind, rows: number, { seen, kept, isTimed }: RepeatCounts): Repeats {
  const share = seen === 0 ? 0 : (seen - kept) / seen;
  if (share < MIN_SHARE) return { isDistinct: false, warnings: [] };
  // Two calls of one length to one person on one day may be real; in one minute they are one call.
  const isDistinct = isTimed;
  const what = kind === "calls" ? "call" : "usage";
  const message = `Expected each record of the ${what} log once but received ${Math.round(100 * share)} % more than once: ${isDistinct ? "each counts once" : "all are counted, because their times have no minutes"}`;
  return { isDistinct, warnings: [{ column: "started_at", cells: Math.round(share * rows), message }] };
}
