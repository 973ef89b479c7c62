import type { Table } from "../core/index.ts";
import { LookalikeError, nearestSpelling } from "../core/index.ts";
import { type Database, type DatabaseResources, openDatabase } from "../io/duckdb/index.ts";
import { rememberValues } from "./seen-values.ts";

/** Compiled conditions over tables with the same columns. It uses a database: `close()` it. */
export interface Predicates {
  /** Per predicate: 1 if the row meets it, 0 if it does not or if a missing value leaves it undecided. */
  evaluate(table: Table): Promise<Uint8Array[]>;
  close(): Promise<void>;
}

/**
 * Compiles SQL conditions such as `age >= 30 AND residence IN ('Utrecht', 'Delft')`. A condition is one
 * expression of columns, constants, comparisons, AND/OR/NOT, IN, BETWEEN, LIKE, IS NULL, CASE, casts,
 * arithmetic and the functions of `FUNCTIONS`: no subquery, no table, no file. It runs in a database that
 * cannot open files or connections. Column names are matched regardless of case; number columns are DOUBLE,
 * category columns VARCHAR.
 *
 * @param columns names that a condition may use: those of every table passed to `evaluate`
 * @throws ERR_PREDICATE_INVALID
 */
export async function openPredicates(
  predicates: readonly string[],
  columns: Iterable<string>,
  resources: DatabaseResources = {},
): Promise<Predicates> {
  const database = await openDatabase({ memoryMb: 512, threads: 1, ...resources, files: [] });
  const known = [...columns];
  try {
    const used = new Set<string>();
    for (const predicate of predicates) {
      for (const column of await checkPredicate(database, predicate, known)) used.add(column);
    }
    const columnsUsed = [...used];
    const each = (table: Table) => evaluate(database, predicates, columnsUsed, table);
    return {
      evaluate: rememberValues(each, columnsUsed, predicates.length),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Functions and operators (by DuckDB's names) that use only their arguments and return small values. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...["+", "-", "*", "/", "//", "%", "||", "~~", "!~~", "~~*", "!~~*"],
  ...["abs", "ceil", "floor", "round", "least", "greatest", "ln", "log10", "sqrt", "exp", "pow"],
  ...["lower", "upper", "trim", "ltrim", "rtrim", "length", "left", "right", "substring", "strpos", "concat"],
  ...["contains", "starts_with", "ends_with", "prefix", "suffix", "like_escape", "not_like_escape"],
  ...["year", "month", "day", "date_part", "isnan", "isfinite"],
]);

const CLASSES: ReadonlySet<string> = new Set([
  ...[
    "COLUMN_REF",
    "CONSTANT",
    "COMPARISON",
    "CONJUNCTION",
    "FUNCTION",
    "OPERATOR",
    "BETWEEN",
    "CASE",
    "CAST",
  ],
]);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The columns that the predicate uses, in the spelling of `known`. */
async function checkPredicate(
  database: Database,
  predicate: string,
  known: readonly string[],
): Promise<string[]> {
  if (predicate.includes("\0")) throw invalid(predicate, "a NUL byte");
  const tree = await parsePredicate(database, predicate);
  if (tree.error === true) throw invalid(predicate, String(tree.error_message));
  const used = new Set<string>();
  visit(predicate, onlyExpression(predicate, tree), known, used);
  return [...used];
}

async function parsePredicate(
  database: Database,
  predicate: string,
): Promise<{ readonly [key: string]: Json }> {
  const [row] = await database.all("SELECT json_serialize_sql($1::VARCHAR) AS tree", [asQuery(predicate)]);
  try {
    return JSON.parse(String(row?.tree)) as { readonly [key: string]: Json };
  } catch {
    // The tree writes a number beyond the doubles as `inf`, which is not JSON.
    throw invalid(predicate, "a number out of range");
  }
}

/** The predicate is on lines of its own, so that a comment in it cannot hide what follows. */
function asQuery(predicate: string): string {
  return `SELECT (\n${predicate}\n)`;
}

function onlyExpression(predicate: string, tree: { readonly [key: string]: Json }): Json {
  const statements = tree.statements as readonly { readonly node: { readonly [key: string]: Json } }[];
  const node = statements[0]?.node;
  const list = node?.select_list as readonly Json[] | undefined;
  const from = node?.from_table as { readonly type?: Json } | null | undefined;
  const isPlain =
    statements.length === 1 &&
    node?.type === "SELECT_NODE" &&
    list?.length === 1 &&
    from?.type === "EMPTY" &&
    [node.where_clause, node.having, node.qualify, node.sample].every(
      (part) => part === null || part === undefined,
    ) &&
    [node.modifiers, node.group_expressions].every((part) => Array.isArray(part) && part.length === 0);
  if (!isPlain) throw invalid(predicate, "more than one condition");
  return list?.[0] ?? null;
}

function visit(predicate: string, json: Json, known: readonly string[], used: Set<string>): void {
  if (json === null || typeof json !== "object") return;
  if (Array.isArray(json)) {
    for (const part of json as readonly Json[]) visit(predicate, part, known, used);
    return;
  }
  const node = json as { readonly [key: string]: Json };
  if (typeof node.class === "string") {
    if (!CLASSES.has(node.class)) throw invalid(predicate, node.class.toLowerCase().replaceAll("_", " "));
    if (node.class === "CONSTANT") return;
    if (node.class === "FUNCTION" && (!FUNCTIONS.has(String(node.function_name)) || node.schema !== "")) {
      throw invalid(predicate, `the function ${String(node.function_name)}`);
    }
    if (node.class === "COLUMN_REF")
      used.add(findColumn(predicate, node.column_names as readonly string[], known));
  }
  for (const part of Object.values(node)) visit(predicate, part, known, used);
}

function findColumn(predicate: string, path: readonly string[], known: readonly string[]): string {
  const name = path.join(".");
  const same = (candidate: string) => candidate.toLowerCase() === name.toLowerCase();
  const found = path.length === 1 ? (known.find((column) => column === name) ?? known.find(same)) : undefined;
  if (found !== undefined) return found;
  const nearest = nearestSpelling(name, known);
  throw invalid(
    predicate,
    `the unknown column ${JSON.stringify(name)}`,
    nearest === null
      ? `The columns are ${known.slice(0, 30).join(", ")}.`
      : `Did you mean ${JSON.stringify(nearest)}?`,
  );
}

async function evaluate(
  database: Database,
  predicates: readonly string[],
  used: readonly string[],
  table: Table,
): Promise<Uint8Array[]> {
  const masks = predicates.map(() => new Uint8Array(table.rows));
  if (table.rows === 0 || predicates.length === 0) return masks;
  const row = { kind: "number", values: Float64Array.from({ length: table.rows }, (_, i) => i) } as const;
  // The row numbers are always inserted, because a table needs at least one column.
  await database.insert("customers", { rows: table.rows, columns: new Map([...table.columns, [ROW, row]]) }, [
    ROW,
    ...used,
  ]);
  for (const [i, predicate] of predicates.entries()) {
    const mask = masks[i] as Uint8Array;
    try {
      const type = await database.all(`SELECT typeof((\n${predicate}\n)) AS type FROM customers LIMIT 1`);
      if (type[0]?.type !== "BOOLEAN") throw invalid(predicate, `a value of type ${type[0]?.type}`);
      const met = database.stream(`SELECT "${ROW}" AS row FROM customers WHERE (\n${predicate}\n)`);
      for await (const batch of met) for (const index of batch.numbers("row")) mask[index] = 1;
    } catch (error) {
      if (error instanceof LookalikeError && error.code !== "ERR_PREDICATE_INVALID") {
        throw invalid(predicate, error.message);
      }
      throw error;
    }
  }
  return masks;
}

const ROW = "\u{10ffff}row";

function invalid(predicate: string, received: string, hint?: string): LookalikeError {
  const shown = predicate.length > 80 ? `${predicate.slice(0, 77)}...` : predicate;
  return new LookalikeError(
    "ERR_PREDICATE_INVALID",
    `Expected a condition over the customer's columns for ${JSON.stringify(shown)} but received ${received}`,
    { hint: hint ?? "Write a condition such as age >= 30 AND residence = 'Utrecht'." },
  );
}
