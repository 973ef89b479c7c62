import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { expected, LookalikeError, nearestSpelling } from "../../core/index.ts";
import { openDatabase, quoteFile } from "../../io/duckdb/index.ts";
import type { PeopleColumns } from "./groups.ts";

/** Names of the columns of `pairs.csv`; default `fold`, `photo_a`, `photo_b`, `same`. */
export interface PairColumns {
  readonly fold?: string | undefined;
  readonly photoA?: string | undefined;
  readonly photoB?: string | undefined;
  readonly same?: string | undefined;
}

export interface PairRow {
  /** null: the file has no such column, or nothing in it. */
  readonly fold: string | null;
  readonly photoA: string;
  readonly photoB: string;
  readonly same: boolean;
}

/** A row that was left out. */
export interface RefusedPair {
  /** From 1, without the header. */
  readonly row: number;
  readonly error: LookalikeError;
}

export interface PairTable {
  readonly rows: readonly PairRow[];
  readonly refused: readonly RefusedPair[];
}

type Row = Readonly<Record<string, string | null>>;

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
  table.rows.forEach((row, i) => {
    const answer = parseAnswer(row[same]);
    const [a, b] = [row[photoA]?.trim(), row[photoB]?.trim()];
    if (a && b && answer !== null) {
      rows.push({ fold: row[fold]?.trim() || null, photoA: a, photoB: b, same: answer });
      return;
    }
    const [name, what] = answer === null ? [same, "1 or 0"] : [a ? photoB : photoA, "a photo"];
    const error = new LookalikeError("ERR_ROW_VALUE_INVALID", expected(what, name, row[name] ?? null));
    refused.push({ row: i + 1, error });
  });
  return { rows, refused };
}

export interface PeopleTable {
  /** Every column but the person's, by person; the first row of a person counts. */
  readonly columns: PeopleColumns;
  /** Person by photo, where the file has a column `photo`; else null. */
  readonly personOfPhoto: ReadonlyMap<string, string> | null;
}

/**
 * Reads what is known of people from CSV or Parquet: one row per person, or per photo where it has a column `photo`.
 *
 * @param person the column that names them; default `person`
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING
 */
export async function readPeople(path: string, person = "person"): Promise<PeopleTable> {
  const table = await readTable(path);
  requireColumns(table.columns, [person], path);
  const known = table.rows.filter((row) => row[person]);
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

async function readTable(
  path: string,
): Promise<{ readonly columns: readonly string[]; readonly rows: readonly Row[] }> {
  const file = resolve(path);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new LookalikeError("ERR_SOURCE_NOT_FOUND", `Expected a table (CSV or Parquet) at ${path}`, {
      hint: "Check the path.",
    });
  }
  if (found.size === 0) throw empty(path);
  const isParquet = extname(file).toLowerCase() === ".parquet";
  const source = isParquet
    ? `read_parquet(${quoteFile(file)})`
    : `read_csv(${quoteFile(file)}, header = true, all_varchar = true)`;
  const database = await openDatabase({ files: [file] });
  try {
    const columns = (await database.describe(`SELECT * FROM ${source}`)).map(({ name }) => name);
    const rows = await database.all(`SELECT COLUMNS(*)::VARCHAR FROM ${source}`);
    if (rows.length === 0) throw empty(path);
    return { columns, rows: rows as readonly Row[] };
  } finally {
    await database.close();
  }
}

function empty(path: string): LookalikeError {
  return new LookalikeError("ERR_SOURCE_EMPTY", `Expected a header and rows in ${path} but received none`);
}

function parseAnswer(text: string | null | undefined): boolean | null {
  if (/^\s*(?:1|1\.0|true|yes|same)\s*$/i.test(text ?? "")) return true;
  if (/^\s*(?:0|0\.0|false|no|different)\s*$/i.test(text ?? "")) return false;
  return null;
}
