import type { DuckDBDataChunk, DuckDBEnumType, DuckDBValue, DuckDBVector } from "@duckdb/node-api";
import type { RowBatch } from "./types.ts";

/** @param indexOf the index of each column in the chunk */
export function rowBatch(chunk: DuckDBDataChunk, indexOf: ReadonlyMap<string, number>): RowBatch {
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
 * The vector's own buffer. The library keeps it in a field that its types declare private; the public getter
 * creates a value per cell and looks up labels, which is 5 to 10 times slower. The caller checks the result.
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

/** Numbers stay numbers; everything else becomes text. */
export function plainRow(row: Record<string, DuckDBValue>): Record<string, string | number | null> {
  const plain = (value: DuckDBValue): string | number | null => {
    if (value === null || typeof value === "number") return value;
    if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
    return String(value);
  };
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}
