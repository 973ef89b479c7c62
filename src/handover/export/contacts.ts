import { resolve } from "node:path";
import { categoryColumn, expected, LookalikeError, nearestSpelling } from "../../core/index.ts";
import { type Database, openDatabase, quoteFile, quoteName } from "../../io/duckdb/index.ts";

/** A file that tells a customer's e-mail address, for tools that know people by it. */
export interface ContactsSource {
  /** CSV or Parquet. */
  readonly path: string;
  /** The file's column with the customer's id; default `customer_id`. */
  readonly idColumn?: string | undefined;
  /** The file's column with the address; default `email`. */
  readonly emailColumn?: string | undefined;
}

export interface Contacts {
  /** Addresses by customer, for as many of these customers as have one. */
  lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Addresses that several customers share: in the tool, the last one's ad wins. */
  readonly shared: number;
  close(): Promise<void>;
}

/**
 * Opens the file once; memory stays flat, because DuckDB spills.
 *
 * @throws ERR_COLUMN_MISSING, ERR_SOURCE_UNREADABLE, ERR_DATABASE_FAILED
 */
export async function openContacts(source: ContactsSource): Promise<Contacts> {
  const { idColumn = "customer_id", emailColumn = "email" } = source;
  const path = resolve(source.path);
  const database = await openDatabase({ files: [path], memoryMb: 512, threads: 2 });
  try {
    const reader = /\.parquet$/i.test(path)
      ? `read_parquet(${quoteFile(path)})`
      : `read_csv(${quoteFile(path)}, header = true, all_varchar = true)`;
    const present = (await database.describe(`SELECT * FROM ${reader}`)).map(({ name }) => name);
    for (const column of [idColumn, emailColumn]) requireColumn(column, present, path);
    await database.run(
      `CREATE TABLE contacts AS SELECT id, any_value(email) AS email FROM (
         SELECT CAST(${quoteName(idColumn)} AS VARCHAR) AS id, trim(CAST(${quoteName(emailColumn)} AS VARCHAR)) AS email
         FROM ${reader}) WHERE id IS NOT NULL AND email <> '' GROUP BY id`,
    );
    const [row] = await database.all(
      "SELECT count(*) AS shared FROM (SELECT 1 FROM contacts GROUP BY lower(email) HAVING count(*) > 1)",
    );
    return {
      shared: Number(row?.shared ?? 0),
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

function requireColumn(column: string, present: readonly string[], path: string): void {
  if (present.includes(column)) return;
  const nearest = nearestSpelling(column, present);
  throw new LookalikeError("ERR_COLUMN_MISSING", expected(`a column ${column}`, path, present.join(", ")), {
    hint: nearest === null ? "Name the columns with the options for contacts." : `Did you mean ${nearest}?`,
  });
}
