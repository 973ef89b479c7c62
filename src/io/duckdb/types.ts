import type { Table } from "../../core/index.ts";

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
  /** Ends running and later queries; streams may have their own signal. */
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

/** A private database in memory that spills to disk. Hold it while it is read from, then `close()` it. */
export interface Database {
  /** Its own folder, which it can read from: created by its user, removed on close. */
  readonly folder: string;
  /** Runs one statement for its effect. */
  run(sql: string, values?: readonly SqlValue[]): Promise<void>;
  /** The rows of a result in batches, never all in memory. */
  stream(sql: string, values?: readonly SqlValue[], signal?: AbortSignal): AsyncIterable<RowBatch>;
  /** A small result as plain objects; numbers arrive as numbers, everything else as text. */
  all(sql: string, values?: readonly SqlValue[]): Promise<Record<string, string | number | null>[]>;
  /** Column names and their SQL types, without running the query. */
  describe(sql: string): Promise<{ readonly name: string; readonly type: string }[]>;
  /** Creates a table of DOUBLE and VARCHAR columns; `names` picks columns and their order. */
  insert(table: string, rows: Table, names?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
