import type { Database } from "../../io/duckdb/index.ts";

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
