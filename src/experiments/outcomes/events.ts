import type { Database } from "../../io/duckdb/index.ts";
import {
  checkIds,
  findTimeForm,
  idOf,
  instantOf,
  noteRejectedLines,
  numberOf,
  openLedger,
  optionalColumn,
  type RowLedger,
  type RowReport,
  readTally,
  requireColumn,
  type Scan,
  type ScanColumn,
  tallyColumns,
  textOf,
  truthOf,
} from "../../tables/index.ts";

/** The outcomes' rows by class; each row is in one class. */
export interface OutcomeRows {
  readonly read: number;
  /** Counted towards a customer. */
  readonly counted: number;
  /** Customers without a decision. */
  readonly unknown: number;
  /** Before the customer's decision. */
  readonly early: number;
  /** After the customer's window. */
  readonly late: number;
  /** Exact repetitions of another row. */
  readonly duplicate: number;
  /** After the time of the evaluation. */
  readonly future: number;
  /** Purchases without a time, which cannot be compared with the window. */
  readonly undated: number;
  /** Ads that were shown (`shown_at`), without an outcome, for a customer with a decision. */
  readonly exposure: number;
  /** Rows without an id, or with neither outcome nor value nor `shown_at`. */
  readonly invalid: number;
  readonly report: RowReport;
}

/** Properties of the outcomes file. */
export interface OutcomeForm {
  /** The file also lists customers who did not buy, so that a missing customer has no known outcome. */
  readonly isComplete: boolean;
  readonly hasValue: boolean;
  readonly hasShownAt: boolean;
}

/** Creates the view `events` (id, at, converted, value, shown_at), times in seconds since 1970. */
export async function openEvents(
  database: Database,
  scans: readonly Scan[],
): Promise<OutcomeForm & { ledger: RowLedger }> {
  const selected: string[] = [];
  const has = { value: false, shownAt: false };
  const ledger = openLedger();
  let zeros = 0;
  for (const scan of scans) {
    const id = requireColumn(scan, "customer_id", "customer_id");
    await checkIds(database, scan, id);
    const value = optionalColumn(scan, "value");
    const converted =
      value === null ? requireColumn(scan, "converted", "converted") : optionalColumn(scan, "converted");
    const at = optionalColumn(scan, "at");
    const shownAt = optionalColumn(scan, "shown_at");
    if (value !== null) has.value = true;
    if (shownAt !== null) has.shownAt = true;
    const number = await numbersOf(database, scan, { value, converted });
    const instant = async (column: ScanColumn | null) =>
      column === null
        ? "NULL::DOUBLE"
        : `epoch(${instantOf(column, await findTimeForm(database, scan, column), 0)})`;
    const bought = `coalesce(${number.converted}, CASE WHEN ${number.value} IS NOT NULL THEN (${number.value} <> 0)::INTEGER END)`;
    selected.push(
      `SELECT ${idOf(id)} AS id, ${await instant(at)} AS at, (${bought} > 0)::INTEGER AS converted,
       coalesce(${number.value}, 0) AS value, ${await instant(shownAt)} AS shown_at,
       ${at === null} AS is_undated FROM ${scan.relation}`,
    );
    ledger.count(number.rows);
    zeros += number.zeros;
  }
  for (const rejected of await noteRejectedLines(database, scans)) rejected.report(ledger);
  await database.run(`CREATE OR REPLACE VIEW events AS ${selected.join(" UNION ALL ")}`);
  return { isComplete: zeros > 0, hasValue: has.value, hasShownAt: has.shownAt, ledger };
}

