import { dirname } from "node:path";
import type { Column } from "../core/index.ts";
import { categoryColumn, isLookalikeError, LookalikeError } from "../core/index.ts";
import type { Database, RowBatch } from "../io/duckdb/index.ts";
import type { ColumnWarning, FeatureRequest } from "../tables/index.ts";
import {
  type Candidate,
  chooseFeatures,
  openLedger,
  pickCandidates,
  type RowLedger,
} from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";
import { pickTable } from "./builder.ts";
import { biometricConsent, type ConsentNotes, noteConsents } from "./consent.ts";
import type { Crm } from "./crm.ts";
import { notePortraits, type PortraitNotes, resolvePhoto } from "./photo.ts";
import type { CustomerBatch, CustomerReader } from "./types.ts";

/** Columns to add to every customer by id, from a table of the database that has a column `id`. */
export interface Joined {
  readonly table: string;
  readonly candidates: readonly Candidate[];
  /** Description of the table for its reader. */
  readonly warnings?: readonly ColumnWarning[];
}

export interface CustomerReadOptions {
  /** Default: every column but the roles and texts with over 1,000 labels, with those from the logs. */
  readonly features?: FeatureRequest | undefined;
  /** Consent is judged at this moment. */
  readonly now: Date;
  /** Only these, in canonical form; default: everyone. */
  readonly ids?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Customers in the order of the source. Rows that cannot be used are left out and reported. Each iteration reads the
 * source again; the report is that of the last pass.
 *
 * @throws ERR_COLUMN_MISSING a requested feature is in neither source, ERR_ABORTED
 */
export async function createReader(
  database: Database,
  crm: Crm,
  joined: Joined | null,
  options: CustomerReadOptions,
): Promise<CustomerReader> {
  const candidates = joinCandidates(crm, joined, options.features);
  const relation = await onlyThese(database, customersRelation(joined, candidates), options.ids);
  const features = await chooseFeatures(database, relation, candidates, options.features);
  const [repeats] = await database.all("SELECT count(*) AS n FROM crm_repeated");
  const hasRepeats = Number(repeats?.n ?? 0) > 0;
  const columns = [
    "file, row, id, photo, given, expires",
    `${hasRepeats ? "coalesce(pos > first, false)" : "false"} AS repeated`,
    `${features.firstBad ?? "NULL::INTEGER"} AS bad`,
    ...features.select,
  ];
  const from = hasRepeats ? `${relation} LEFT JOIN crm_repeated USING (id)` : relation;
  // A join may give the rows in any order.
  const order = hasRepeats || joined !== null ? "ORDER BY pos" : "";
  const sql = `SELECT ${columns.join(", ")} FROM ${from} ${order}`;
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
      ledger.warn([...(joined?.warnings ?? []), ...features.warnings]);
      for (const lines of crm.rejected) lines.report(ledger);
      const notes = noteConsents();
      const portraits = notePortraits();
      const gate = { crm, ledger, names: features.names, now: options.now, notes, portraits };
      for await (const batch of database.stream(sql, [], options.signal)) {
        ledger.count(batch.rows);
        const accepted = await acceptRows(batch, gate);
        if (accepted.length > 0) yield toBatch(accepted, features.read(batch), batch.rows);
      }
      ledger.warn([...notes.warnings(), ...portraits.warnings()]);
    },
  };
}

/** CRM columns and joined ones; if both have a name, the joined value is used and the CRM fills missing values. */
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

/** The rows of some customers. Each question has a table of its own: several may be asked at once. */
async function onlyThese(
  database: Database,
  relation: string,
  ids: readonly string[] | undefined,
): Promise<string> {
  if (ids === undefined) return relation;
  const table = `wanted_${wanted++}`;
  await database.insert(table, { rows: ids.length, columns: new Map([["id", categoryColumn(ids)]]) });
  return `(SELECT * FROM ${relation} SEMI JOIN ${table} USING (id))`;
}

function customersRelation(joined: Joined | null, candidates: readonly Candidate[]): string {
  const isUsed = joined?.candidates.some(({ name }) =>
    candidates.some((candidate) => candidate.name === name),
  );
  return joined !== null && isUsed === true
    ? `(SELECT * FROM crm LEFT JOIN ${joined.table} USING (id))`
    : "(SELECT * FROM crm)";
}

interface Gate {
  readonly crm: Crm;
  readonly ledger: RowLedger;
  readonly names: readonly string[];
  readonly now: Date;
  readonly notes: ConsentNotes;
  readonly portraits: PortraitNotes;
}

