import type { Table } from "../../core/index.ts";

/** Machine resources that a database may use. */
export interface DatabaseResources {
  /** Memory in MB before data is spilled to disk; default 2048. */
  readonly memoryMb?: number | undefined;
  /** Number of threads; default: one for files of less than 2 MB together, else the number of cores. */
  readonly threads?: number | undefined;
  /** Folder for spilled data while the database is open; default: the system's temporary folder. */
  readonly tempFolder?: string | undefined;
}

export interface DatabaseOptions extends DatabaseResources {
  /**
   * Absolute paths of the only files that the database may open; default none. Everything else is blocked,
   * the network included.
   */
  readonly files?: readonly string[] | undefined;
  /** Stops running and later queries; streams may have their own signal. */
  readonly signal?: AbortSignal | undefined;
}

export type SqlValue = string | number | null | readonly string[];

/** Some rows of a result (at most 2,048 while streaming), read column by column. */
export interface RowBatch {
  readonly rows: number;
  /** A column of numbers, booleans (0, 1) or integers; NaN is NULL. */
  numbers(column: string): Float64Array;
  /** A text column; null is NULL. */
  texts(column: string): (string | null)[];
  /** An ENUM column: codes into labels, -1 is NULL. Batches of one result share `labels`. */
  codes(column: string): { readonly codes: Int32Array; readonly labels: readonly string[] };
}

/** A private database in memory that spills to disk. Call `close()` after the last read. */
export interface Database {
  /** The database's own folder, which it can read from; created when it is first used, removed on close. */
  readonly folder: string;
  /** Runs one statement without a result. */
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  /** The rows of a result in batches; the whole result is never in memory. */
  stream(sql: string, values?: readonly SqlValue[], signal?: AbortSignal): AsyncIterable<RowBatch>;
  /** A small result as plain objects. Numbers stay numbers; everything else becomes text. */
  all(sql: string, values?: readonly SqlValue[]): Promise<Record<string, string | number | null>[]>;
  /** Column names and their SQL types, without running the query. */
  describe(sql: string): Promise<{ readonly name: string; readonly type: string }[]>;
  /** Creates a table of DOUBLE and VARCHAR columns; `names` selects the columns and their order. */
  insert(table: string, rows: Table, names?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
