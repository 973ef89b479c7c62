import type { Database } from "../../io/duckdb/index.ts";
import { MOST_CONTACTS } from "./months.ts";
import { trianglesOf } from "./triangles.ts";
import type { Tie } from "./types.ts";

/**
 * Number of months that ties are made of, including the newest. Older ones would count for less than 1 / 64.
 */
export const WINDOW_MONTHS = 6;

/**
 * How days and events make strength: days^0.6 x events^0.4, divided by the fourth root of the product of both
 * people's sums, because a contact counts for more if a person has few. Chosen on the Copenhagen Networks
 * Study by which contact stays the most frequent one (docs/network.md).
 */
export const STRENGTH = { days: 0.6, events: 0.4, crowd: 0.25 } as const;

/** SQL of the strength of days and events before the division. */
export function rawStrength(days: string, events: string): string {
  return `pow(${days}, ${STRENGTH.days}) * pow(${events}, ${STRENGTH.events})`;
}

/** SQL of a month's weight: half of the next month's. */
export function decay(month: string, until: string): string {
  return `pow(0.5, ${until} - ${month})`;
}

export interface TieOptions {
  /** The newest month that counts, as a number. */
  readonly until: number;
  readonly isMutual: boolean;
}

/**
 * Creates `network_ties` (a, b, days, events, ab, ba, calls, messages, seconds, first, last, strength) of the
 * months up to `until`, and `network_arcs` (i, j, strength, share), each tie from both sides.
 *
 * Sources: active days, then counts: Mattie et al. 2018; Urena-Carrion et al. 2020, arXiv 2007.14238;
 * windows: Krings et al. 2012, EPJ Data Science 1:4.
 *
 * @returns the number of people left out as hubs
 */
export async function buildTies(database: Database, { until, isMutual }: TieOptions): Promise<number> {
  await database.run(`CREATE OR REPLACE TABLE network_sums AS
    SELECT a, b, sum(bit_count(days) * ${decay("month", `${until}`)}) AS days,
      sum((ab + ba) * ${decay("month", `${until}`)}) AS events, sum(ab)::INTEGER AS ab, sum(ba)::INTEGER AS ba,
      sum(calls)::INTEGER AS calls, sum(messages)::INTEGER AS messages, sum(seconds) AS seconds,
      min(first) AS first, max(last) AS last
    FROM network_months WHERE month BETWEEN ${until - WINDOW_MONTHS + 1} AND ${until} GROUP BY a, b`);
  await database.run(`CREATE OR REPLACE TABLE network_hubs AS
    SELECT n FROM (SELECT a AS n FROM network_sums UNION ALL SELECT b FROM network_sums)
    GROUP BY n HAVING count(*) > ${MOST_CONTACTS}`);
  await database.run(`CREATE OR REPLACE TABLE network_raw AS
    SELECT s.*, ${rawStrength("days", "events")} AS raw FROM network_sums s
    ANTI JOIN network_hubs h ON h.n = s.a ANTI JOIN network_hubs g ON g.n = s.b
    ${isMutual ? "WHERE ab > 0 AND ba > 0" : ""}`);
  await database.run("DROP TABLE network_sums");
  await database.run(`CREATE OR REPLACE TABLE network_ties AS
    WITH sums AS (SELECT n, sum(raw) AS raw FROM (
      SELECT a AS n, raw FROM network_raw UNION ALL SELECT b, raw FROM network_raw) GROUP BY n)
    SELECT t.* EXCLUDE (raw), t.raw / pow(p.raw * q.raw, ${STRENGTH.crowd}) AS strength
    FROM network_raw t JOIN sums p ON p.n = t.a JOIN sums q ON q.n = t.b`);
  await database.run("DROP TABLE network_raw");
  await database.run(`CREATE OR REPLACE TABLE network_arcs AS
    WITH arcs AS (SELECT a AS i, b AS j, strength FROM network_ties UNION ALL SELECT b, a, strength FROM network_ties),
      sums AS (SELECT i, sum(strength) AS total FROM arcs GROUP BY i)
    SELECT i, j, strength, strength / total AS share FROM arcs JOIN sums USING (i)`);
  const [hubs] = await database.all("SELECT count(*)::DOUBLE AS n FROM network_hubs");
  return Number(hubs?.n ?? 0);
}

/**
 * Creates `network_overlap` (a, b, common, overlap): contacts that both have, divided by those that either
 * has, without the two themselves. Source: Onnela et al. 2007, PNAS 104:7332.
 */
export async function buildOverlap(database: Database): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE network_overlap AS
    WITH degrees AS (SELECT i, count(*) AS degree FROM network_arcs GROUP BY i),
      triangles AS MATERIALIZED (${trianglesOf("network_ties")}),
      shared AS (SELECT a, b, count(*) AS common FROM (
        SELECT a, b FROM triangles UNION ALL SELECT a, c FROM triangles UNION ALL SELECT b, c FROM triangles) GROUP BY a, b)
    SELECT t.a, t.b, coalesce(common, 0)::INTEGER AS common,
      coalesce(common / nullif(p.degree + q.degree - 2 - common, 0), 0)::DOUBLE AS overlap
    FROM network_ties t JOIN degrees p ON p.i = t.a JOIN degrees q ON q.i = t.b
    LEFT JOIN shared s ON s.a = t.a AND s.b = t.b`);
}

/** A person's ties, strongest first. Needs `network_overlap`. */
export async function tiesOf(database: Database, id: string): Promise<readonly Tie[]> {
  const rows = await database.all(
    `SELECT q.id AS contact, x.strength, x.share, t.days, t.calls, t.messages, t.seconds, least(t.ab, t.ba) AS least_direction, o.overlap
     FROM network_people p JOIN network_arcs x ON x.i = p.n JOIN network_people q ON q.n = x.j
     JOIN network_ties t ON t.a = least(x.i, x.j) AND t.b = greatest(x.i, x.j)
     JOIN network_overlap o ON o.a = t.a AND o.b = t.b
     WHERE p.id = ? ORDER BY x.strength DESC, q.id`,
    [id],
  );
  return rows.map((row) => ({
    contact: String(row.contact),
    strength: Number(row.strength),
    share: Number(row.share),
    days: Number(row.days),
    calls: Number(row.calls),
    messages: Number(row.messages),
    seconds: Number(row.seconds),
    leastDirection: Number(row.least_direction),
    overlap: Number(row.overlap),
  }));
}
