import { categoryColumn } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import { createMakerNames, type OwnMakers } from "./makers.ts";

/**
 * Builds the timeline of the handset that each subscriber used, from the views `calls` and `usage`. Creates
 * `manufacturers` (code, label, folded): spellings that differ in case or blanks, and names of one maker
 * (`createMakerNames`), are one; the most common spelling of its name is the label. `spells` (caller, number,
 * maker, since, until, months, asked_at): uninterrupted use of one handset, by time.
 *
 * A month belongs to the manufacturer with the most events in it, and to the most common named model: an
 * event without a model does not contradict the one before. A single month on another handset between months
 * on the same one is a temporary SIM swap and is ignored; two months or more are a change, and going back is
 * a return. The last month counts even alone, because it is the latest evidence. A change has the date of the first event
 * on the next handset, also in the month before: there, if no event on another handset follows.
 *
 * `asked_at` is the time for which the next choice is predicted: that of the change, otherwise when the
 * subscriber was last seen. But a log without models shows no second handset of the same maker, so unchanged
 * subscribers count as staying; at the log's end they would all be later, and observed for longer, than those
 * who changed. Their time is that of another subscriber's change during their own spell (incidence density
 * sampling, Lubin and Gail 1984).
 */
export async function buildTimeline(database: Database, own: OwnMakers = {}): Promise<void> {
  await nameHandsets(database, own);
  await database.run(`CREATE TABLE handset_months AS
    SELECT caller, month, handset, maker, is_known, sum(events)::BIGINT AS events, min(first) AS first,
      max(last) AS last
    FROM (${monthly("calls")} UNION ALL ${monthly("usage")}) GROUP BY caller, month, handset, maker, is_known`);
  await database.run(`CREATE TABLE handset_spells AS ${SPELLS}`);
  await database.run("DROP TABLE handset_months");
  await database.run(`CREATE TABLE spells AS ${ASKED}`);
  await database.run("DROP TABLE handset_spells");
}

/** Creates `manufacturers` and `handsets` from `devices_seen`. */
export async function nameHandsets(database: Database, own: OwnMakers = {}): Promise<void> {
  await nameMakers(database, own);
  await database.run(`CREATE TABLE manufacturers AS
    SELECT (row_number() OVER (ORDER BY label))::INTEGER AS code, label, folded
    FROM (SELECT DISTINCT label, folded FROM maker_names)`);
  await database.run(`CREATE TABLE handsets AS
    SELECT d.manufacturer, d.model, m.code AS maker, d.model <> '' AS is_known,
      (dense_rank() OVER (ORDER BY m.code, ${foldName("d.model")}))::INTEGER AS handset
    FROM devices_seen d JOIN maker_names n ON n.manufacturer = d.manufacturer JOIN manufacturers m ON m.folded = n.folded`);
}

/**
 * Creates `maker_names` (manufacturer, label, folded): the log's name of each maker, its label, and its key.
 */
async function nameMakers(database: Database, own: OwnMakers): Promise<void> {
  const seen = await database.all(
    `SELECT manufacturer, ${tidyName("manufacturer")} AS spelling, sum(events)::DOUBLE AS events FROM devices_seen
     WHERE manufacturer <> '' GROUP BY ALL ORDER BY events DESC, spelling DESC`,
  );
  const nameOf = createMakerNames(own);
  const known: { manufacturer: string; key: string }[] = [];
  const labels = new Map<string, { label: string; isOwnSpelling: boolean }>();
  for (const { manufacturer, spelling } of seen) {
    const found = nameOf(String(manufacturer));
    if (found === null) continue;
    known.push({ manufacturer: String(manufacturer), key: found.key });
    // The most common spelling of the name itself, which comes first; else the name of the alias.
    const isOwnSpelling = String(spelling).toLowerCase() === found.key;
    const label = labels.get(found.key);
    if (label === undefined || (isOwnSpelling && !label.isOwnSpelling)) {
      labels.set(found.key, { label: isOwnSpelling ? String(spelling) : found.name, isOwnSpelling });
    }
  }
  const columns = new Map([
    ["manufacturer", categoryColumn(known.map(({ manufacturer }) => manufacturer))],
    ["label", categoryColumn(known.map(({ key }) => labels.get(key)?.label ?? key))],
    ["folded", categoryColumn(known.map(({ key }) => key))],
  ]);
  await database.insert("maker_names", { rows: known.length, columns });
}

/** Collapses inner whitespace and trims. */
function tidyName(sql: string): string {
  return `regexp_replace(trim(${sql}), '\\s+', ' ', 'g')`;
}

function foldName(sql: string): string {
  return `lower(${tidyName(sql)})`;
}

