import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBEnumType,
  DuckDBInstance,
  DuckDBValue,
  DuckDBVector,
} from "@duckdb/node-api";
import { asLookalikeError } from "./duckdb-errors.ts";
import { LookalikeError, throwIfAborted } from "./errors.ts";
import { makeScratch } from "./scratch.ts";
import { type Column, cell, type Table } from "./table.ts";

/** What a database may use of the machine. */
export interface DatabaseResources {
  /** Memory in MB before work is spilled to disk; default 2048. */
  readonly memoryMb?: number | undefined;
  /** Default: the number of cores. */
  readonly threads?: number | undefined;
  /** Where spilled work goes while the database is open; default: the system's temporary folder. */
  readonly tempFolder?: string | undefined;
}

export interface DatabaseOptions extends DatabaseResources {
  /** The only files that it may open, absolute; default none. Everything else, the network too, is shut off. */
  readonly files?: readonly string[] | undefined;
}

export type SqlValue = string | number | null | readonly string[];

/** Some rows of a result (2,048 at the most while streaming), read column by column. */
export interface RowBatch {
  readonly rows: number;
  /** A column of numbers, booleans (0, 1) or integers; NaN is NULL. */
  numbers(column: string): Float64Array;
  /** A text column; null is NULL. */
  texts(column: string): (string | null)[];
  /** An ENUM column: codes into labels, -1 is NULL. Batches of one result share `labels`. */
  codes(column: string): { readonly codes: Int32Array; readonly labels: readonly string[] };
}

