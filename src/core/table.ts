/**
 * Columnar tables, which pass rows of customers and experiments from reading (DuckDB) to modelling (typed
 * arrays). A missing value is NaN in a number column and code -1 in a category column.
 */
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly kind: "category";
  /** Index into `labels` per row; -1 is missing. */
  readonly codes: Int32Array;
  readonly labels: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

export interface Table {
  readonly rows: number;
  /** By column name, in the source's order. Every column has `rows` entries. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** One cell: a number, a label, or null if it is missing. */
export function cell(column: Column, row: number): number | string | null {
  if (column.kind === "number") {
    const value = column.values[row];
    return value === undefined || Number.isNaN(value) ? null : value;
  }
  const code = column.codes[row] ?? -1;
  return code < 0 ? null : (column.labels[code] ?? null);
}

/** The listed rows of a table, in the given order. */
export function takeRows({ columns }: Table, rows: ArrayLike<number>): Table {
  const taken = [...columns].map(([name, column]): [string, Column] => [
    name,
    column.kind === "number"
      ? { ...column, values: Float64Array.from(rows, (row) => column.values[row] as number) }
      : { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) },
  ]);
  return { rows: rows.length, columns: new Map(taken) };
}

/** A number column of the given values (null, undefined and NaN are missing). */
export function numberColumn(values: ArrayLike<number | null | undefined>): NumberColumn {
  return {
    kind: "number",
    values: Float64Array.from({ length: values.length }, (_, i) => values[i] ?? Number.NaN),
  };
}

/** A category column; labels are listed in the order of first appearance. */
export function categoryColumn(values: ArrayLike<string | null | undefined>): CategoryColumn {
  const labels: string[] = [];
  const codeOf = new Map<string, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) {
      codes[i] = -1;
      continue;
    }
    let code = codeOf.get(value);
    if (code === undefined) {
      code = labels.length;
      labels.push(value);
      codeOf.set(value, code);
    }
    codes[i] = code;
  }
  return { kind: "category", codes, labels };
}
