import { canonicalId, LookalikeError } from "../core/index.ts";
import { type Database, quoteFile, quoteName, quoteText } from "../io/duckdb/index.ts";
import { trimmed } from "./blanks.ts";
import { emptySource, readCsvHeader } from "./csv.ts";
import type { FileFormat, SourceFile } from "./files.ts";
import { findRepeatedKey, hasNoObject } from "./json.ts";
import { refuseEndlessLines } from "./lines.ts";
import { type DecimalMark, finiteOf } from "./numbers.ts";
import { parquetNames, refuseHugeValues } from "./parquet.ts";

/**
 * How a column is stored. CSV and JSON are read as text: a type guessed from some values of a JSON file would rewrite
 * the others (ids in upper case, long numbers, times with a zone). Parquet has types.
 */
export type StoredAs = "text" | "number" | "boolean" | "time";

export interface ScanColumn {
  readonly name: string;
  readonly storedAs: StoredAs;
  /** DuckDB's type in a Parquet file; CSV cells are `VARCHAR`, JSON values `JSON`. */
  readonly type: string;
  /** Its name inside `relation`: c0, c1, ... Names from a file are never part of a query. */
  readonly sql: string;
}

/** Files of one layout as a relation to select from. */
export interface Scan {
  readonly files: readonly SourceFile[];
  readonly format: FileFormat;
  /** Delimiter of CSV; else "". */
  readonly delimiter: string;
  readonly columns: readonly ScanColumn[];
  /**
   * Table function; its columns are c0, c1, ..., for JSON also j0, j1, ... (the type of each value), and for Parquet
   * `file_row`.
   */
  readonly relation: string;
  /** The same, but unreadable CSV lines are recorded in `reject_errors` of the connection. */
  readonly checkedRelation: string;
  readonly hasFileRow: boolean;
}

/** Maximum length of a CSV line, bytes; a longer line is rejected without allocating memory for it. */
const MAX_LINE_BYTES = 2_000_000;

/** One scan per layout: files with the same format and header are read together, on all threads. */
export async function openScans(database: Database, files: readonly SourceFile[]): Promise<Scan[]> {
  const groups = new Map<string, { files: SourceFile[]; layout: Layout }>();
  for (const file of files) {
    const layout = await readLayout(database, file);
    const key = JSON.stringify([file.format, layout]);
    const group = groups.get(key) ?? { files: [], layout };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => scanOf(group.files, group.layout));
}

/** One scan per file, for tables whose rows are numbered. */
export async function openFileScans(database: Database, files: readonly SourceFile[]): Promise<Scan[]> {
  const scans: Scan[] = [];
  for (const file of files) scans.push(scanOf([file], await readLayout(database, file)));
  return scans;
}

/**
 * Maximum number of columns of a table. Planning a query takes more than twice as long for twice as many:
 * 2,000 take some seconds, 20,000 would not finish.
 */
const MAX_COLUMNS = 2000;

function checkWidth(layout: Layout, { name }: SourceFile): Layout {
  const { length } = layout.columns;
  if (length <= MAX_COLUMNS) return layout;
  throw new LookalikeError(
    "ERR_SOURCE_UNREADABLE",
    `${name}: expected at most ${MAX_COLUMNS.toLocaleString("en")} columns but received ${length.toLocaleString("en")}`,
    {
      hint: "Export only the columns that are needed. Write repeated measurements as rows, as in a call log.",
    },
  );
}

