import { dirname } from "node:path";
import { type Column, isLookalikeError, LookalikeError } from "../core/index.ts";
import type { RowBatch } from "../io/duckdb/index.ts";
import type { RowLedger } from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";
import { pickTable } from "./builder.ts";
import { biometricConsent, type ConsentNotes } from "./consent.ts";
import type { Crm } from "./crm.ts";
import { type PortraitNotes, resolvePhoto } from "./photo.ts";
import type { CustomerBatch } from "./types.ts";

/** The rows of the CRM that become customers, and the reasons why others do not. */

/** The rules for the rows of one pass, and the reports that rejected rows are added to. */
export interface RowContext {
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

export async function acceptRows(batch: RowBatch, context: RowContext): Promise<AcceptedRow[]> {
  const rows = readRows(batch, context.crm);
  const outcomes = await Promise.all(
    rows.map((row) =>
      acceptRow(row, context).catch((error: unknown) => {
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
      context.ledger.refuse({
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

async function acceptRow(row: Row, context: RowContext): Promise<Omit<AcceptedRow, "index">> {
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
      `Expected a number for ${context.names[row.bad]} of ${where} but received text`,
    );
  }
  const consent = biometricConsent({ givenAt: row.given, expiresAt: row.expires }, context.now);
  if (consent.status === "unreadable") {
    context.notes.note(consent.column, consent.column === "consent_expires" ? row.expires : row.given);
  }
  const photo = row.photo === null ? null : await resolvePhoto(row.folder, row.photo);
  if (row.photo !== null && photo !== null) await context.portraits.note(row.number, row.photo, photo);
  return { id: row.id, photo, consent };
}

export function toBatch(
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
