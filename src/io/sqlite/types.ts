import type { ErrorCode } from "../../core/index.ts";

/** A blob goes in as `Uint8Array` and comes out as an `ArrayBuffer` of its own. */
export type SqlValue = string | number | Uint8Array | ArrayBuffer | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): SqlRow[];
}

export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** The first column of a pragma's first row. */
  pragma(sql: string): SqlValue;
  /** Runs `work` as one transaction. Takes the write lock first, so that taking it cannot fail later. */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** The name of a store in messages, and the codes of errors that concern its file. */
export interface StoreNames {
  /** With its article: 'a gallery'. */
  readonly what: string;
  readonly corrupt: ErrorCode;
  readonly busy: ErrorCode;
  /** What to do if the file is damaged. */
  readonly corruptHint: string;
}

export interface SqliteOptions {
  readonly names: StoreNames;
  /** How long to wait for another connection's short write, ms; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** 64 hexadecimal digits: the file is encrypted with AES-256. Default: no encryption. */
  readonly key?: string | undefined;
  /** Whether a file that is not writable is opened for reading; default false. */
  readonly canOnlyRead?: boolean | undefined;
}
