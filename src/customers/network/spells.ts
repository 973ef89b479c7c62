import type { Database } from "../../io/duckdb/index.ts";
import type { OwnMakers } from "../logs/makers.ts";
import { badEvent } from "../logs/selection.ts";
import { buildTimeline } from "../logs/timeline.ts";

/**
 * Creates `network_spells` (n, number, maker, since): uninterrupted use of one maker's handsets by people who consent,
 * by time. Needs the timeline of handsets.
 */
export async function prepareSpells(database: Database): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE network_spells AS
    WITH runs AS (
      SELECT caller, maker, since, coalesce(maker <> lag(maker) OVER time, true) AS is_start FROM spells
      WINDOW time AS (PARTITION BY caller ORDER BY number)
    )
    SELECT p.n, maker, since, row_number() OVER (PARTITION BY p.n ORDER BY since) AS number
    FROM runs r JOIN network_people p ON p.id = r.caller::VARCHAR WHERE is_start`);
}

/**
 * Builds the timeline of handsets of people who consent; events of others are not read.
 *
 * @param storage whether events are read again by each query, or kept
 */
export async function buildOwnTimeline(
  database: Database,
  storage: "VIEW" | "TABLE",
  own: OwnMakers | undefined,
): Promise<void> {
  await database.run(`CREATE OR REPLACE ${storage} calls AS SELECT caller, moment, manufacturer, model FROM all_calls e
    SEMI JOIN network_people p ON p.id = e.caller::VARCHAR WHERE NOT is_message AND NOT (${badEvent("calls", "false")})`);
  await database.run("CREATE OR REPLACE VIEW usage AS SELECT * FROM calls WHERE false");
  await database.run(
    "CREATE OR REPLACE TABLE devices_seen AS SELECT manufacturer, model, count(*) AS events FROM calls GROUP BY ALL",
  );
  await buildTimeline(database, own);
}