interface Layout {
  readonly delimiter: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

async function readLayout(database: Database, file: SourceFile): Promise<Layout> {
  if (file.format === "csv") {
    const { columns, delimiter } = await readCsvHeader(file);
    await refuseEndlessLines(file);
    const layout = { delimiter, columns: columns.map((name) => ({ name, type: "VARCHAR" })) };
    return checkNames(checkWidth(layout, file), columns, file);
  }
  const isParquet = file.format === "parquet";
  const reader = isParquet ? "read_parquet" : "read_json_auto";
  const found = await database.describe(`SELECT * FROM ${reader}(${quoteFile(file.readFrom)})`);
  if (found.length === 0) throw emptySource(file.name);
  if (isParquet) await refuseHugeValues(database, file, found);
  const columns = isParquet ? found : found.map(({ name }) => ({ name, type: "JSON" }));
  const layout = checkWidth({ delimiter: "", columns }, file);
  if (isParquet) return checkNames(layout, await parquetNames(database, file), file);
  if (await hasNoObject(database, file)) throw emptySource(file.name);
  const repeated = await findRepeatedKey(database, file);
  if (repeated !== null) throw repeatedColumn(repeated, file);
  return layout;
}

/**
 * A join or a merge produces repeated column names; a reader cannot decide which one is right. Case is ignored, as the
 * database does for Parquet and JSON.
 */
function checkNames(layout: Layout, names: readonly string[], file: SourceFile): Layout {
  const seen = new Set<string>();
  for (const name of names) {
    const key = canonicalId(name).toLowerCase();
    if (key !== "" && seen.has(key)) throw repeatedColumn(name, file);
    seen.add(key);
  }
  return layout;
}

function repeatedColumn(column: string, { name }: SourceFile): LookalikeError {
  return new LookalikeError(
    "ERR_COLUMN_REPEATED",
    `Expected each column once in ${name} but received ${JSON.stringify(column)} more than once`,
    { hint: "Remove or rename one of the columns; a join often duplicates them." },
  );
}

function scanOf(files: readonly SourceFile[], layout: Layout): Scan {
  const format = files[0]?.format ?? "csv";
  const paths = `[${files.map((file) => quoteFile(file.readFrom)).join(", ")}]`;
  const columns = layout.columns.map((column, i) => ({
    name: column.name,
    storedAs: storedAs(column.type),
    type: column.type,
    sql: `c${i}`,
  }));
  if (format === "csv") {
    const types = columns.map((column) => `'${column.sql}': 'VARCHAR'`).join(", ");
    const dialect = `auto_detect = false, header = true, delim = ${quoteText(layout.delimiter)}, quote = '"', escape = '"'`;
    const call = (mode: string) =>
      `read_csv(${paths}, ${dialect}, columns = {${types}}, max_line_size = ${MAX_LINE_BYTES}, ${mode})`;
    return {
      files,
      format,
      delimiter: layout.delimiter,
      columns,
      relation: call("ignore_errors = true"),
      checkedRelation: call("store_rejects = true"),
      hasFileRow: false,
    };
  }
  const isParquet = format === "parquet";
  const relation = isParquet ? parquetRelation(paths, layout) : jsonRelation(paths, layout);
  return {
    files,
    format,
    delimiter: "",
    columns,
    relation,
    checkedRelation: relation,
    hasFileRow: isParquet,
  };
}

function parquetRelation(paths: string, { columns }: Layout): string {
  const names = columns.map(({ name }, i) => `${quoteName(name)} AS c${i}`);
  return `(SELECT ${names.join(", ")}, file_row_number + 1 AS file_row FROM read_parquet(${paths}, file_row_number = true))`;
}

/** Every value as it is written, strings without their quotes. */
function jsonRelation(paths: string, { columns }: Layout): string {
  const names = columns.map(
    ({ name }, i) => `${quoteName(name)} ->> '$' AS c${i}, json_type(${quoteName(name)}) AS j${i}`,
  );
  const types = columns.map(({ name }) => `${quoteText(name)}: 'JSON'`);
  return `(SELECT ${names.join(", ")} FROM read_json(${paths}, columns = {${types.join(", ")}}))`;
}

function storedAs(type: string): StoredAs {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(type))
    return "number";
  if (type === "BOOLEAN") return "boolean";
  return /^(?:DATE|TIMESTAMP.*)$/.test(type) ? "time" : "text";
}

/** Text without leading and trailing blanks of any kind; NULL if nothing is left. */
export function textOf(column: ScanColumn): string {
  if (column.type === "DATE") return `strftime(${column.sql}, '%Y-%m-%d')`;
  if (column.storedAs === "time") return `strftime(${column.sql}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (column.storedAs !== "text") return `${column.sql}::VARCHAR`;
  return `nullif(${trimmed(`${column.sql}::VARCHAR`)}, '')`;
}

/** A finite number, else NULL. */
export function numberOf(column: ScanColumn, mark: DecimalMark = "plain"): string {
  return column.storedAs === "text" ? finiteOf(textOf(column), mark) : finiteOf(column.sql);
}

/** Rows of one file, numbered from 1 in the file's order. */
export function rowNumberOf(scan: Scan): string {
  return scan.hasFileRow ? "file_row" : "row_number() OVER ()";
}
