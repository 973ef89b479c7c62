import { type CategoryColumn, type Column, expected, LookalikeError, type Table } from "../core/index.ts";
import { type Database, openDatabase, quoteText, type RowBatch } from "../io/duckdb/index.ts";
import {
  type Candidate,
  candidateNames,
  candidateOf,
  checkIds,
  chooseFeatures,
  findFiles,
  findTimeForm,
  idOf,
  instantOf,
  mergeColumn,
  noteRejectedLines,
  openFileScans,
  openLedger,
  type RejectedLines,
  type RowLedger,
  type RowReport,
  requireColumn,
  rowNumberOf,
  type Scan,
  type TableSource,
  textOf,
  withReadableText,
} from "../tables/index.ts";
import { createTableBuilder, numbersOf } from "./builder.ts";
import type { TransitionTable } from "./types.ts";

export const PURCHASE_ROLES = ["customer_id", "at", "product"] as const;

/** Column names. */
export interface PurchaseMapping {
  /** Default `customer_id`. */
  readonly customer_id?: string | undefined;
  /**
   * When it was bought, in any form that times have; only the order counts between customers' purchases. Default `at`.
   */
  readonly at?: string | undefined;
  /** Default `product`. */
  readonly product?: string | undefined;
}

/** Purchases as transitions, and what became of the rows. */
export interface PurchaseTable extends TransitionTable {
  readonly report: RowReport;
}

/** Products that are predicted one by one. */
const MOST_PRODUCTS = 50;

/**
 * A panel of purchases, one row each, as what customers bought next: every purchase but a customer's first, with the
 * product bought before it as the current one. Features are the row's other columns (prices and promotions at that
 * time) and what the earlier purchases say: `past X`, the share of each product among them, `purchases before` and
 * `days since`.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_COLUMN_MISSING
 * @throws ERR_TRANSITIONS_EMPTY no customer bought twice
 * @throws ERR_OPTION_INVALID more than 50 products
 */
export async function readPurchases(
  source: TableSource,
  {
    mapping = {},
    signal,
  }: {
    readonly mapping?: PurchaseMapping | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<PurchaseTable> {
  const files = await findFiles(source);
  const database = await openDatabase({ files: files.map(({ path }) => path), threads: 2, memoryMb: 1024 });
  try {
    return await withReadableText(database, files, async (read) => {
      const scans = await openFileScans(database, read);
      const { ledger, candidates } = await openPurchases(database, scans, mapping);
      const products = await findProducts(database, signal);
      return { ...(await collect(database, { candidates, products, signal })), report: ledger.report };
    });
  } finally {
    await database.close();
  }
}

/** The view `bought` (file, row, id, moment, product, e0, ...), its unusable rows in the ledger. */
async function openPurchases(database: Database, scans: readonly Scan[], mapping: PurchaseMapping) {
  const roles = scans.map((scan) => ({
    id: requireColumn(scan, mapping.customer_id ?? "customer_id", "customer_id"),
    at: requireColumn(scan, mapping.at ?? "at", "at"),
    product: requireColumn(scan, mapping.product ?? "product", "product"),
  }));
  for (const [file, scan] of scans.entries()) if (roles[file]) await checkIds(database, scan, roles[file].id);
  const taken = new Set(roles.flatMap((role) => Object.values(role).map(({ name }) => name)));
  const candidates = candidateNames(scans, taken).map((name, i) => mergeColumn(scans, name, `e${i}`));
  const rejected = await noteRejectedLines(database, scans);
  const selected: string[] = [];
  for (const [file, scan] of scans.entries()) {
    const role = roles[file];
    if (!role) continue;
    const columns = [
      `${file} AS file`,
      "row",
      `${idOf(role.id)} AS id`,
      `${instantOf(role.at, await findTimeForm(database, scan, role.at), 0)} AS moment`,
      `${textOf(role.product)} AS product`,
      ...candidates.map((candidate) => candidateOf(scan, candidate)),
    ];
    selected.push(
      `SELECT ${columns.join(", ")} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation})`,
    );
  }
  await database.run(`CREATE TABLE bought AS ${selected.join(" UNION ALL ")}`);
  const ledger = openLedger();
  await refuseUnusable(database, scans, { ledger, rejected });
  return { ledger, candidates };
}

const UNUSABLE = "id IS NULL OR moment IS NULL OR product IS NULL";

async function refuseUnusable(
  database: Database,
  scans: readonly Scan[],
  { ledger, rejected }: { readonly ledger: RowLedger; readonly rejected: readonly RejectedLines[] },
): Promise<void> {
  const [{ rows = 0 } = {}] = await database.all("SELECT count(*) AS rows FROM bought");
  ledger.count(Number(rows));
  for (const lines of rejected) lines.report(ledger);
  const bad = database.stream(
    `SELECT file, row, CASE WHEN id IS NULL THEN 'a customer''s id' WHEN moment IS NULL THEN 'a time' ELSE 'a product' END AS lacking
     FROM bought WHERE ${UNUSABLE} ORDER BY file, row`,
  );
  for await (const batch of bad) {
    const lacking = batch.texts("lacking");
    const parsed = batch.numbers("row");
    for (const [i, file] of batch.numbers("file").entries()) {
      const source = scans[file]?.files[0]?.name ?? "";
      const row = scans[file]?.hasFileRow ? (parsed[i] ?? 0) : (rejected[file]?.rowOf(parsed[i] ?? 0) ?? 0);
      const message = `Expected ${lacking[i]} but received none that can be read (row ${row} of ${source})`;
      ledger.refuse({ source, row, code: "ERR_ROW_VALUE_INVALID", message });
    }
  }
  await database.run(`DELETE FROM bought WHERE ${UNUSABLE}`);
}

/** The products in alphabetical order, as the type `product` and as codes. */
async function findProducts(database: Database, signal: AbortSignal | undefined): Promise<string[]> {
  signal?.throwIfAborted();
  const found = await database.all(
    `SELECT DISTINCT product FROM bought ORDER BY product LIMIT ${MOST_PRODUCTS + 1}`,
  );
  if (found.length > MOST_PRODUCTS) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected(`at most ${MOST_PRODUCTS} products`, "the purchases", "more"),
      { hint: "Name a column of brands or product groups, not of single articles." },
    );
  }
  await database.run("CREATE TYPE product AS ENUM (SELECT DISTINCT product FROM bought ORDER BY product)");
  return found.map(({ product }) => String(product));
}

