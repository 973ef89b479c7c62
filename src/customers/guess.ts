import { openDatabase } from "../io/duckdb/index.ts";
import { PHOTO_ENDINGS } from "../io/photo-names.ts";
import { findFiles, openScans, type ScanColumn, type TableSource, textOf } from "../tables/index.ts";
import type { CustomerMapping } from "./crm.ts";
import { type ColumnFacts, guessByName, guessCustomers, type TableRole } from "./guess-names.ts";

/** The guessed roles of a table's columns, from their names and the first rows. */
export interface GuessedTable<Mapping> {
  /** All columns, in the file's order. */
  readonly columns: readonly string[];
  /** The column of each role that was found; roles without a column are left out. */
  readonly mapping: Mapping;
  /** Columns without a role, in the file's order: the features. */
  readonly others: readonly string[];
}

export interface GuessedCustomers extends GuessedTable<CustomerMapping> {
  /** Columns of another consent, such as to a newsletter; face matching needs a consent of its own. */
  readonly otherConsents: readonly string[];
  /** Paths of portraits in the first rows, as in the file. They show where the customers' photos are. */
  readonly portraits: readonly string[];
}

/** Number of rows that are read. */
const SAMPLE = 100_000;
const IMAGE = `\\.(?:${PHOTO_ENDINGS.map((ending) => ending.slice(1)).join("|")})$`;

/**
 * Guesses which column of a customers' file is the id, the portrait's path, and the consent to face matching.
 * An id is present and different in each of the first 100,000 rows.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_REPEATED
 */
export async function guessCustomerColumns(source: TableSource): Promise<GuessedCustomers> {
  return withTable(source, async (columns, select) => {
    const facts: ColumnFacts[] = [];
    for (const column of columns) facts.push(await factsOf(column, select));
    const { mapping, otherConsents } = guessCustomers(facts);
    const photo = columns.find(({ name }) => name === mapping.photo);
    const portraits =
      photo === undefined ? [] : await select(`${textOf(photo)} AS value`, `${textOf(photo)} IS NOT NULL`);
    return {
      ...tableOf(columns, mapping),
      otherConsents,
      portraits: portraits.flatMap(({ value }) => (typeof value === "string" ? [value] : [])),
    };
  });
}

/**
 * Guesses the columns of a call, usage or experiment log from their names.
 *
 * @param roles role names, and patterns of other common names
 * @throws as `guessCustomerColumns`
 */
export async function guessTableColumns<Role extends string>(
  source: TableSource,
  roles: readonly TableRole<Role>[],
): Promise<GuessedTable<{ readonly [role in Role]?: string }>> {
  return withTable(source, async (columns) =>
    tableOf(
      columns,
      guessByName(
        columns.map(({ name }) => name),
        roles,
      ),
    ),
  );
}

/** The values of a column, the most frequent first; null if there are more than `most`. */
export async function distinctValues(
  source: TableSource,
  name: string,
  most: number,
): Promise<readonly string[] | null> {
  return withTable(source, async (columns, _, relation) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) return null;
    const text = textOf(column);
    const rows = await relation(
      `SELECT ${text} AS value, count(*) AS n FROM $ WHERE ${text} IS NOT NULL GROUP BY 1 ORDER BY n DESC, value LIMIT ${most + 1}`,
    );
    return rows.length > most ? null : rows.map(({ value }) => String(value));
  });
}

type Rows = readonly Readonly<Record<string, string | number | null>>[];
type Select = (what: string, where?: string) => Promise<Rows>;

async function withTable<T>(
  source: TableSource,
  work: (
    columns: readonly ScanColumn[],
    select: Select,
    relation: (sql: string) => Promise<Rows>,
  ) => Promise<T>,
): Promise<T> {
  const files = await findFiles(source);
  const database = await openDatabase({ files: files.map(({ path }) => path) });
  try {
    const [scan] = await openScans(database, files);
    if (scan === undefined) throw new RangeError("a source has a file");
    const select: Select = (what, where = "true") =>
      database.all(`SELECT ${what} FROM (SELECT * FROM ${scan.relation} LIMIT ${SAMPLE}) WHERE ${where}`);
    return await work(scan.columns, select, (sql) => database.all(sql.replace("$", scan.relation)));
  } finally {
    await database.close();
  }
}

async function factsOf(column: ScanColumn, select: Select): Promise<ColumnFacts> {
  const text = textOf(column);
  const [row] = await select(
    `count(*) AS total, count(${text}) AS filled, count(DISTINCT ${text}) AS different, ` +
      `count(*) FILTER (regexp_matches(lower(${text}), '${IMAGE}')) AS images`,
  );
  const { total, filled, different, images } = row ?? {};
  return {
    name: column.name,
    isKey: Number(total) > 0 && total === filled && total === different,
    isImages: Number(filled) > 0 && Number(images) >= 0.9 * Number(filled),
  };
}

function tableOf<Mapping extends object>(
  columns: readonly ScanColumn[],
  mapping: Mapping,
): GuessedTable<Mapping> {
  const names = columns.map(({ name }) => name);
  const taken = new Set<unknown>(Object.values(mapping));
  return { columns: names, mapping, others: names.filter((name) => !taken.has(name)) };
}
