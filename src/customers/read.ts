import { categoryColumn } from "../core/index.ts";
import type { Database } from "../io/duckdb/index.ts";
import type { ColumnWarning, FeatureRequest, KindsRequest } from "../tables/index.ts";
import {
  type Candidate,
  chooseByKinds,
  chooseFeatures,
  openLedger,
  pickCandidates,
} from "../tables/index.ts";
import { acceptRows, toBatch } from "./accept-rows.ts";
import { noteConsents } from "./consent.ts";
import type { Crm } from "./crm.ts";
import { notePortraits } from "./photo.ts";
import type { SharedTable } from "./shared-tables.ts";
import type { CustomerReader } from "./types.ts";

/** Columns to join with the customers by id, from a table of the database that has a column `id`. */
export interface Joined {
  readonly table: SharedTable;
  readonly candidates: readonly Candidate[];
  /** Warnings about the table, for the reader's report. */
  readonly warnings?: readonly ColumnWarning[];
}

export interface CustomerReadOptions {
  /** Default: every column except the roles and texts with over 1,000 labels of fewer than 4 cells each, with those from the logs. */
  readonly features?: FeatureRequest | KindsRequest | undefined;
  /** Consent is checked at this moment. */
  readonly now: Date;
  /** Only these customers, ids in canonical form; default: all. */
  readonly ids?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads customers in the order of the source. Rows that cannot be used are left out and reported. Each
 * iteration reads the source again; the report is that of the last pass.
 *
 * @throws ERR_COLUMN_MISSING a requested feature is in neither source, ERR_ABORTED
 */
export async function createReader(
  database: Database,
  crm: Crm,
  joined: Joined | null,
  options: CustomerReadOptions,
): Promise<CustomerReader> {
  const request = options.features;
  const isOfKinds = typeof request === "function";
  const candidates = joinCandidates(crm, joined, isOfKinds ? undefined : request);
  const all = customersRelation(joined, candidates);
  const requested = await onlyThese(database, all, options.ids);
  const pick = (kinds: FeatureRequest) => pickCandidates(candidates, kinds, crm.scans);
  const features = await (isOfKinds
    ? chooseByKinds(database, requested.relation, candidates, { request, pick })
    : chooseFeatures(database, requested.relation, candidates, request)
  ).finally(requested.drop);
  const [repeats] = await database.all("SELECT count(*) AS n FROM crm_repeated");
  const hasRepeats = Number(repeats?.n ?? 0) > 0;
  const columns = [
    "file, row, id, photo, given, expires",
    `${hasRepeats ? "coalesce(pos > first, false)" : "false"} AS repeated`,
    `${features.firstBad ?? "NULL::INTEGER"} AS bad`,
    ...features.select,
  ];
  const repeatsJoin = hasRepeats ? "LEFT JOIN crm_repeated USING (id)" : "";
  // A join may give the rows in any order.
  const order = hasRepeats || joined !== null ? "ORDER BY pos" : "";
  let ledger = openLedger();
  return {
    rows: crm.rowsOfFile.reduce((sum, rows, file) => sum + rows + (crm.rejected[file]?.count ?? 0), 0),
    features: features.names,
    hasIds: crm.hasIds.every(Boolean),
    get report() {
      return ledger.report;
    },
    async *[Symbol.asyncIterator]() {
      ledger = openLedger();
      ledger.warn([...crm.warnings, ...(joined?.warnings ?? []), ...features.warnings]);
      for (const lines of crm.rejected) lines.report(ledger);
      const notes = noteConsents();
      const portraits = notePortraits();
      const context = { crm, ledger, names: features.names, now: options.now, notes, portraits };
      const { relation, drop } = await onlyThese(database, all, options.ids);
      const sql = `SELECT ${columns.join(", ")} FROM ${relation} ${repeatsJoin} ${order}`;
      try {
        for await (const batch of database.stream(sql, [], options.signal)) {
          ledger.count(batch.rows);
          const accepted = await acceptRows(batch, context);
          if (accepted.length > 0) yield toBatch(accepted, features.read(batch), batch.rows);
        }
      } finally {
        await drop();
      }
      ledger.warn([...notes.warnings(), ...portraits.warnings()]);
    },
  };
}

/**
 * CRM columns and joined ones. If both have a name, the joined value is used, and the CRM's if it is missing.
 */
function joinCandidates(crm: Crm, joined: Joined | null, request: FeatureRequest | undefined): Candidate[] {
  const byName = new Map(crm.candidates.map((candidate) => [candidate.name, candidate]));
  for (const candidate of joined?.candidates ?? []) {
    const own = byName.get(candidate.name);
    const type = candidate.storedAs === "text" ? "VARCHAR" : "DOUBLE";
    const sql =
      own === undefined ? candidate.sql : `coalesce(${candidate.sql}, TRY_CAST(${own.sql} AS ${type}))`;
    byName.set(candidate.name, { ...candidate, sql });
  }
  return pickCandidates(byName.values(), request, crm.scans);
}

let wanted = 0;

/**
 * The rows of some customers. Each call has a table of its own, because several may run at once; drop it
 * afterwards, or a service that looks up customers by id fills its memory.
 */
async function onlyThese(
  database: Database,
  relation: string,
  ids: readonly string[] | undefined,
): Promise<{ readonly relation: string; drop(): Promise<void> }> {
  if (ids === undefined) return { relation, drop: async () => {} };
  const table = `wanted_${wanted++}`;
  await database.insert(table, { rows: ids.length, columns: new Map([["id", categoryColumn(ids)]]) });
  return {
    relation: `(SELECT * FROM ${relation} SEMI JOIN ${table} USING (id))`,
    drop: () => database.run(`DROP TABLE IF EXISTS ${table}`),
  };
}

function customersRelation(joined: Joined | null, candidates: readonly Candidate[]): string {
  const isUsed = joined?.candidates.some(({ name }) =>
    candidates.some((candidate) => candidate.name === name),
  );
  return joined !== null && isUsed === true
    ? `(SELECT * FROM crm LEFT JOIN ${joined.table} USING (id))`
    : "(SELECT * FROM crm)";
}