interface Collecting {
  readonly candidates: readonly Candidate[];
  readonly products: readonly string[];
  readonly signal: AbortSignal | undefined;
}

async function collect(
  database: Database,
  { candidates, products, signal }: Collecting,
): Promise<TransitionTable> {
  const past = products.map(
    (product, k) =>
      `avg(CASE WHEN product = ${quoteText(product)} THEN 1.0 ELSE 0.0 END) OVER earlier AS p${k}`,
  );
  await database.run(
    `CREATE TABLE purchases AS SELECT * FROM (
      SELECT *, lag(product) OVER time AS before, lag(moment) OVER time AS since, row_number() OVER time - 1 AS number,
        ${past.join(", ")}
      FROM bought
      WINDOW time AS (PARTITION BY id ORDER BY moment, file, row),
        earlier AS (PARTITION BY id ORDER BY moment, file, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) WHERE before IS NOT NULL`,
  );
  const features = await chooseFeatures(database, "purchases", candidates, undefined);
  const columns = [
    "id, before::product AS current, product::product AS next",
    'epoch_us(since) / 8.64e10 AS since, epoch_us(moment) / 8.64e10 AS "at", number::DOUBLE AS number',
    ...products.map((_, k) => `p${k}`),
    ...features.select,
  ];
  const [{ rows = 0 } = {}] = await database.all("SELECT count(*) AS rows FROM purchases");
  if (Number(rows) === 0) {
    throw new LookalikeError(
      "ERR_TRANSITIONS_EMPTY",
      expected("a customer who bought twice", "the purchases", "none"),
      { hint: "Use purchases over more time, with the customer's id in every row." },
    );
  }
  const customerIds: string[] = [];
  const own = createTableBuilder(Number(rows));
  const known = createTableBuilder(Number(rows));
  const sql = `SELECT ${columns.join(", ")} FROM purchases ORDER BY id, number`;
  for await (const batch of database.stream(sql, [], signal)) {
    for (const id of batch.texts("id")) customerIds.push(id ?? "");
    own.append({ rows: batch.rows, columns: ownColumns(batch) });
    known.append({ rows: batch.rows, columns: featureColumns(batch, products, features) });
  }
  const table = own.finish();
  return {
    rows: table.rows,
    customerIds,
    current: labelled(table, "current", products),
    next: labelled(table, "next", products),
    since: numbersOf(table, "since"),
    at: numbersOf(table, "at"),
    features: known.finish(),
  };
}

function ownColumns(batch: RowBatch): Map<string, Column> {
  const number = (name: string): [string, Column] => [name, { kind: "number", values: batch.numbers(name) }];
  const product = (name: string): [string, Column] => [name, { kind: "category", ...batch.codes(name) }];
  return new Map([product("current"), product("next"), number("since"), number("at")]);
}

function featureColumns(
  batch: RowBatch,
  products: readonly string[],
  features: Awaited<ReturnType<typeof chooseFeatures>>,
): Map<string, Column> {
  const number = (name: string, values: Float64Array): [string, Column] => [name, { kind: "number", values }];
  const [since, at] = [batch.numbers("since"), batch.numbers("at")];
  return new Map([
    ...features.read(batch),
    ...products.map((product, k) => number(`past ${product}`, batch.numbers(`p${k}`))),
    number("purchases before", batch.numbers("number")),
    number(
      "days since",
      at.map((day, row) => day - (since[row] ?? day)),
    ),
  ]);
}

function labelled(table: Table, name: string, products: readonly string[]): CategoryColumn {
  const column = table.columns.get(name);
  if (column?.kind === "category") return column;
  return { kind: "category", codes: new Int32Array(0), labels: products };
}
