import type { Database } from "../../io/duckdb/index.ts";
import { featuresAt, hasNetwork, type NetworkFeature } from "../network/features.ts";
import type { SharedTable } from "../shared-tables.ts";
import { callRates, DAYS_PER_MONTH, sharedMakers } from "./summary.ts";

/** Features of subscribers at times in the past, in a table created by `summariseAt`. */
export interface AsOf {
  /** Column `s0`, `s1`, ... of the table per feature; a manufacturer is its name. */
  readonly columns: readonly AsOfColumn[];
}

interface AsOfColumn {
  readonly name: string;
  readonly kind: "number" | "maker";
}

interface Expression extends AsOfColumn {
  readonly sql: string;
}

export interface Moments {
  /** The table to create: caller, number, s0, s1, ... */
  readonly table: SharedTable;
  /**
   * SELECT of caller, number (of the moment, among the caller's), moment, and spell: the number of the spell
   * that the caller's handset was in, NULL if not known.
   */
  readonly requested: string;
  /**
   * The moments are those at which the spells ended. `current_manufacturer`, `months_on_current` and
   * `observed_months` are then left out: on the day of a purchase the last two are longer than on any day
   * before it, and a model would take that for a cause.
   */
  readonly areEnds: boolean;
}

/**
 * Computes the logs' features as of a time: those of `summariseLogs`, under the same names, so that a model
 * can be trained on the past and used on the present. Volumes are those of whole months before the month of
 * the moment; contacts are those called before it, by the handset that each had then.
 *
 * Reads the calls again: call it only if needed.
 */
export async function summariseAt(database: Database, moments: Moments): Promise<AsOf> {
  const makers = await sharedMakers(database);
  const [kinds] = await database.all(
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM calls LIMIT 1)) AS calls, (SELECT count(*) FROM (SELECT 1 FROM usage LIMIT 1)) AS usage",
  );
  const has = { calls: Number(kinds?.calls) > 0, usage: Number(kinds?.usage) > 0, device: makers.length > 0 };
  const own = columnsOf(makers, has, moments.areEnds);
  await database.run(`CREATE OR REPLACE TABLE requested AS
    SELECT caller, number, spell, moment AS left_at, (year(moment) * 12 + month(moment))::INTEGER AS left_month FROM (${moments.requested})`);
  const network = (await hasNetwork(database))
    ? await featuresAt(database, {
        table: "asked_network",
        requested: "SELECT caller, number, left_at FROM requested",
        makers,
      })
    : [];
  const columns = [...own, ...network.map(ofNetwork)];
  const join =
    network.length > 0 ? "LEFT JOIN asked_network w ON w.caller = a.caller AND w.number = a.number" : "";
  await database.run(`CREATE OR REPLACE TABLE ${moments.table} AS ${select(columns, makers)} ${join}`);
  await database.run("DROP TABLE requested");
  return { columns };
}

function ofNetwork({ name, column }: NetworkFeature): Expression {
  return { name, sql: `w.${column}`, kind: "number" };
}

/** Runs `summariseAt` for the times of the spells and creates the table `spell_features`. */
export function summariseSpells(database: Database): Promise<AsOf> {
  return summariseAt(database, {
    table: "spell_features",
    requested: "SELECT caller, number, number AS spell, asked_at AS moment FROM spells",
    areEnds: true,
  });
}

