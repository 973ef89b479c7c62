import { type Column, cell, type Table, takeRows } from "../core/index.ts";

/** Per predicate, 1 if a row meets it; as `Predicates.evaluate`. */
type Evaluate = (table: Table) => Promise<Uint8Array[]>;

/** Larger tables are evaluated as a whole, which costs less per row than a look-up. */
const MOST_ROWS = 1000;
/** Most combinations of values kept in memory. */
const MOST_KEPT = 20_000;

/**
 * Evaluates rows with new values together, and answers the others from memory. A condition depends only on
 * its columns (no function of `FUNCTIONS` reads the time or draws a number), and a query costs as much for
 * one row as for hundreds. Without this a service that decides for one customer at a time would run a query
 * for each.
 *
 * @param used columns of the conditions
 * @param predicates number of predicates
 */
export function rememberValues(evaluate: Evaluate, used: readonly string[], predicates: number): Evaluate {
  const kept = new Map<string, readonly number[]>();
  return async (table) => {
    if (table.rows > MOST_ROWS) return evaluate(table);
    const columns = used.map((name) => table.columns.get(name));
    const keys = Array.from({ length: table.rows }, (_, row) => keyOf(columns, row));
    const found = new Map(keys.map((key) => [key, kept.get(key)]));
    // One row of each new combination.
    const rowOf = new Map(keys.map((key, row) => [key, row]));
    const rows = [...found].flatMap(([key, met]) => (met === undefined ? [rowOf.get(key) ?? 0] : []));
    if (rows.length > 0) {
      const masks = await evaluate(takeRows(table, rows));
      if (kept.size + rows.length > MOST_KEPT) kept.clear();
      rows.forEach((row, i) => {
        const met = masks.map((mask) => mask[i] ?? 0);
        const key = keys[row] ?? "";
        kept.set(key, met);
        found.set(key, met);
      });
    }
    return Array.from({ length: predicates }, (_, i) =>
      Uint8Array.from(keys, (key) => found.get(key)?.[i] ?? 0),
    );
  };
}

/** Numbers and texts that look alike are different values; a missing column is missing in each row. */
function keyOf(columns: readonly (Column | undefined)[], row: number): string {
  const values = columns.map((column) => {
    const value = column === undefined ? null : cell(column, row);
    return typeof value === "number" ? [String(value)] : value;
  });
  return JSON.stringify(values);
}
