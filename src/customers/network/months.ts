import type { Database } from "../../io/duckdb/index.ts";
import { type IdType, peopleBy, serviceRule } from "./people.ts";
import type { NetworkReading } from "./types.ts";

/** A person with more contacts in a month, or in all, is a business or a machine. */
export const MOST_CONTACTS = 150;

/** A month as a number: that of December of the year 0 is 12. */
export const monthOf = (moment: string) => `(year(${moment}) * 12 + month(${moment}))::INTEGER`;

export interface Window {
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
  /** Months that are already known, as numbers. */
  readonly known?: readonly number[] | undefined;
}

type Dropped = NetworkReading["dropped"];
type Class = keyof Dropped | "used";

/**
 * Creates `network_months` (month, a, b, ab, ba, calls, messages, seconds, days, first, last): the events
 * between two people in a month, `a` less than `b`, numbers of `network_people`; `days` has a bit for each
 * day of the month. Reads the events once. Of dropped events only their number is kept.
 *
 * @param events SELECT of caller, callee, moment, seconds and is_message
 */
export async function collectMonths(
  database: Database,
  events: string,
  { ids, window }: { readonly ids: IdType; readonly window: Window },
): Promise<Pick<NetworkReading, "read" | "used" | "dropped">> {
  const isService = await serviceRule(database);
  const time = (date: Date) => `make_timestamp(${Math.round(date.getTime() * 1000)}::BIGINT)`;
  const outside = [
    ...(window.from ? [`moment < ${time(window.from)}`] : []),
    ...(window.before ? [`moment >= ${time(window.before)}`] : []),
    ...(window.known?.length ? [`${monthOf("moment")} IN (${window.known.join(", ")})`] : []),
  ];
  const classOf = `CASE WHEN caller IS NULL OR callee IS NULL OR moment IS NULL OR seconds IS NULL THEN 'unreadable'
    WHEN ${outside.join(" OR ") || "false"} THEN 'outside' WHEN caller = callee THEN 'self'
    WHEN p.n IS NOT NULL AND q.n IS NOT NULL THEN 'used'
    WHEN ${isService("caller")} OR ${isService("callee")} THEN 'service' ELSE 'noConsent' END`;
  await database.run(`CREATE OR REPLACE TABLE network_months AS
    SELECT class, month, a, b, count_if(forward)::INTEGER AS ab, count_if(NOT forward)::INTEGER AS ba,
      count_if(NOT is_message)::INTEGER AS calls, count_if(is_message)::INTEGER AS messages,
      sum(greatest(seconds, 0))::DOUBLE AS seconds, bit_or((1 << (day(moment) - 1)::INTEGER)::UINTEGER) AS days,
      min(moment) AS first, max(moment) AS last, count(*) AS events
    FROM (
      SELECT class, p < q AS forward, moment, seconds, is_message,
        CASE WHEN class = 'used' THEN ${monthOf("moment")} END AS month,
        CASE WHEN class = 'used' THEN least(p, q) END AS a, CASE WHEN class = 'used' THEN greatest(p, q) END AS b
      FROM (SELECT e.*, p.n AS p, q.n AS q, ${classOf} AS class FROM (${events}) e
        LEFT JOIN (${peopleBy(ids)}) p ON p.key = e.caller LEFT JOIN (${peopleBy(ids)}) q ON q.key = e.callee)
    ) GROUP BY class, month, a, b`);
  const counts = await database.all(
    "SELECT class, sum(events)::DOUBLE AS events FROM network_months GROUP BY class",
  );
  const of = (name: Class) => Number(counts.find((row) => row.class === name)?.events ?? 0);
  // In place, because a copy of many months fills memory and disk.
  await database.run("DELETE FROM network_months WHERE class <> 'used'");
  for (const column of ["class", "events"])
    await database.run(`ALTER TABLE network_months DROP COLUMN ${column}`);
  return {
    read: counts.reduce((sum, { events }) => sum + Number(events), 0),
    used: of("used"),
    dropped: {
      noConsent: of("noConsent"),
      self: of("self"),
      service: of("service"),
      outside: of("outside"),
      unreadable: of("unreadable"),
    },
  };
}

/** The newest month of `network_months`, as a number; 0: none. */
export async function newestMonth(database: Database): Promise<number> {
  const [found] = await database.all("SELECT coalesce(max(month), 0)::DOUBLE AS month FROM network_months");
  return Number(found?.month ?? 0);
}
