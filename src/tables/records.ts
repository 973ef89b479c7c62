import { LookalikeError } from "../core/index.ts";
import { type Database, openDatabase } from "../io/duckdb/index.ts";
import { readCsvHeader } from "./csv.ts";
import { findFiles, type SourceFile } from "./files.ts";
import { withReadableText } from "./readable.ts";
import { noteRejectedLines, readRejectedLines } from "./rejects.ts";
import { openFileScans, rowNumberOf, type Scan, textOf } from "./scan.ts";

/** A row of a table written by hand. */
export interface TableRecord {
  readonly kind: "record";
  /** From 1, without the header; exact unless a quoted field before it contains a line break. */
  readonly row: number;
  /** The row's line in a CSV file, from 1, and as exact as `row`; in other formats the row. */
  readonly line: number;
  /** By column, without leading and trailing blanks; "" if a field is empty. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * A row that is not valid CSV: too many or too few fields, or an unclosed quote. The rows after it are read.
 */
export interface BrokenRecord {
  readonly kind: "broken";
  readonly row: number;
  readonly line: number;
  /** The start of its line, split at each delimiter, by column. A guess, for messages only. */
  readonly fields: Readonly<Record<string, string>>;
  readonly error: LookalikeError;
}

export interface RecordOptions {
  /** Column names in lower case; default false: as written. */
  readonly lowerCase?: boolean | undefined;
  /** Receives the header before any row is read; throws if the columns are not acceptable. */
  readonly checkColumns?: ((columns: readonly string[]) => void) | undefined;
}

/**
 * Reads a table of text row by row, in order: CSV in UTF-8, Parquet or JSON. No row is lost silently: a row
 * that cannot be read is yielded as `broken`, before the others. Empty lines are skipped.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_EMPTY no header, ERR_SOURCE_UNREADABLE, ERR_COLUMN_REPEATED
 */
export async function* readRecords(
  path: string,
  options: RecordOptions = {},
): AsyncGenerator<TableRecord | BrokenRecord> {
  const files = await findFiles(path);
  const database = await openDatabase({ files: files.map((file) => file.path) });
  try {
    for (const [i, file] of files.entries()) {
      const table = `records_${i}`;
      const scan = await withReadableText(database, [file], (read) => load(database, table, read, options));
      const names = namesOf(scan, options);
      const before = await linesBeforeRows(file);
      for (const readable of scan.files) {
        for await (const { row, text, message } of readRejectedLines(database, readable)) {
          const fields = guessFields(text, scan.delimiter, names);
          const error = new LookalikeError("ERR_ROW_MALFORMED", message);
          yield { kind: "broken", row, line: row + before, fields, error };
        }
      }
      const [rejected] = await noteRejectedLines(database, [scan]);
      for await (const batch of database.stream(`SELECT * FROM ${table} ORDER BY row`)) {
        const rows = batch.numbers("row");
        const columns = scan.columns.map(({ sql }) => batch.texts(sql));
        for (const [at, row] of rows.entries()) {
          const texts = columns.map((column) => column[at] ?? "");
          if (texts.every((text) => text === "")) continue;
          const fields = Object.fromEntries(names.map((name, c) => [name, texts[c] ?? ""]));
          const inFile = rejected?.rowOf(row) ?? row;
          yield { kind: "record", row: inFile, line: inFile + before, fields };
        }
      }
    }
  } finally {
    await database.close();
  }
}

/** The header and the lines before it. */
async function linesBeforeRows(file: SourceFile): Promise<number> {
  return file.format === "csv" ? (await readCsvHeader(file)).preamble.lines + 1 : 0;
}

/** Loads one file into a table. */
async function load(
  database: Database,
  table: string,
  files: readonly SourceFile[],
  options: RecordOptions,
): Promise<Scan> {
  const [scan] = (await openFileScans(database, files)) as [Scan];
  options.checkColumns?.(namesOf(scan, options));
  const texts = scan.columns.map((column) => `${textOf(column)} AS ${column.sql}`);
  await database.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT ${texts.join(", ")}, row
     FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.checkedRelation})`,
  );
  return scan;
}

function namesOf({ columns }: Scan, { lowerCase = false }: RecordOptions): readonly string[] {
  return columns.map(({ name }) => (lowerCase ? name.toLowerCase() : name));
}

function guessFields(line: string, delimiter: string, names: readonly string[]): Record<string, string> {
  const parts = line.split(delimiter).map((part) => part.replaceAll('"', "").trim());
  return Object.fromEntries(names.map((name, i) => [name, parts[i] ?? ""]));
}