function columnsOf(
  makers: readonly { readonly label: string }[],
  has: { readonly calls: boolean; readonly usage: boolean; readonly device: boolean },
  areEnds: boolean,
): Expression[] {
  const number = (name: string, sql: string): Expression => ({
    name,
    sql: `(${sql})::DOUBLE`,
    kind: "number",
  });
  const maker = (name: string, code: string): Expression => ({
    name,
    sql: `(SELECT label FROM manufacturers WHERE code = ${code})`,
    kind: "maker",
  });
  const monthsSince = (moment: string) =>
    `date_diff('second', ${moment}, a.left_at) / 86400.0 / ${DAYS_PER_MONTH}`;
  const calls = [
    ...callRates("v.months").map(({ name, sql }) => number(name, sql)),
    number("contacts", "f.contacts"),
    ...makers.map(({ label }, i) => number(`contact_share_${label}`, `on${i} / nullif(known, 0)`)),
  ];
  const device = [
    maker("previous_manufacturer", "h.makers[-2]"),
    number("manufacturers_used", "list_unique(h.makers)"),
    number("manufacturer_switches", "len(h.makers) - 1"),
    number("manufacturer_returns", "len(h.makers) - list_unique(h.makers)"),
  ];
  const now = [
    maker("current_manufacturer", "h.makers[-1]"),
    number("months_on_current", monthsSince("h.run_since")),
  ];
  return [
    ...(has.device ? device : []),
    ...(has.device && !areEnds ? now : []),
    ...(areEnds ? [] : [number("observed_months", monthsSince("v.first"))]),
    ...(has.calls ? calls : []),
    ...(has.usage ? [number("data_mb_per_month", "v.bytes / 1e6 / v.months")] : []),
  ];
}

function select(columns: readonly Expression[], makers: readonly { readonly code: number }[]): string {
  const shares = makers.map(({ code }, i) => `, count(*) FILTER (d.maker = ${code}) AS on${i}`).join("");
  const selected = columns.map(({ sql }, i) => `${sql} AS s${i}`).join(", ");
  const month = (moment: string) => `(year(${moment}) * 12 + month(${moment}))::INTEGER`;
  const starts = "make_date(((left_month - 1) // 12)::INTEGER, ((left_month - 1) % 12 + 1)::INTEGER, 1)";
  return `WITH histories AS (
      SELECT caller, number, list(maker) FILTER (is_start) OVER time AS makers,
        max(since) FILTER (is_start) OVER time AS run_since
      FROM (
        SELECT caller, number, maker, since, coalesce(maker <> lag(maker) OVER time, true) AS is_start FROM spells
        WINDOW time AS (PARTITION BY caller ORDER BY number)
      ) WINDOW time AS (PARTITION BY caller ORDER BY number)
    ), monthly AS (
      SELECT caller, month, sum(calls)::BIGINT AS calls, sum(seconds) AS seconds, sum(missed)::BIGINT AS missed,
        sum(bytes) AS bytes, min(first) AS first
      FROM (
        SELECT caller, ${month("moment")} AS month, count(*) AS calls, sum(greatest(seconds, 0)) AS seconds,
          count_if(seconds < 0) AS missed, NULL::DOUBLE AS bytes, min(moment) AS first FROM calls GROUP BY ALL
        UNION ALL
        SELECT caller, ${month("moment")} AS month, NULL, NULL, NULL, sum(bytes), min(moment) FROM usage GROUP BY ALL
      ) GROUP BY caller, month
    ), volumes AS (
      SELECT caller, number, sum(calls)::BIGINT AS calls, sum(seconds) AS seconds, sum(missed)::BIGINT AS missed,
        sum(bytes) AS bytes, min(first) AS first,
        greatest(1, date_diff('second', min(first), any_value(${starts})::TIMESTAMP) / 86400.0 / ${DAYS_PER_MONTH}) AS months
      FROM requested JOIN monthly USING (caller) WHERE month < left_month GROUP BY caller, number
    ), firsts AS (
      SELECT caller, callee, min(moment) AS first FROM calls GROUP BY caller, callee
    ), called AS (
      SELECT a.caller, a.number, a.left_at, p.callee FROM requested a JOIN firsts p ON p.caller = a.caller AND p.first < a.left_at
    ), friends AS (
      SELECT c.caller, c.number, count(*) AS contacts, count(d.maker) AS known ${shares}
      FROM called c ASOF LEFT JOIN spells d ON d.caller = c.callee AND d.since <= c.left_at GROUP BY c.caller, c.number
    )
    SELECT a.caller, a.number, ${selected} FROM requested a
    LEFT JOIN histories h ON h.caller = a.caller AND h.number = a.spell
    LEFT JOIN volumes v ON v.caller = a.caller AND v.number = a.number
    LEFT JOIN friends f ON f.caller = a.caller AND f.number = a.number`;
}
