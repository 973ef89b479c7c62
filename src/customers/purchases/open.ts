import { invalidOption } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import {
  type Candidate,
  candidateNames,
  candidateOf,
  checkIds,
  findTimeForm,
  idOf,
  instantOf,
  mergeColumn,
  noteRejectedLines,
  openLedger,
  type RejectedLines,
  type RowLedger,
  requireColumn,
  rowNumberOf,
  type Scan,
  textOf,
} from "../../tables/index.ts";

export const PURCHASE_ROLES = ["customer_id", "at", "product"] as const;

/** Column names. */
export interface PurchaseMapping {
  /** Default `customer_id`. */
  readonly customer_id?: string | undefined;
  /**
   * Time of the purchase, in any form that times have; between customers only the order counts. Default `at`.
   */
  readonly at?: string | undefined;
  /** Default `product`. */
  readonly product?: string | undefined;
}

/** Highest number of products, each of which is predicted. */
const MOST_PRODUCTS = 50;

/** A panel of purchases in the database: the table `bought` (file, row, id, moment, product, e0, ...). */
export interface PurchasePanel {
  readonly ledger: RowLedger;
  /** The panel's other columns. */
  readonly candidates: readonly Candidate[];
  /** In alphabetical order; also the type `product`. */
  readonly products: readonly string[];
}

/**
 * Reads a panel; its unusable rows are reported in the ledger.
 *
 * @throws ERR_COLUMN_MISSING, ERR_OPTION_INVALID more than 50 products
 */
export async function openPanel(
  database: Database,
  scans: readonly Scan[],
  { mapping, signal }: { readonly mapping: PurchaseMapping; readonly signal: AbortSignal | undefined },
): Promise<PurchasePanel> {
  const { ledger, candidates } = await openPurchases(database, scans, mapping);
  return { ledger, candidates, products: await findProducts(database, signal) };
}

/**
 * Creates the view `bought` (file, row, id, moment, product, e0, ...) and reports unusable rows in the
 * ledger.
 */
async function openPurchases(database: Database, scans: readonly Scan[], mapping: PurchaseMapping) {
  const roles = scans.map((scan) => ({
    id: requireColumn(scan, mapping.customer_id ?? "customer_id", "customer_id"),
    at: requireColumn(scan, mapping.at ?? "at", "at"),
    product: requireColumn(scan, mapping.product ?? "product", "product"),
  }));
  for (const [file, scan] of scans.entries()) if (roles[file]) await checkIds(database, scan, roles[file].id);
  const taken = new Set(roles.flatMap((role) => Object.values(role).map(({ name }) => name)));
  const candidates = candidateNames(scans, taken).map((name, i) => mergeColumn(scans, name, `e${i}`));
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
      `SELECT ${columns.join(", ")} FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.checkedRelation})`,
    );
  }
  await database.run(`CREATE TABLE bought AS ${selected.join(" UNION ALL ")}`);
  const rejected = await noteRejectedLines(database, scans);
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
    throw invalidOption(
      `at most ${MOST_PRODUCTS} products`,
      "the purchases",
      "more",
      "Name a column of brands or product groups, not of single articles.",
    );
  }
  await database.run("CREATE TYPE product AS ENUM (SELECT DISTINCT product FROM bought ORDER BY product)");
  return found.map(({ product }) => String(product));
}