interface AcceptedRow {
  readonly index: number;
  readonly id: string;
  readonly photo: string | null;
  readonly consent: Consent;
}

async function acceptRows(batch: RowBatch, gate: Gate): Promise<AcceptedRow[]> {
  const rows = readRows(batch, gate.crm);
  const outcomes = await Promise.all(
    rows.map((row) =>
      acceptRow(row, gate).catch((error: unknown) => {
        if (!isLookalikeError(error)) throw error;
        return error;
      }),
    ),
  );
  const accepted: AcceptedRow[] = [];
  outcomes.forEach((outcome, index) => {
    const row = rows[index];
    if (row === undefined) return;
    if (!isLookalikeError(outcome)) accepted.push({ ...outcome, index });
    else
      gate.ledger.refuse({
        source: row.source,
        row: row.number,
        code: outcome.code,
        message: outcome.message,
      });
  });
  return accepted;
}

interface Row {
  readonly source: string;
  readonly folder: string;
  readonly number: number;
  readonly id: string | null;
  readonly photo: string | null;
  readonly given: string | null;
  readonly expires: string | null;
  readonly isRepeated: boolean;
  /** Index of the feature whose value cannot be used; NaN: none. */
  readonly bad: number;
}

function readRows(batch: RowBatch, crm: Crm): Row[] {
  const sources = crm.scans.map((scan, file) => ({
    name: scan.files[0]?.name ?? "",
    folder: dirname(scan.files[0]?.path ?? ""),
    before: rowsBefore(crm, file),
  }));
  const files = batch.numbers("file");
  const numbers = batch.numbers("row");
  const ids = batch.texts("id");
  const photos = batch.texts("photo");
  const given = batch.texts("given");
  const expires = batch.texts("expires");
  const repeated = batch.numbers("repeated");
  const bad = batch.numbers("bad");
  return Array.from({ length: batch.rows }, (_, i) => {
    const file = files[i] ?? 0;
    const parsed = numbers[i] ?? 0;
    const number = crm.scans[file]?.hasFileRow ? parsed : (crm.rejected[file]?.rowOf(parsed) ?? parsed);
    return {
      source: sources[file]?.name ?? "",
      folder: sources[file]?.folder ?? "",
      number,
      id: crm.hasIds[file] ? (ids[i] ?? null) : String((sources[file]?.before ?? 0) + number),
      photo: photos[i] ?? null,
      given: given[i] ?? null,
      expires: expires[i] ?? null,
      isRepeated: repeated[i] === 1,
      bad: bad[i] ?? Number.NaN,
    };
  });
}

function rowsBefore(crm: Crm, file: number): number {
  let rows = 0;
  for (let i = 0; i < file; i++) rows += (crm.rowsOfFile[i] ?? 0) + (crm.rejected[i]?.count ?? 0);
  return rows;
}

async function acceptRow(row: Row, gate: Gate): Promise<Omit<AcceptedRow, "index">> {
  const where = `row ${row.number} of ${row.source}`;
  if (row.id === null) {
    throw new LookalikeError("ERR_ROW_ID_MISSING", `Expected a customer id for ${where} but received none`);
  }
  if (row.isRepeated) {
    throw new LookalikeError(
      "ERR_ROW_ID_DUPLICATE",
      `Expected an id of its own for ${where} but received ${JSON.stringify(row.id.slice(0, 60))}, seen before`,
    );
  }
  if (!Number.isNaN(row.bad)) {
    throw new LookalikeError(
      "ERR_ROW_VALUE_INVALID",
      `Expected a number for ${gate.names[row.bad]} of ${where} but received text`,
    );
  }
  const consent = biometricConsent({ givenAt: row.given, expiresAt: row.expires }, gate.now);
  if (consent.status === "unreadable") {
    gate.notes.note(consent.column, consent.column === "consent_expires" ? row.expires : row.given);
  }
  const photo = row.photo === null ? null : await resolvePhoto(row.folder, row.photo);
  if (row.photo !== null && photo !== null) await gate.portraits.note(row.number, row.photo, photo);
  return { id: row.id, photo, consent };
}

function toBatch(
  accepted: readonly AcceptedRow[],
  columns: ReadonlyMap<string, Column>,
  read: number,
): CustomerBatch {
  const rows = accepted.length;
  const table = pickTable(
    { rows: read, columns },
    accepted.map((row) => row.index),
  );
  return {
    rows,
    ids: accepted.map((row) => row.id),
    table,
    photos: accepted.map((row) => row.photo),
    consents: accepted.map((row) => row.consent),
  };
}