function monthly(events: "calls" | "usage"): string {
  return `SELECT caller, (year(moment) * 12 + month(moment))::INTEGER AS month, handset, maker, is_known, count(*) AS events,
    min(moment) AS first, max(moment) AS last FROM ${events} JOIN handsets USING (manufacturer, model) GROUP BY ALL`;
}

/** Orders months by events, then by recency: one number is faster to compare than a pair. */
const WEIGHT = "events * 17179869184 + epoch(last)::BIGINT";

const SPELLS = `
  WITH makers AS (
    SELECT caller, month, maker, sum(events)::BIGINT AS events, min(first) AS first, max(last) AS last,
      arg_max(handset, ${WEIGHT}) FILTER (is_known) AS handset
    FROM handset_months GROUP BY caller, month, maker
  ), dominant AS (
    SELECT caller, month, unnest(arg_max(struct_pack(maker, handset, first, last), ${WEIGHT}))
    FROM makers GROUP BY caller, month
  ), neighbours AS (
    SELECT *, lag(maker) OVER months = lead(maker) OVER months AND maker <> lag(maker) OVER months AS is_other_maker,
      lag(handset) OVER months = lead(handset) OVER months AND handset <> lag(handset) OVER months AS is_other_model
    FROM dominant WINDOW months AS (PARTITION BY caller ORDER BY month)
  ), kept AS (
    SELECT caller, month, maker, handset, first, last FROM neighbours
    WHERE NOT coalesce(is_other_maker, false) AND NOT coalesce(is_other_model, false)
  ), earlier AS (
    SELECT *, lag(maker) OVER months AS maker_before, lag(month) OVER months AS month_before,
      last_value(CASE WHEN handset IS NOT NULL THEN struct_pack(maker, handset) END IGNORE NULLS)
        OVER (PARTITION BY caller ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS known
    FROM kept WINDOW months AS (PARTITION BY caller ORDER BY month)
  ), numbered AS (
    SELECT *, sum(CASE WHEN maker = maker_before AND NOT coalesce(known.maker = maker AND known.handset <> handset, false)
      THEN 0 ELSE 1 END) OVER (PARTITION BY caller ORDER BY month) AS number FROM earlier
  ), grouped AS (
    SELECT caller, number::INTEGER AS number, any_value(maker) AS maker, min(first) AS since, max(last) AS until,
      count(*)::INTEGER AS months, arg_min(struct_pack(month_before, maker_before, handset), month) AS start
    FROM numbered GROUP BY caller, number
  ), begun AS (
    SELECT caller, number, min(e.first) FILTER (is_next) AS first FROM (
      SELECT g.caller, g.number, h.first, h.last,
        h.maker = g.maker AND (g.maker <> g.start.maker_before OR h.handset IS NOT DISTINCT FROM g.start.handset) AS is_next
      FROM grouped g JOIN handset_months h ON h.caller = g.caller AND h.month = g.start.month_before
    ) e GROUP BY caller, number HAVING min(e.first) FILTER (is_next) > max(e.last) FILTER (NOT is_next)
  )
  SELECT caller, number, maker, coalesce(b.first, since) AS since, until, months
  FROM grouped LEFT JOIN begun b USING (caller, number)`;

/**
 * The moments in order of time, `rank` the number of changes up to each; each spell draws one of those inside
 * it.
 */
const ASKED = `
  WITH ended AS (
    SELECT *, lead(since) OVER time AS changed_at, lead(maker) OVER time AS next_maker FROM handset_spells
    WINDOW time AS (PARTITION BY caller ORDER BY number)
  ), changes AS (
    SELECT moment, sum(changes) OVER (ORDER BY moment)::BIGINT AS rank
    FROM (SELECT changed_at AS moment, count(*) AS changes FROM ended WHERE changed_at IS NOT NULL GROUP BY moment)
    WHERE NOT EXISTS (SELECT 1 FROM ended WHERE next_maker = maker)
  ), bounded AS (
    SELECT e.*, coalesce(a.rank, 0) AS before, coalesce(b.rank, 0) - coalesce(a.rank, 0) AS inside
    FROM ended e ASOF LEFT JOIN changes a ON a.moment <= e.since ASOF LEFT JOIN changes b ON b.moment <= e.until
  ), drawn AS (
    SELECT *, CASE WHEN changed_at IS NULL AND inside > 0
      THEN before + 1 + (hash(caller::VARCHAR, number) % inside::UBIGINT)::BIGINT END AS pick FROM bounded
  )
  SELECT caller, number, maker, d.since, until, months, coalesce(changed_at, c.moment, until) AS asked_at
  FROM drawn d ASOF LEFT JOIN changes c ON c.rank >= d.pick`;
