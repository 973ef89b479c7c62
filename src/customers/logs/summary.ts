import type { Database } from "../../io/duckdb/index.ts";
import type { Candidate } from "../../tables/index.ts";
import { featuresAt, hasNetwork } from "../network/features.ts";
import type { Joined } from "../read.ts";

/** The number of manufacturers with a share, those with the most subscribers. */
const MAX_SHARES = 12;

export const DAYS_PER_MONTH = 30.436875;

/**
 * Features per subscriber from the logs, as the table `subscribers` (id, s0, s1, ...):
 *
 * | column | meaning |
 * | --- | --- |
 * | `current_manufacturer` | of the last spell of the device timeline |
 * | `previous_manufacturer` | the last different one before it |
 * | `manufacturers_used` | how many different ones |
 * | `manufacturer_switches` | changes of manufacturer |
 * | `manufacturer_returns` | changes back to one used before |
 * | `months_on_current` | since the current manufacturer was first used without a break |
 * | `observed_months` | from the first event to the end of the logs |
 * | `calls_per_month`, `minutes_per_month` | outgoing, over the observed months (at least one) |
 * | `missed_share` | of the outgoing calls, those with a negative duration |
 * | `contacts` | different people called |
 * | `contact_share_<manufacturer>` | of the contacts whose handset is known, those on that manufacturer |
 * | `data_mb_per_month` | megabytes (10^6) over the observed months |
 */
export async function summariseLogs(database: Database): Promise<Joined> {
  await summariseOwn(database);
  const [counts] = await database.all(
    "SELECT (SELECT count(*) FROM pairs) AS pairs, (SELECT count(*) FROM volumes) AS volumes",
  );
  const kinds = { hasCalls: Number(counts?.pairs) > 0, hasUsage: Number(counts?.volumes) > 0 };
  const candidates = await joinContacts(database, kinds);
  for (const table of ["pairs", "volumes"]) await database.run(`DROP TABLE ${table}`);
  const makers = await sharedMakers(database);
  return { table: "subscribers", candidates: [...candidates, ...(await joinFriends(database, makers))] };
}

/**
 * Creates what a subscriber's own records give: `pairs` (by caller and callee), `volumes`, `log_period` and
 * `devices`.
 */
export async function summariseOwn(database: Database): Promise<void> {
  await database.run(`CREATE TABLE pairs AS
    SELECT caller, callee, count(*) AS calls, sum(greatest(seconds, 0)) AS seconds, count_if(seconds < 0) AS missed,
      min(moment) AS first, max(moment) AS last FROM calls GROUP BY caller, callee`);
  await database.run(`CREATE TABLE volumes AS
    SELECT caller, sum(bytes) AS bytes, min(moment) AS first, max(moment) AS last FROM usage GROUP BY caller`);
  await database.run(`CREATE TABLE log_period AS SELECT max(last) AS ends FROM (
    SELECT max(last) AS last FROM pairs UNION ALL SELECT max(last) FROM volumes)`);
  await database.run(`CREATE TABLE devices AS ${DEVICES}`);
}

/**
 * Creates `subscribers` from the tables of `summariseOwn` and `manufacturers`. `pairs` and `volumes` may be
 * those of a part of the subscribers; `devices` and `log_period` are of all.
 */
export async function joinContacts(
  database: Database,
  kinds: { readonly hasCalls: boolean; readonly hasUsage: boolean },
): Promise<readonly Candidate[]> {
  const makers = await sharedMakers(database);
  const columns = subscriberColumns({ makers: makers.map(({ label }) => label), ...kinds });
  const codes = makers.map(({ code }) => code);
  await database.run(`CREATE TABLE subscribers AS ${joinSubscribers(columns, codes)}`);
  return columns.map((column, i) => ({ ...column, sql: `s${i}` }));
}

/** Adds the features of ties at the end of the logs, if ties are known, to the table `subscribers`. */
async function joinFriends(
  database: Database,
  makers: Awaited<ReturnType<typeof sharedMakers>>,
): Promise<readonly Candidate[]> {
  if (!(await hasNetwork(database))) return [];
  const requested = `SELECT DISTINCT caller, 0 AS number, ends AS left_at FROM (
    SELECT caller FROM spells UNION SELECT caller FROM calls UNION SELECT caller FROM usage) CROSS JOIN log_period`;
  const features = await featuresAt(database, { table: "network_now", requested, makers });
  await database.run(`CREATE OR REPLACE TABLE subscribers AS
    SELECT s.*, w.* EXCLUDE (caller, number) FROM subscribers s LEFT JOIN network_now w ON w.caller::VARCHAR = s.id`);
  return features.map(({ name, column }) => ({ name, sql: column, storedAs: "number" }));
}

