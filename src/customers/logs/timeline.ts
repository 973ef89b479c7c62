import type { Database } from "../../duckdb.ts";

/**
 * Which handset each subscriber used when, from the views `calls` and `usage`. Creates
 * `manufacturers` (code, label, folded): spellings that differ in case or blanks are one; the commonest is the label.
 * `spells` (caller, number, handset, manufacturer, since, until, months): uninterrupted use of one handset, by time.
 *
 * A month belongs to the handset with the most events in it. A single month on another handset between months on the
 * same one is a SIM swapped for a while and is ignored; two months or more are a change, and going back is a return.
 * The last month counts even alone: it is the newest evidence there is.
 */
export async function buildTimeline(database: Database): Promise<void> {
  await database.run(`CREATE TABLE manufacturers AS
    SELECT (row_number() OVER (ORDER BY label))::INTEGER AS code, label, folded FROM (
      SELECT ${foldName("manufacturer")} AS folded, arg_max(spelling, (events, spelling)) AS label FROM (
        SELECT manufacturer, ${tidyName("manufacturer")} AS spelling, sum(events)::BIGINT AS events
        FROM devices_seen WHERE manufacturer <> '' GROUP BY ALL
      ) GROUP BY folded)`);
  await database.run(`CREATE TABLE handsets AS
    SELECT d.manufacturer, d.model, m.code AS maker,
      (dense_rank() OVER (ORDER BY m.code, ${foldName("d.model")}))::INTEGER AS handset
    FROM devices_seen d JOIN manufacturers m ON m.folded = ${foldName("d.manufacturer")} WHERE d.manufacturer <> ''`);
  await database.run(`CREATE TABLE handset_months AS
    SELECT caller, month, handset, maker, sum(events)::BIGINT AS events, min(first) AS first, max(last) AS last
    FROM (${monthly("calls")} UNION ALL ${monthly("usage")}) GROUP BY caller, month, handset, maker`);
  await database.run(`CREATE TABLE spells AS ${SPELLS}`);
  await database.run("DROP TABLE handset_months");
}

/** Inner blanks to one, outer ones gone. */
function tidyName(sql: string): string {
  return `regexp_replace(trim(${sql}), '\\s+', ' ', 'g')`;
}

export function foldName(sql: string): string {
  return `lower(${tidyName(sql)})`;
}

function monthly(events: "calls" | "usage"): string {
  return `SELECT caller, (year(moment) * 12 + month(moment))::INTEGER AS month, handset, maker, count(*) AS events,
    min(moment) AS first, max(moment) AS last FROM ${events} JOIN handsets USING (manufacturer, model) GROUP BY ALL`;
}

/** Months in order of events, then of recency: both in one number, which is quicker to compare than a pair. */
const WEIGHT = "events * 17179869184 + epoch(last)::BIGINT";

const SPELLS = `
  WITH dominant AS (
    SELECT caller, month, arg_max(handset, ${WEIGHT}) AS handset, arg_max(maker, ${WEIGHT}) AS maker,
      arg_max(first, ${WEIGHT}) AS first, arg_max(last, ${WEIGHT}) AS last
    FROM handset_months GROUP BY caller, month
  ), neighbours AS (
    SELECT *, lag(handset) OVER months AS before, lead(handset) OVER months AS after FROM dominant
    WINDOW months AS (PARTITION BY caller ORDER BY month)
  ), kept AS (
    SELECT * FROM neighbours WHERE NOT coalesce(before = after AND handset <> before, false)
  ), changes AS (
    SELECT *, coalesce(handset <> lag(handset) OVER months, true) AS is_change FROM kept
    WINDOW months AS (PARTITION BY caller ORDER BY month)
  ), numbered AS (
    SELECT *, sum(is_change::INTEGER) OVER (PARTITION BY caller ORDER BY month) AS number FROM changes
  )
  SELECT caller, number::INTEGER AS number, any_value(handset) AS handset, any_value(maker) AS maker,
    min(first) AS since, max(last) AS until, count(*)::INTEGER AS months
  FROM numbered GROUP BY caller, number`;
