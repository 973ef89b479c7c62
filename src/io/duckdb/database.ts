import { rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { throwIfAborted } from "../../core/index.ts";
import { makeScratch } from "../scratch.ts";
import { asLookalikeError, translated } from "./errors.ts";
import { type DuckDB, insertRows } from "./insert.ts";
import { abortable, interruptOnAbort } from "./interrupt.ts";
import { quoteFile, quoteText } from "./quote.ts";
import { plainRow, rowBatch } from "./rows.ts";
import type { Database, DatabaseOptions, RowBatch, SqlValue } from "./types.ts";

/**
 * Opens a database that can read the named files and its own folder, and nothing else: external access is
 * off, extensions are neither installed nor loaded, and the configuration is locked before the first query.
 *
 * @throws ERR_DATABASE_FAILED; ERR_ABORTED from every query once the signal has fired
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const tempFolder = makeScratch(options.tempFolder ?? tmpdir());
  const folder = join(tempFolder, "files");
  try {
    // The native library is large, so it is loaded with the first database.
    const duckdb = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      temp_directory: tempFolder,
      memory_limit: `${options.memoryMb ?? 2048}MB`,
      ...(await threadsOf(options)),
    });
    const connection = await instance.connect();
    const files = (options.files ?? []).flatMap((file) => [quoteText(file), quoteFile(file)]).join(", ");
    // The zone is set globally, because streams read on connections of their own, which would otherwise use the
    // machine's.
    await connection.run(`SET allowed_paths = [${files}];
      SET allowed_directories = [${quoteText(`${folder}/`)}];
      SET enable_external_access = false;
      SET GLOBAL TimeZone = 'UTC';
      SET lock_configuration = true`);
    return createDatabase(
      { duckdb, instance, main: connection },
      { tempFolder, folder, signal: options.signal },
    );
  } catch (error) {
    await rm(tempFolder, { recursive: true, force: true });
    throw asLookalikeError(error);
  }
}

/** Files of this size together are read on one thread: more take longer to start than they save. */
const SMALL_BYTES = 2_000_000;

async function threadsOf({ threads, files = [] }: DatabaseOptions): Promise<{ threads?: string }> {
  if (threads !== undefined) return { threads: String(threads) };
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => SMALL_BYTES,
      ),
    ),
  );
  const isSmall = files.length > 0 && sizes.reduce((sum, size) => sum + size, 0) < SMALL_BYTES;
  return isSmall ? { threads: "1" } : {};
}

interface Engine {
  readonly duckdb: DuckDB;
  readonly instance: DuckDBInstance;
  readonly main: DuckDBConnection;
}

function createDatabase(
  { duckdb, instance, main }: Engine,
  {
    tempFolder,
    folder,
    signal,
  }: { readonly tempFolder: string; readonly folder: string; readonly signal: AbortSignal | undefined },
): Database {
  let closed = false;
  const onMain = <T>(work: () => Promise<T>) => abortable(main, signal, () => translated(work));
  return {
    folder,
    async run(sql, values = []) {
      await onMain(() => main.run(sql, [...values] as DuckDBValue[]));
    },
    stream: (sql, values = [], ownSignal = signal) => streamRows(instance, sql, values, ownSignal),
    async all(sql, values = []) {
      const reader = await onMain(() => main.runAndReadAll(sql, [...values] as DuckDBValue[]));
      return reader.getRowObjects().map(plainRow);
    },
    async describe(sql) {
      const reader = await onMain(() => main.runAndReadAll(`DESCRIBE ${sql}`));
      return reader.getRowObjects().map((row) => ({
        name: String(row.column_name),
        type: String(row.column_type),
      }));
    },
    insert: (table, rows, names) =>
      onMain(() => insertRows({ duckdb, connection: main }, table, rows, names)),
    async close() {
      if (closed) return;
      closed = true;
      main.closeSync();
      instance.closeSync();
      await rm(tempFolder, { recursive: true, force: true });
    },
  };
}

/** Each stream has its own connection, because a connection keeps only one result open. */
async function* streamRows(
  instance: DuckDBInstance,
  sql: string,
  values: readonly SqlValue[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RowBatch> {
  throwIfAborted(signal);
  const connection = await translated(() => instance.connect());
  const release = interruptOnAbort(connection, signal);
  try {
    // The signal may have fired while the connection was being opened.
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
    release();
    connection.closeSync();
  }
}
