import { expected, LookalikeError, nearestSpelling } from "../../core/index.ts";
import { type BrokenRecord, emptySource, readRecords, type TableRecord } from "../../tables/index.ts";
import type { PeopleColumns } from "./groups.ts";

/** Names of the columns of `pairs.csv`; default `fold`, `photo_a`, `photo_b`, `same`. */
export interface PairColumns {
  readonly fold?: string | undefined;
  readonly photoA?: string | undefined;
  readonly photoB?: string | undefined;
  readonly same?: string | undefined;
}

interface PairRow {
  /** null: the file has no such column, or the cell is empty. */
  readonly fold: string | null;
  readonly photoA: string;
  readonly photoB: string;
  readonly same: boolean;
}

/** A row that was left out. */
export interface RefusedPair {
  /** Row number from 1, without the header. */
  readonly row: number;
  readonly error: LookalikeError;
}

export interface PairTable {
  readonly rows: readonly PairRow[];
  readonly refused: readonly RefusedPair[];
}

/**
 * Reads pairs of photos from CSV or Parquet. `same` is 1 or 0, true or false, yes or no.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING
 */
export async function readPairs(path: string, columns: PairColumns = {}): Promise<PairTable> {
  const { photoA = "photo_a", photoB = "photo_b", same = "same", fold = "fold" } = columns;
  const table = await readTable(path);
  // Folds are assigned at random if the file has none, unless a column was named.
  const needed = [photoA, photoB, same, ...(columns.fold === undefined ? [] : [fold])];
  requireColumns(table.columns, needed, path);
  const rows: PairRow[] = [];
  const refused: RefusedPair[] = [];
  for (const record of table.rows) {
    if (record.kind === "broken") {
      refused.push(record);
      continue;
    }
    const { row, fields } = record;
    const answer = parseAnswer(fields[same]);
    const [a, b] = [fields[photoA], fields[photoB]];
    if (a && b && answer !== null) {
      rows.push({ fold: fields[fold] || null, photoA: a, photoB: b, same: answer });
      continue;
    }
    const [name, what] = answer === null ? [same, "1 or 0"] : [a ? photoB : photoA, "a photo"];
    refused.push({
      row,
      error: new LookalikeError("ERR_ROW_VALUE_INVALID", expected(what, name, fields[name] || null)),
    });
  }
  return { rows, refused };
}

export interface PeopleTable {
  /** Every column except the person's, by person; the first row of a person counts. */
  readonly columns: PeopleColumns;
  /** Person by photo, if the file has a column `photo`; else null. */
  readonly personOfPhoto: ReadonlyMap<string, string> | null;
}

/**
 * Reads attributes of people from CSV or Parquet: one row per person, or per photo if it has a column
 * `photo`.
 *
 * @param person the column that names the person; default `person`
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING,
 * ERR_ROW_MALFORMED
 */
export async function readPeople(path: string, person = "person"): Promise<PeopleTable> {
  const table = await readTable(path);
  requireColumns(table.columns, [person], path);
  const broken = table.rows.find(({ kind }) => kind === "broken");
  if (broken?.kind === "broken") throw broken.error;
  const known = table.rows.map(({ fields }) => fields).filter((row) => row[person]);
  const columns = new Map<string, Map<string, string>>();
  for (const column of table.columns.filter((name) => name !== person && name !== "photo")) {
    const values = new Map<string, string>();
    for (const row of known) {
      const name = row[person] as string;
      if (!values.has(name)) values.set(name, row[column] ?? "");
    }
    columns.set(column, values);
  }
  const photos = known.filter((row) => row.photo).map((row) => [row.photo, row[person]] as [string, string]);
  return { columns, personOfPhoto: table.columns.includes("photo") ? new Map(photos) : null };
}

/** @throws ERR_COLUMN_MISSING */
export function requireColumns(present: readonly string[], needed: readonly string[], path: string): void {
  const missing = needed.find((name) => !present.includes(name));
  if (missing === undefined) return;
  const nearest = nearestSpelling(missing, present);
  throw new LookalikeError(
    "ERR_COLUMN_MISSING",
    `Expected a column "${missing}" in ${path} but received ${present.join(", ") || "none"}`,
    { hint: nearest === null ? "Name the column that contains it." : `Did you mean "${nearest}"?` },
  );
}

interface ReadTable {
  readonly columns: readonly string[];
  readonly rows: readonly (TableRecord | BrokenRecord)[];
}

async function readTable(path: string): Promise<ReadTable> {
  let columns: readonly string[] = [];
  const rows: (TableRecord | BrokenRecord)[] = [];
  const checkColumns = (names: readonly string[]) => {
    columns = names;
  };
  for await (const row of readRecords(path, { checkColumns })) rows.push(row);
  if (rows.length === 0) throw emptySource(path);
  return { columns, rows };
}

function parseAnswer(text: string | null | undefined): boolean | null {
  if (/^\s*(?:1|1\.0|true|yes|same)\s*$/i.test(text ?? "")) return true;
  if (/^\s*(?:0|0\.0|false|no|different)\s*$/i.test(text ?? "")) return false;
  return null;
}
