import type { DuckDBConnection } from "@duckdb/node-api";
import { type Column, cell, type Table } from "../../core/index.ts";
import { quoteName } from "./quote.ts";

/** The DuckDB module, which is loaded lazily. */
export type DuckDB = typeof import("@duckdb/node-api");

const CHUNK_ROWS = 2048;

/** See `Database.insert`. */
export async function insertRows(
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
