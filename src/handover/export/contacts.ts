import { categoryColumn } from "../../core/index.ts";
import { type Database, openDatabase } from "../../io/duckdb/index.ts";
import {
  checkIds,
  findFiles,
  idOf,
  noteRejectedLines,
  openFileScans,
  openLedger,
  type RowReport,
  requireColumn,
  rowNumberOf,
  textOf,
  withReadableText,
} from "../../tables/index.ts";

/** A file with customers' e-mail addresses, for tools that identify people by them. */
export interface ContactsSource {
  /** CSV or Parquet file. */
  readonly path: string;
  /** The file's column with the customer's id; default `customer_id`. */
  readonly idColumn?: string | undefined;
  /** The file's column with the address; default `email`. */
  readonly emailColumn?: string | undefined;
}

export interface Contacts {
  /** Addresses by customer, for those of these customers that have one. */
  lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Number of addresses that several customers share: the tool keeps the last customer's ad. */
  readonly shared: number;
  /** Number of customers with several addresses: the first one counts. */
  readonly several: number;
  readonly rows: RowReport;
  close(): Promise<void>;
}

/**
 * Opens the file once; memory does not grow with it, because DuckDB spills to disk.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_UNREADABLE, ERR_DATABASE_FAILED
 */
export async function openContacts(source: ContactsSource): Promise<Contacts> {
  const { idColumn = "customer_id", emailColumn = "email" } = source;
  const files = await findFiles(source.path);
  const ledger = openLedger();
  const database = await openDatabase({ files: files.map(({ path }) => path), memoryMb: 512, threads: 2 });
  try {
    await withReadableText(database, files, async (read) => {
      const scans = await openFileScans(database, read);
      for (const [i, scan] of scans.entries()) {
        const id = requireColumn(scan, idColumn, "customer_id");
        const email = requireColumn(scan, emailColumn, "email");
        await checkIds(database, scan, id);
        const rows = `SELECT ${idOf(id)} AS id, ${textOf(email)} AS email, row + ${i} * 1e12::BIGINT AS place
          FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.checkedRelation})`;
        await database.run(
          i === 0 ? `CREATE OR REPLACE TABLE addresses AS ${rows}` : `INSERT INTO addresses ${rows}`,
        );
      }
      for (const rejected of await noteRejectedLines(database, scans)) rejected.report(ledger);
    });
    const [counts = {}] = await database.all("SELECT count(*)::DOUBLE AS rows FROM addresses");
    ledger.count(Number(counts.rows));
    await database.run(
      `CREATE TABLE contacts AS SELECT id, arg_min(email, place) AS email, count(DISTINCT lower(email)) AS several
       FROM addresses WHERE id IS NOT NULL AND email IS NOT NULL GROUP BY id`,
    );
    await database.run("DROP TABLE addresses");
    const [row] = await database.all(
      `SELECT (SELECT count(*) FROM (SELECT 1 FROM contacts GROUP BY lower(email) HAVING count(*) > 1)) AS shared,
         (SELECT count_if(several > 1) FROM contacts) AS several`,
    );
    return {
      shared: Number(row?.shared ?? 0),
      several: Number(row?.several ?? 0),
      rows: ledger.report,
      lookUp: (ids) => lookUp(database, ids),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function lookUp(database: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  await database.insert("wanted", { rows: ids.length, columns: new Map([["id", categoryColumn(ids)]]) });
  const found = new Map<string, string>();
  for await (const batch of database.stream("SELECT id, email FROM wanted JOIN contacts USING (id)")) {
    const keys = batch.texts("id");
    const emails = batch.texts("email");
    for (const [i, key] of keys.entries()) found.set(key ?? "", emails[i] ?? "");
  }
  return found;
}