/** SQL of the numbers in the format of the file; reads it once. */
async function numbersOf(
  database: Database,
  scan: Scan,
  columns: { readonly value: ScanColumn | null; readonly converted: ScanColumn | null },
): Promise<{ value: string; converted: string; zeros: number; rows: number }> {
  const roles = ["value", "converted"] as const;
  const tallies = roles.flatMap((role) => {
    const column = columns[role];
    return column?.storedAs === "text" ? tallyColumns(textOf(column), role) : [];
  });
  const [found = {}] = await database.all(
    `SELECT ${["count(*) AS rows", ...tallies].join(", ")} FROM ${scan.checkedRelation}`,
  );
  const sql = (role: (typeof roles)[number]) => {
    const column = columns[role];
    if (column === null) return "NULL::DOUBLE";
    if (column.storedAs === "boolean") return `${column.sql}::INTEGER::DOUBLE`;
    const number = numberOf(column, readTally(found, role).mark);
    return column.storedAs === "text" ? `coalesce(${truthOf(textOf(column))}, ${number})` : number;
  };
  const [value, converted] = [sql("value"), sql("converted")];
  const outcome = `coalesce(${converted}, ${value})`;
  const [zero] = await database.all(`SELECT count_if(${outcome} = 0) AS zeros FROM ${scan.relation}`);
  return { value, converted, zeros: Number(zero?.zeros ?? 0), rows: Number(found.rows ?? 0) };
}

/** A row `e` of `events` without an id, or with neither an outcome nor an exposure. */
export const LACKING = "(e.id IS NULL OR (e.converted IS NULL AND e.shown_at IS NULL))";
/** A purchase whose time cannot be read, in a file with times. */
export const UNDATED = "(e.at IS NULL AND NOT e.is_undated AND e.converted > 0)";

/**
 * Adds outcomes to `units`: table `results` (unit, ..., y, value, has_outcome, shown_at, closes, is_ripe). A
 * customer counts if the window has ended at the time of the evaluation.
 *
 * @param look seconds since 1970-01-01
 */
export async function settleUnits(
  database: Database,
  { look, windowDays }: { readonly look: number; readonly windowDays: number },
): Promise<Omit<OutcomeRows, "report">> {
  const closes = `u.entered + ${windowDays * 86_400}`;
  const kind = `CASE WHEN ${LACKING} THEN 'invalid'
    WHEN u.unit IS NULL THEN 'unknown' WHEN e.converted IS NULL THEN 'exposure'
    WHEN ${UNDATED} THEN 'undated' WHEN e.at IS NULL THEN 'counted'
    WHEN e.at > ${look} THEN 'future' WHEN e.at < u.entered THEN 'early' WHEN e.at >= ${closes} THEN 'late'
    ELSE 'counted' END`;
  // Grouped by kind first, so that 100 million purchases are kept as sums only.
  await database.run(
    `CREATE OR REPLACE TABLE tally AS SELECT ${kind} AS kind, count(*) AS rows FROM events e LEFT JOIN units u ON u.id = e.id GROUP BY 1`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE purchases AS SELECT unit, max(converted) AS y, sum(value) AS value, min(shown_at) AS shown_at,
       sum(copies - 1) AS repeated
     FROM (SELECT u.unit, e.at, e.converted, e.value, e.shown_at, count(*) AS copies
       FROM events e JOIN units u ON u.id = e.id WHERE ${kind} = 'counted' GROUP BY ALL)
     GROUP BY unit`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE shown AS SELECT u.unit, min(e.shown_at) AS shown_at
     FROM events e JOIN units u ON u.id = e.id WHERE ${kind} = 'exposure' GROUP BY u.unit`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE results AS SELECT u.*, coalesce(p.y, 0)::DOUBLE AS y, coalesce(p.value, 0)::DOUBLE AS value,
       (p.unit IS NOT NULL)::INTEGER AS has_outcome, least(p.shown_at, s.shown_at) AS shown_at, ${closes} AS closes,
       (${closes} <= ${look}) AS is_ripe, (hash(u.id) % 5)::INTEGER AS fold
     FROM units u LEFT JOIN purchases p USING (unit) LEFT JOIN shown s USING (unit)`,
  );
  const rows = await database.all("SELECT kind, rows FROM tally");
  const [sum = {}] = await database.all("SELECT coalesce(sum(repeated), 0) AS n FROM purchases");
  const of = (name: string) => Number(rows.find((row) => row.kind === name)?.rows ?? 0);
  const duplicate = Number(sum.n ?? 0);
  return {
    read: rows.reduce((total, row) => total + Number(row.rows), 0),
    counted: of("counted") - duplicate,
    unknown: of("unknown"),
    early: of("early"),
    late: of("late"),
    duplicate,
    future: of("future"),
    undated: of("undated"),
    exposure: of("exposure"),
    invalid: of("invalid"),
  };
}