/** A private database in memory that spills to disk. Hold it while it is read from, then `close()` it. */
export interface Database {
  /** Runs one statement for its effect. */
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  /** The rows of a result, one batch after the other, never all at once. */
  stream(sql: string, values?: readonly SqlValue[], signal?: AbortSignal): AsyncIterable<RowBatch>;
  /** A small result as plain objects; numbers arrive as numbers, everything else as text. */
  all(sql: string, values?: readonly SqlValue[]): Promise<Record<string, string | number | null>[]>;
  /** Column names and their SQL types, without running the query. */
  describe(sql: string): Promise<{ readonly name: string; readonly type: string }[]>;
  /** Creates a table of DOUBLE and VARCHAR columns; `names` picks columns and their order. */
  insert(table: string, rows: Table, names?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a database that can read the named files and nothing else: external access is off, extensions are neither
 * installed nor loaded, and the configuration is locked before the first query.
 *
 * @throws ERR_DATABASE_FAILED
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const tempFolder = makeScratch(options.tempFolder ?? tmpdir());
  try {
    // Its native library is large: loaded by whoever asks for a database, and by nobody else.
    const duckdb = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: tempFolder,
      memory_limit: `${options.memoryMb ?? 2048}MB`,
      ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    });
    const connection = await instance.connect();
    const files = (options.files ?? []).flatMap((file) => [quoteText(file), quoteFile(file)]).join(", ");
    await connection.run(`SET allowed_paths = [${files}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run("SET lock_configuration = true");
    return createDatabase(duckdb, instance, connection, tempFolder);
  } catch (error) {
    await rm(tempFolder, { recursive: true, force: true });
    throw asLookalikeError(error);
  }
}

/** An SQL identifier, whatever characters the name is made of (a NUL byte cannot be one: ERR_OPTION_INVALID). */
export function quoteName(name: string): string {
  return `"${withoutNul(name).replaceAll('"', '""')}"`;
}

/** An SQL text literal. */
export function quoteText(text: string): string {
  return `'${withoutNul(text).replaceAll("'", "''")}'`;
}

/** A file to read as an SQL literal: readers take a plain path for a glob, so what looks like one is escaped. */
export function quoteFile(path: string): string {
  return quoteText(path.replace(/[*?[]/g, "[$&]"));
}

function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new LookalikeError("ERR_OPTION_INVALID", "Expected a name without NUL bytes but received one with", {
    hint: "Rename the file or the column.",
  });
}

type DuckDB = typeof import("@duckdb/node-api");

function createDatabase(
  duckdb: DuckDB,
  instance: DuckDBInstance,
  main: DuckDBConnection,
  tempFolder: string,
): Database {
  let closed = false;
  return {
    async run(sql, values = []) {
      await translated(() => main.run(sql, [...values] as DuckDBValue[]));
    },
    stream: (sql, values = [], signal) => streamRows(instance, sql, values, signal),
    async all(sql, values = []) {
      const reader = await translated(() => main.runAndReadAll(sql, [...values] as DuckDBValue[]));
      return reader.getRowObjects().map(plainRow);
    },
    async describe(sql) {
      const reader = await translated(() => main.runAndReadAll(`DESCRIBE ${sql}`));
      return reader.getRowObjects().map((row) => ({
        name: String(row.column_name),
        type: String(row.column_type),
      }));
    },
    insert: (table, rows, names) =>
      translated(() => insertRows({ duckdb, connection: main }, table, rows, names)),
    async close() {
      if (closed) return;
      closed = true;
      main.closeSync();
      instance.closeSync();
      await rm(tempFolder, { recursive: true, force: true });
    },
  };
}

/** Each stream has its own connection: a connection keeps only one result open. */
async function* streamRows(
  instance: DuckDBInstance,
  sql: string,
  values: readonly SqlValue[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RowBatch> {
  throwIfAborted(signal);
  const connection = await translated(() => instance.connect());
  // An interruption that comes while the query is being prepared is forgotten: it is repeated until it is heeded.
  let repeated: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    repeated ??= setInterval(() => connection.interrupt(), 50);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    // It may have fired while the connection was being made.
    throwIfAborted(signal);
    const result = await translated(() => connection.stream(sql, [...values] as DuckDBValue[]));
    const indexOf = new Map(result.columnNames().map((name, index) => [name, index]));
    for (;;) {
      const chunk = await translated(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield rowBatch(chunk, indexOf);
      throwIfAborted(signal);
    }
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    clearInterval(repeated);
    connection.closeSync();
  }
}

function rowBatch(chunk: DuckDBDataChunk, indexOf: ReadonlyMap<string, number>): RowBatch {
  const vector = (column: string): DuckDBVector => {
    const index = indexOf.get(column);
    if (index === undefined) throw new RangeError(`no column ${column} in the result`);
    return chunk.getColumnVector(index);
  };
  return {
    rows: chunk.rowCount,
    numbers: (column) => readNumbers(vector(column), chunk.rowCount),
    texts: (column) => vector(column).toArray() as (string | null)[],
    codes: (column) => readCodes(vector(column), chunk.rowCount),
  };
}

function readNumbers(vector: DuckDBVector, rows: number): Float64Array {
  const { items, isComplete } = rawItems(vector);
  if (items instanceof Float64Array && isComplete) return items.slice();
  return Float64Array.from({ length: rows }, (_, row) => {
    const value = vector.getItem(row);
    return value === null ? Number.NaN : Number(value);
  });
}

function readCodes(vector: DuckDBVector, rows: number): { codes: Int32Array; labels: readonly string[] } {
  const labels = (vector.type as Partial<DuckDBEnumType>).values;
  if (labels === undefined) throw new RangeError("not an ENUM column");
  const { items } = rawItems(vector);
  if (!(items instanceof Uint8Array || items instanceof Uint16Array || items instanceof Uint32Array)) {
    throw new RangeError("an ENUM column without codes");
  }
  const codes = new Int32Array(rows);
  const { isComplete, isValid } = rawItems(vector);
  for (let row = 0; row < rows; row++) codes[row] = isComplete || isValid(row) ? (items[row] ?? -1) : -1;
  return { codes, labels };
}

/**
 * The vector's own buffer. The library keeps it in a field that its types call private; the public getter makes a
 * value per cell and looks labels up, which is 5 to 10 times slower. What is found is checked by the caller.
 */
function rawItems(vector: DuckDBVector): {
  items: unknown;
  isComplete: boolean;
  isValid: (row: number) => boolean;
} {
  const { items, validity } = vector as unknown as {
    items?: unknown;
    validity?: { data: BigUint64Array | null; itemValid(row: number): boolean };
  };
  return {
    items,
    isComplete: validity?.data === null,
    isValid: (row) => validity?.itemValid(row) ?? true,
  };
}

function plainRow(row: Record<string, DuckDBValue>): Record<string, string | number | null> {
  const plain = (value: DuckDBValue): string | number | null => {
    if (value === null || typeof value === "number") return value;
    if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
    return String(value);
  };
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

const CHUNK_ROWS = 2048;

async function insertRows(
  { duckdb, connection }: { readonly duckdb: DuckDB; readonly connection: DuckDBConnection },
  table: string,
  rows: Table,
  names: readonly string[] = [...rows.columns.keys()],
): Promise<void> {
  const columns = names.map((name) => rows.columns.get(name)).filter((column) => column !== undefined);
  const types = columns.map((column) => (column.kind === "number" ? duckdb.DOUBLE : duckdb.VARCHAR));
  const definition = names.map((name, i) => `${quoteName(name)} ${types[i]}`).join(", ");
  await connection.run(`CREATE OR REPLACE TABLE ${quoteName(table)} (${definition})`);
  const appender = await connection.createAppender(table);
  try {
    for (let start = 0; start < rows.rows; start += CHUNK_ROWS) {
      const length = Math.min(CHUNK_ROWS, rows.rows - start);
      const chunk = duckdb.DuckDBDataChunk.create(types, length);
      columns.forEach((column, i) => {
        chunk.setColumnValues(i, cells(column, start, length));
      });
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}

function cells(column: Column, start: number, length: number): (number | string | null)[] {
  return Array.from({ length }, (_, i) => cell(column, start + i));
}

async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asLookalikeError(error);
  }
}