/** The manufacturers with the most current subscribers, whose shares of the contacts are features. */
export async function sharedMakers(
  database: Database,
): Promise<{ readonly code: number; readonly label: string }[]> {
  const rows =
    await database.all(`SELECT code, label FROM devices JOIN manufacturers ON code = current GROUP BY ALL
    ORDER BY count(*) DESC, label LIMIT ${MAX_SHARES}`);
  return rows.map(({ code, label }) => ({ code: Number(code), label: String(label) }));
}

/** SQL of the rates of calls, seconds and missed calls over this number of months. */
export function callRates(months: string): { readonly name: string; readonly sql: string }[] {
  return [
    { name: "calls_per_month", sql: `calls / ${months}` },
    { name: "minutes_per_month", sql: `seconds / 60 / ${months}` },
    { name: "missed_share", sql: "missed / calls" },
  ];
}

const DEVICES = `
  WITH runs AS (
    SELECT caller, number, maker, since, coalesce(maker <> lag(maker) OVER time, true) AS is_start FROM spells
    WINDOW time AS (PARTITION BY caller ORDER BY number)
  ), starts AS (SELECT caller, list(maker ORDER BY number) AS makers, max(since) AS since FROM runs WHERE is_start GROUP BY caller)
  SELECT caller, makers[-1] AS current, makers[-2] AS previous, len(makers) - 1 AS switches,
    list_unique(makers) AS used, len(makers) - list_unique(makers) AS returns, since FROM starts`;

interface LogKinds {
  /** Makers with a contact share; empty for a log without handsets. */
  readonly makers: readonly string[];
  readonly hasCalls: boolean;
  readonly hasUsage: boolean;
}

/** Only columns that the logs can provide; one that would always be missing is skipped. */
function subscriberColumns({ makers, hasCalls, hasUsage }: LogKinds): Candidate[] {
  const days = (from: string) => `date_diff('second', ${from}, ends) / 86400.0 / ${DAYS_PER_MONTH}`;
  const months = `greatest(1, ${days("e.first")})`;
  const number = (name: string, sql: string): Candidate => ({
    name,
    sql: `(${sql})::DOUBLE`,
    storedAs: "number",
  });
  const maker = (code: string) => `(SELECT label FROM manufacturers WHERE code = ${code})`;
  const device: Candidate[] = [
    { name: "current_manufacturer", sql: maker("d.current"), storedAs: "text" },
    { name: "previous_manufacturer", sql: maker("d.previous"), storedAs: "text" },
    number("manufacturers_used", "d.used"),
    number("manufacturer_switches", "d.switches"),
    number("manufacturer_returns", "d.returns"),
    number("months_on_current", days("d.since")),
  ];
  const calls = [
    ...callRates(months).map(({ name, sql }) => number(name, sql)),
    number("contacts", "contacts"),
    ...makers.map((label, i) => number(`contact_share_${label}`, `on${i} / nullif(known, 0)`)),
  ];
  return [
    ...(makers.length > 0 ? device : []),
    number("observed_months", days("e.first")),
    ...(hasCalls ? calls : []),
    ...(hasUsage ? [number("data_mb_per_month", `bytes / 1e6 / ${months}`)] : []),
  ];
}

function joinSubscribers(columns: readonly Candidate[], makers: readonly number[]): string {
  const shares = makers.map((code, i) => `, count(*) FILTER (d.current = ${code}) AS on${i}`).join("");
  const selected = columns.map((column, i) => `${column.sql} AS s${i}`).join(", ");
  return `WITH friends AS (
      SELECT p.caller, count(*) AS contacts, count(d.current) AS known, sum(calls)::BIGINT AS calls,
        sum(seconds) AS seconds, sum(missed)::BIGINT AS missed, min(first) AS first ${shares}
      FROM pairs p LEFT JOIN devices d ON d.caller = p.callee GROUP BY p.caller
    ), everyone AS (
      SELECT coalesce(f.caller, v.caller) AS caller, least(f.first, v.first) AS first,
        f.* EXCLUDE (caller, first), v.bytes
      FROM friends f FULL JOIN volumes v ON v.caller = f.caller
    )
    SELECT e.caller::VARCHAR AS id, ${selected}
    FROM everyone e LEFT JOIN devices d ON d.caller = e.caller CROSS JOIN log_period`;
}
