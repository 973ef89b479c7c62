import type { Database } from "../../io/duckdb/index.ts";
import type { ColumnWarning } from "../../tables/index.ts";

/** Finds records whose time is years away from all others: a wrong clock, or a missing time written as 0. */

/** A gap without records of this length splits a log: two logs in one, or wrong times. */
const GAP_MONTHS = 24;
/** Up to this share of the records may lie apart and is rejected; a larger share is kept, with a warning. */
const MAX_APART = 0.1;

export interface Period {
  /** SQL of whether a time lies apart; "false" if none does. */
  readonly isApart: string;
  readonly warnings: readonly ColumnWarning[];
}

interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly events: number;
}

/** Number of records by month, in order; a month counts from year 0. */
export type MonthCounts = readonly (readonly [month: number, events: number])[];

/** @param tables relations with a column `moment` */
export async function findPeriod(database: Database, tables: readonly string[]): Promise<Period> {
  return periodOf(await countMonths(database, tables));
}

export async function countMonths(database: Database, tables: readonly string[]): Promise<MonthCounts> {
  const months = tables.map(
    (table) =>
      `SELECT (year(moment) * 12 + month(moment) - 1)::INTEGER AS month FROM ${table} WHERE moment IS NOT NULL`,
  );
  const rows = await database.all(
    `SELECT month, count(*)::DOUBLE AS events FROM (${months.join(" UNION ALL ")}) GROUP BY month ORDER BY month`,
  );
  return rows.map(({ month, events }) => [Number(month), Number(events)]);
}

/** The period of a log of which all records were counted. */
export function periodOf(months: MonthCounts): Period {
  const stretches = splitAtGaps(months);
  const all = stretches.reduce((sum, { events }) => sum + events, 0);
  const [main] = stretches.toSorted((a, b) => b.events - a.events);
  if (main === undefined || stretches.length === 1) return { isApart: "false", warnings: [] };
  const apart = all - main.events;
  if (apart > MAX_APART * all) {
    const share = `${Math.round((100 * apart) / all)} %`;
    const message = `Expected records without a gap of years in the logs but received ${apart} (${share}) more than ${GAP_MONTHS} months from the others, between ${monthName(stretches[0]?.first)} and ${monthName(stretches.at(-1)?.last)}: check their times`;
    return { isApart: "false", warnings: [{ column: "started_at", cells: apart, message }] };
  }
  const bound = (month: number) =>
    `make_timestamp(${Math.floor(month / 12)}, ${(month % 12) + 1}, 1, 0, 0, 0)`;
  return {
    isApart: `coalesce(moment < ${bound(main.first)} OR moment >= ${bound(main.last + 1)}, false)`,
    warnings: [],
  };
}

function splitAtGaps(months: MonthCounts): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [month, events] of months) {
    const open = stretches.at(-1);
    if (open === undefined || month - open.last > GAP_MONTHS)
      stretches.push({ first: month, last: month, events });
    else stretches[stretches.length - 1] = { ...open, last: month, events: open.events + events };
  }
  return stretches;
}

function monthName(month: number | undefined): string {
  return month === undefined ? "" : `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
}
