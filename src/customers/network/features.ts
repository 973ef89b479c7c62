import type { Database } from "../../io/duckdb/index.ts";
import type { SharedTable } from "../shared-tables.ts";
import { MOST_CONTACTS, monthOf } from "./months.ts";
import { prepareSpells } from "./spells.ts";
import { decay, rawStrength, WINDOW_MONTHS } from "./ties.ts";
import { trianglesOf } from "./triangles.ts";

/** Days for which a friend's new handset counts as recent. */
const NEWS_DAYS = 90;

export interface NetworkFeature {
  readonly name: string;
  /** The column of the table that `featuresAt` makes. */
  readonly column: string;
}

export interface FeatureMoments {
  /** The table to create: caller, number, f0, f1, ... */
  readonly table: SharedTable;
  /** SELECT of caller, number (of the moment, among the caller's) and left_at. */
  readonly requested: string;
  /** Makers with a share, and their codes. */
  readonly makers: readonly { readonly code: number; readonly label: string }[];
}

/** Whether a column of customers is computed from their ties. */
export function isNetworkFeature(name: string): boolean {
  return name === "friends" || /^friend_(?:clustering$|switches$|share_|switch_)/.test(name);
}

/** Whether this database contains ties. */
export async function hasNetwork(database: Database): Promise<boolean> {
  return hasTable(database, "network_months");
}

async function hasTable(database: Database, name: string): Promise<boolean> {
  const [found] = await database.all("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = ?", [
    name,
  ]);
  return Number(found?.n) > 0;
}

/**
 * Computes a person's features from mutual ties at a moment, from whole months before the month of the moment
 * and from the handsets that friends used by then:
 *
 * | column | meaning |
 * | --- | --- |
 * | `friends` | mutual ties |
 * | `friend_clustering` | of the pairs of friends, those who have a tie themselves |
 * | `friend_switches` | of the ties' strength, that of friends who changed their handset's maker in the 90 days before |
 * | `friend_share_<maker>` | of the strength of friends whose handset is known, that of friends on this maker |
 * | `friend_switch_<maker>` | of all strength, that of friends who changed to this maker in the 90 days before |
 *
 * NULL if the person has no tie or does not consent.
 */
export async function featuresAt(
  database: Database,
  { table, requested, makers }: FeatureMoments,
): Promise<readonly NetworkFeature[]> {
  await prepareArcs(database);
  const expressions: readonly (readonly [name: string, sql: string])[] = [
    ["friends", "count(*)"],
    ["friend_clustering", "coalesce(any_value(t.triangles), 0) / nullif(count(*) * (count(*) - 1) / 2, 0)"],
    ["friend_switches", "sum(w) FILTER (is_news) / sum(w)"],
    ...makers.flatMap(({ code, label }) => [
      [
        `friend_share_${label}`,
        `coalesce(sum(w) FILTER (maker = ${code}), 0) / sum(w) FILTER (maker IS NOT NULL)`,
      ] as const,
      [
        `friend_switch_${label}`,
        `coalesce(sum(w) FILTER (is_news AND maker = ${code}), 0) / sum(w)`,
      ] as const,
    ]),
  ];
  const selected = expressions.map(
    ([, sql], i) => `coalesce(${sql}, ${i === 2 ? "0" : "NULL"})::DOUBLE AS f${i}`,
  );
  await database.run(`CREATE OR REPLACE TABLE ${table} AS
    WITH moments AS (
      SELECT a.caller, a.number, a.left_at, ${monthOf("a.left_at")} AS left_month, p.n AS i
      FROM (${requested}) a JOIN network_callers p ON p.caller = a.caller
    ), sums AS (
      SELECT m.caller, m.number, any_value(m.left_at) AS left_at, any_value(m.left_month) AS left_month, m.i, x.j,
        sum(x.days * ${decay("x.month", "(m.left_month - 1)")}) AS days,
        sum((x.sent + x.received) * ${decay("x.month", "(m.left_month - 1)")}) AS events
      FROM moments m JOIN network_directed x ON x.i = m.i AND x.month < m.left_month AND x.month >= m.left_month - ${WINDOW_MONTHS}
      GROUP BY m.caller, m.number, m.i, x.j HAVING sum(x.sent) > 0 AND sum(x.received) > 0
    ), friends AS (
      SELECT s.caller, s.number, s.i, s.j, s.left_at, s.left_month, ${rawStrength("s.days", "s.events")} AS w, d.maker,
        d.number > 1 AND d.since > s.left_at - INTERVAL ${NEWS_DAYS} DAY AS is_news
      FROM sums s ASOF LEFT JOIN network_spells d ON d.n = s.j AND d.since < s.left_at
    ), closed AS (
      SELECT f.caller, f.number, count(*) AS triangles FROM friends f
      JOIN network_triangles t ON t.i = f.i AND t.j = f.j AND t.since < f.left_month GROUP BY f.caller, f.number
    )
    SELECT f.caller, f.number, ${selected.join(", ")} FROM friends f
    LEFT JOIN (SELECT caller, number, triangles / 2 AS triangles FROM closed) t USING (caller, number)
    GROUP BY f.caller, f.number`);
  return expressions.map(([name], i) => ({ name, column: `f${i}` }));
}

/**
 * Creates, once, the tables that features at any moment are computed from: `network_spells`, `network_directed`
 * (month, i, j, sent, received, days) without people who are hubs in that month, `network_triangles` (i, j, since):
 * once for each triangle with a tie of i and j, with the month from which on all three ties existed, and `network_callers` (n, caller).
 */
async function prepareArcs(database: Database): Promise<void> {
  if (await hasTable(database, "network_triangles")) return;
  await prepareSpells(database);
  await database.run(`CREATE TABLE network_directed AS
    WITH arcs AS (
      SELECT month, a AS i, b AS j, ab AS sent, ba AS received, bit_count(days) AS days FROM network_months
      UNION ALL SELECT month, b, a, ba, ab, bit_count(days) FROM network_months
    ), hubs AS (SELECT month, i FROM arcs GROUP BY month, i HAVING count(*) > ${MOST_CONTACTS})
    SELECT x.* FROM arcs x ANTI JOIN hubs h ON h.month = x.month AND h.i = x.i ANTI JOIN hubs g ON g.month = x.month AND g.i = x.j`);
  await database.run(`CREATE TABLE network_callers AS
    SELECT p.n, c.caller FROM network_people p JOIN (
      SELECT caller, caller::VARCHAR AS id FROM (SELECT caller FROM spells UNION SELECT caller FROM calls UNION SELECT caller FROM usage)
    ) c ON c.id = p.id`);
  await database.run(`CREATE TABLE network_triangles AS
    WITH first AS MATERIALIZED (
      SELECT i AS a, j AS b, greatest(min(month) FILTER (sent > 0), min(month) FILTER (received > 0)) AS since
      FROM network_directed WHERE i < j GROUP BY i, j HAVING sum(sent) > 0 AND sum(received) > 0
    ), found AS MATERIALIZED (${trianglesOf("first", ", greatest(x.since, y.since, z.since) AS since")})
    ${["a, b", "b, a", "a, c", "c, a", "b, c", "c, b"]
      .map((ends) => `SELECT ${ends.replace(",", " AS i,")} AS j, since FROM found`)
      .join(" UNION ALL ")}`);
}
