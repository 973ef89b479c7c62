import type { CategoryColumn, Column, Table } from "../core/index.ts";
import type { Database, RowBatch } from "../io/duckdb/index.ts";
import type { FeatureRequest } from "../tables/index.ts";
import { type Candidate, chooseFeatures, pickCandidates } from "../tables/index.ts";
import { createTableBuilder, numbersOf } from "./builder.ts";
import type { Crm } from "./crm.ts";
import { type AsOf, summariseSpells } from "./logs/as-of.ts";
import { isNetworkFeature } from "./network/features.ts";
import type { TransitionTable } from "./types.ts";

export interface TransitionOptions {
  /**
   * CRM columns, in addition to the logs' features before each purchase (`summariseSpells`); of two with the
   * same name, the CRM's. Default: all except those that the logs provide, because the CRM has current
   * values, from after the predicted purchase.
   */
  readonly features?: FeatureRequest | undefined;
  /** A column of ages in years at the end of the logs, counted back to each row's time; default `age`. */
  readonly ageColumn?: string | undefined;
  /** What to do if the logs contain no handset; default `allow`: a table without rows. */
  readonly empty?: "allow" | "refuse" | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DAYS_PER_YEAR = 365.2425;

/**
 * Reads all spells of the device timeline with the next handset, by customer and time.
 *
 * @throws ERR_COLUMN_MISSING, ERR_ABORTED
 */
export async function readTransitions(
  database: Database,
  crm: Crm | null,
  fromLogs: readonly Candidate[],
  options: TransitionOptions,
): Promise<TransitionTable> {
  const [sizes] = await database.all(
    "SELECT (SELECT count(*) FROM spells) AS rows, (SELECT count(*) FROM manufacturers) AS makers, (SELECT epoch(ends) / 86400.0 FROM log_period) AS ends",
  );
  const rows = Number(sizes?.rows ?? 0);
  if (rows === 0) return emptyTransitions();
  await database.run("CREATE OR REPLACE TYPE maker AS ENUM (SELECT label FROM manufacturers ORDER BY code)");
  const asOf = await summariseSpells(database);
  const features = crm === null ? null : await chooseCrmFeatures(database, crm, fromLogs, options.features);
  const select = `SELECT caller, caller::VARCHAR AS id, m.label::maker AS current, n.label::maker AS next,
      epoch_us(since) / 8.64e10 AS since, epoch_us(asked_at) / 8.64e10 AS "at", number
    FROM (
      SELECT *, lead(maker) OVER time AS next_maker FROM spells
      WINDOW time AS (PARTITION BY caller ORDER BY number)
    ) s JOIN manufacturers m ON m.code = s.maker LEFT JOIN manufacturers n ON n.code = s.next_maker`;
  const known = asOf.columns.map(({ kind }, i) => (kind === "maker" ? `s.s${i}::maker AS s${i}` : `s.s${i}`));
  const selected = ["t.*", ...known, ...(features?.select ?? [])].join(", ");
  const crmJoin = features === null ? "" : "LEFT JOIN crm_first c ON c.id = t.id";
  const sql = `SELECT ${selected} FROM (${select}) t JOIN spell_features s ON s.caller = t.caller AND s.number = t.number
    ${crmJoin} ORDER BY t.id, t.number`;
  const table = await collect(database.stream(sql, [], options.signal), rows, (batch) => {
    const columns = new Map([...readAsOf(batch, asOf), ...(features?.read(batch) ?? [])]);
    return ageBack(columns, options.ageColumn ?? "age", batch.numbers("at"), Number(sizes?.ends ?? 0));
  });
  const fromCrm = features?.names ?? [];
  const fromAsOf = asOf.columns.map(({ name }) => name).filter((name) => !fromCrm.includes(name));
  return { ...table, fromLogs: fromAsOf, fromTies: fromAsOf.filter(isNetworkFeature) };
}

function readAsOf(batch: RowBatch, { columns }: AsOf): Map<string, Column> {
  return new Map(
    columns.map(({ name, kind }, i): [string, Column] => [
      name,
      kind === "maker"
        ? { kind: "category", ...batch.codes(`s${i}`) }
        : { kind: "number", values: batch.numbers(`s${i}`) },
    ]),
  );
}

/**
 * CRM columns such as the current manufacturer are current values: they are skipped unless selected by name.
 */
function chooseCrmFeatures(
  database: Database,
  crm: Crm,
  fromLogs: readonly Candidate[],
  request: FeatureRequest | undefined,
) {
  const isFromLogs = (name: string) => fromLogs.some((candidate) => candidate.name === name);
  const offered =
    request === undefined ? crm.candidates.filter(({ name }) => !isFromLogs(name)) : crm.candidates;
  return chooseFeatures(database, "crm", pickCandidates(offered, request, crm.scans), request);
}

async function collect(
  batches: AsyncIterable<RowBatch>,
  capacity: number,
  readFeatures: (batch: RowBatch) => ReadonlyMap<string, Column>,
): Promise<TransitionTable> {
  const customerIds: string[] = [];
  const builder = createTableBuilder(capacity);
  const features = createTableBuilder(capacity);
  for await (const batch of batches) {
    for (const id of batch.texts("id")) customerIds.push(id ?? "");
    const number = (name: string): [string, Column] => [
      name,
      { kind: "number", values: batch.numbers(name) },
    ];
    const maker = (name: string): [string, Column] => [name, { kind: "category", ...batch.codes(name) }];
    const columns = new Map([maker("current"), maker("next"), number("since"), number("at")]);
    builder.append({ rows: batch.rows, columns });
    features.append({ rows: batch.rows, columns: readFeatures(batch) });
  }
  const table = builder.finish();
  return {
    rows: table.rows,
    customerIds,
    current: categoryOf(table, "current"),
    next: categoryOf(table, "next"),
    since: numbersOf(table, "since"),
    at: numbersOf(table, "at"),
    features: features.finish(),
  };
}

function ageBack(
  columns: ReadonlyMap<string, Column>,
  name: string,
  at: Float64Array,
  ends: number,
): ReadonlyMap<string, Column> {
  const age = columns.get(name);
  if (age?.kind !== "number") return columns;
  const values = age.values.map((years, row) =>
    Math.round(years - (ends - (at[row] ?? ends)) / DAYS_PER_YEAR),
  );
  return new Map([...columns, [name, { kind: "number", values }]]);
}

function categoryOf(table: Table, name: string): CategoryColumn {
  const column = table.columns.get(name);
  return column?.kind === "category" ? column : { kind: "category", codes: new Int32Array(0), labels: [] };
}

/** The table of a log without handsets, which has no transitions. */
function emptyTransitions(): TransitionTable {
  const none: CategoryColumn = { kind: "category", codes: new Int32Array(0), labels: [] };
  const empty = new Float64Array(0);
  const features = { rows: 0, columns: new Map() };
  return { rows: 0, customerIds: [], current: none, next: none, since: empty, at: empty, features };
}
