import type { Database, RowBatch } from "../../duckdb.ts";
import type { Column } from "../../table.ts";
import { callRates, DAYS_PER_MONTH, sharedMakers } from "./summary.ts";

/** Features of spells, as they were when each spell ended. */
export interface AsOf {
  /** Expressions over `spell_features s`, which joins `spells` by caller and number. */
  readonly select: readonly string[];
  readonly names: readonly string[];
  read(batch: RowBatch): Map<string, Column>;
}

interface AsOfColumn {
  readonly name: string;
  readonly sql: string;
  readonly kind: "number" | "maker";
}

/**
 * Features per spell from what the logs had told when it ended, as the table `spell_features`: those of
 * `summariseLogs`, under the same names, so that a model of the next purchase learns from the past alone and can be
 * asked about the present. Left out are `months_on_current` and `observed_months`: on the day of a purchase they are
 * longer than on any day before it, which would be mistaken for a cause. Volumes are those of whole months before the
 * month of the purchase; contacts are those called before it, by the handset that each had then.
 *
 * Reads the calls again: to be asked for only where transitions are wanted.
 */
export async function summariseSpells(database: Database): Promise<AsOf> {
  const makers = await sharedMakers(database);
  const [kinds] = await database.all(
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM calls LIMIT 1)) AS calls, (SELECT count(*) FROM (SELECT 1 FROM usage LIMIT 1)) AS usage",
  );
  const columns = columnsOf(makers, Number(kinds?.calls) > 0, Number(kinds?.usage) > 0);
  await database.run(`CREATE OR REPLACE TABLE asked AS
    SELECT caller, number, left_at, (year(left_at) * 12 + month(left_at))::INTEGER AS left_month FROM (
      SELECT caller, number, coalesce(lead(since) OVER time, until) AS left_at FROM spells
      WINDOW time AS (PARTITION BY caller ORDER BY number))`);
  await database.run(`CREATE OR REPLACE TABLE spell_features AS ${select(columns, makers)}`);
  await database.run("DROP TABLE asked");
  return {
    names: columns.map(({ name }) => name),
    select: columns.map(({ kind }, i) => (kind === "maker" ? `s.s${i}::maker AS s${i}` : `s.s${i}`)),
    read: (batch) =>
      new Map(
        columns.map(({ name, kind }, i): [string, Column] => [
          name,
          kind === "maker"
            ? { kind: "category", ...batch.codes(`s${i}`) }
            : { kind: "number", values: batch.numbers(`s${i}`) },
        ]),
      ),
  };
}

function columnsOf(
  makers: readonly { readonly label: string }[],
  hasCalls: boolean,
  hasUsage: boolean,
): AsOfColumn[] {
  const number = (name: string, sql: string): AsOfColumn => ({
    name,
    sql: `(${sql})::DOUBLE`,
    kind: "number",
  });
  const previous = "(SELECT label FROM manufacturers WHERE code = h.makers[-2])";
  const calls = [
    ...callRates("v.months").map(({ name, sql }) => number(name, sql)),
    number("contacts", "f.contacts"),
    ...makers.map(({ label }, i) => number(`contact_share_${label}`, `on${i} / nullif(known, 0)`)),
  ];
  return [
    { name: "previous_manufacturer", sql: previous, kind: "maker" },
    number("manufacturers_used", "list_unique(h.makers)"),
    number("manufacturer_switches", "len(h.makers) - 1"),
    number("manufacturer_returns", "len(h.makers) - list_unique(h.makers)"),
    ...(hasCalls ? calls : []),
    ...(hasUsage ? [number("data_mb_per_month", "v.bytes / 1e6 / v.months")] : []),
  ];
}

function select(columns: readonly AsOfColumn[], makers: readonly { readonly code: number }[]): string {
  const shares = makers.map(({ code }, i) => `, count(*) FILTER (d.maker = ${code}) AS on${i}`).join("");
  const selected = columns.map(({ sql }, i) => `${sql} AS s${i}`).join(", ");
  const month = (moment: string) => `(year(${moment}) * 12 + month(${moment}))::INTEGER`;
  const starts = "make_date(((left_month - 1) // 12)::INTEGER, ((left_month - 1) % 12 + 1)::INTEGER, 1)";
  return `WITH histories AS (
      SELECT caller, number, list(maker) FILTER (is_start) OVER (PARTITION BY caller ORDER BY number) AS makers FROM (
        SELECT caller, number, maker, coalesce(maker <> lag(maker) OVER time, true) AS is_start FROM spells
        WINDOW time AS (PARTITION BY caller ORDER BY number))
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
        sum(bytes) AS bytes,
        greatest(1, date_diff('second', min(first), any_value(${starts})::TIMESTAMP) / 86400.0 / ${DAYS_PER_MONTH}) AS months
      FROM asked JOIN monthly USING (caller) WHERE month < left_month GROUP BY caller, number
    ), firsts AS (
      SELECT caller, callee, min(moment) AS first FROM calls GROUP BY caller, callee
    ), called AS (
      SELECT a.caller, a.number, a.left_at, p.callee FROM asked a JOIN firsts p ON p.caller = a.caller AND p.first < a.left_at
    ), friends AS (
      SELECT c.caller, c.number, count(*) AS contacts, count(d.maker) AS known ${shares}
      FROM called c ASOF LEFT JOIN spells d ON d.caller = c.callee AND d.since <= c.left_at GROUP BY c.caller, c.number
    )
    SELECT h.caller, h.number, ${selected} FROM histories h
    LEFT JOIN volumes v ON v.caller = h.caller AND v.number = h.number
    LEFT JOIN friends f ON f.caller = h.caller AND f.number = h.number`;
}
