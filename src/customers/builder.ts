import type { CategoryColumn, Column, Table } from "../core/index.ts";

/** Joins batches with the same columns into one table. */
export interface TableBuilder {
  append(batch: Table): void;
  finish(): Table;
}

/** @param capacity expected number of rows; the columns are allocated once for this size */
export function createTableBuilder(capacity: number): TableBuilder {
  const columns = new Map<string, ColumnBuilder>();
  let rows = 0;
  return {
    append(batch) {
      for (const [name, column] of batch.columns) {
        let builder = columns.get(name);
        if (builder === undefined) {
          builder = column.kind === "number" ? numberBuilder(capacity) : categoryBuilder(capacity);
          columns.set(name, builder);
        }
        builder.append(column, rows);
      }
      rows += batch.rows;
    },
    finish: () => ({
      rows,
      columns: new Map([...columns].map(([name, builder]) => [name, builder.finish(rows)])),
    }),
  };
}

interface ColumnBuilder {
  append(column: Column, start: number): void;
  finish(rows: number): Column;
}

function numberBuilder(capacity: number): ColumnBuilder {
  let values = new Float64Array(capacity);
  return {
    append(column, start) {
      if (column.kind !== "number") return;
      const end = start + column.values.length;
      if (end > values.length) values = enlarged(values, new Float64Array(2 * end));
      values.set(column.values, start);
    },
    finish: (rows) => ({ kind: "number", values: rows === values.length ? values : values.slice(0, rows) }),
  };
}

/** Batches of one result share their list of labels, so most codes are copied; others are looked up. */
function categoryBuilder(capacity: number): ColumnBuilder {
  let codes = new Int32Array(capacity);
  const labels: string[] = [];
  const codeOf = new Map<string, number>();
  let known: readonly string[] | null = null;
  const codeFor = (label: string): number => {
    const code = codeOf.get(label) ?? labels.length;
    if (code === labels.length) {
      labels.push(label);
      codeOf.set(label, code);
    }
    return code;
  };
  const appendOther = (column: CategoryColumn, start: number) => {
    const translated = column.labels.map(codeFor);
    for (let i = 0; i < column.codes.length; i++) codes[start + i] = translated[column.codes[i] ?? -1] ?? -1;
  };
  return {
    append(column, start) {
      if (column.kind !== "category") return;
      const end = start + column.codes.length;
      if (end > codes.length) codes = enlarged(codes, new Int32Array(2 * end));
      if (known === null) {
        known = column.labels;
        for (const label of known) codeFor(label);
      }
      const isSame = known.length === labels.length && isSameList(column.labels, known);
      if (isSame) codes.set(column.codes, start);
      else appendOther(column, start);
    },
    finish: (rows) => ({
      kind: "category",
      codes: rows === codes.length ? codes : codes.slice(0, rows),
      labels,
    }),
  };
}

function enlarged<T extends Float64Array | Int32Array>(values: T, room: T): T {
  room.set(values);
  return room;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((label, i) => label === b[i]));
}

/** The rows with these indices, in their order; the table itself if all rows are picked. */
export function pickTable(table: Table, rows: readonly number[]): Table {
  if (rows.length === table.rows) return table;
  return {
    rows: rows.length,
    columns: new Map([...table.columns].map(([name, column]) => [name, pickRows(column, rows)])),
  };
}

function pickRows(column: Column, rows: readonly number[]): Column {
  if (column.kind === "number") {
    return { kind: "number", values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
  }
  return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? -1) };
}

/** A number column's values; empty if there is no such column. */
export function numbersOf(table: Table, name: string): Float64Array {
  const column = table.columns.get(name);
  return column?.kind === "number" ? column.values : new Float64Array(0);
}

/** A category column's codes; empty if there is no such column. */
export function codesOf(table: Table, name: string): Int32Array {
  const column = table.columns.get(name);
  return column?.kind === "category" ? column.codes : new Int32Array(0);
}
