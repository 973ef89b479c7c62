import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { cell, isLookalikeError, type Table } from "../../src/core/index.ts";
import { openDatabase, quoteText } from "../../src/io/duckdb/index.ts";

/** A folder that is gone after the file's tests. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lookalike-test-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A Parquet file of what a query selects. */
export async function writeParquet(path: string, sql: string): Promise<string> {
  const database = await openDatabase({ files: [path] });
  try {
    await database.run(`COPY (${sql}) TO ${quoteText(path)} (FORMAT parquet)`);
  } finally {
    await database.close();
  }
  return path;
}

export function column(table: Table, name: string): (number | string | null)[] {
  const found = table.columns.get(name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return Array.from({ length: table.rows }, (_, row) => cell(found, row));
}

/** The code of the LookalikeError that a promise rejects with, and its message. */
export async function failure(
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string }> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isLookalikeError(error)) throw new Error(`expected a LookalikeError but received ${String(error)}`);
  return error.toJSON();
}
