import type { Database } from "../../io/duckdb/index.ts";
import {
  checkIds,
  findFiles,
  idOf,
  noteRejectedLines,
  numberOf,
  openScans,
  type RowLedger,
  readTally,
  requireColumn,
  type Scan,
  tallyColumns,
  textOf,
  warnOfIds,
  withReadableText,
} from "../../tables/index.ts";

/** A column of a table of customers; null: none. */
export type AddedColumn = {
  readonly path: string;
  readonly column: string;
  /** Name of the table's id column; default `customer_id`. */
  readonly idColumn?: string | undefined;
} | null;

/** `x`: a number from before the campaign; `cluster`: customers who were drawn or act together. */
type Role = "x" | "cluster";

/**
 * Adds a column of another table to `units`, by customer; missing values become the mean or the customer's
 * own cluster. For a customer with several values, the mean or the first cluster in alphabetical order is
 * used and reported in the ledger.
 *
 * @throws ERR_COLUMN_MISSING, ERR_ID_INEXACT, ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY
 */
export async function addColumn(
  database: Database,
  role: Role,
  from: AddedColumn,
  ledger: RowLedger,
): Promise<void> {
  if (from === null) {
    const empty = role === "x" ? "0::DOUBLE" : "id";
    await database.run(`CREATE OR REPLACE TABLE units AS SELECT *, ${empty} AS ${role} FROM units`);
    return;
  }
  await withReadableText(database, await findFiles(from.path), async (files) => {
    const scans = await openScans(database, files);
    const selected: string[] = [];
    for (const scan of scans) selected.push(await selectColumn(database, scan, { ...from, role, ledger }));
    for (const rejected of await noteRejectedLines(database, scans)) rejected.report(ledger);
    await database.run(`CREATE OR REPLACE TABLE known AS SELECT * FROM (${selected.join(" UNION ALL ")})`);
  });
  await noteKnown(database, from.column, ledger);
  const one = role === "x" ? "avg(value)" : "min(value)";
  const fallback = role === "x" ? "avg(k.value) OVER ()" : "u.id";
  await database.run(
    `CREATE OR REPLACE TABLE units AS SELECT u.*, coalesce(k.value, ${fallback}) AS ${role} FROM units u
     LEFT JOIN (SELECT id, ${one} AS value FROM known WHERE value IS NOT NULL GROUP BY id) k ON k.id = u.id`,
  );
  await database.run("DROP TABLE known");
}

/** SELECT of id, value and whether the cell has text that is not a value. */
async function selectColumn(
  database: Database,
  scan: Scan,
  {
    column: name,
    idColumn = "customer_id",
    role,
    ledger,
  }: NonNullable<AddedColumn> & { readonly role: Role; readonly ledger: RowLedger },
): Promise<string> {
  const id = requireColumn(scan, idColumn, "customer_id");
  await checkIds(database, scan, id);
  const column = requireColumn(scan, name, role === "x" ? "earlier behaviour" : "the cluster");
  const text = textOf(column);
  const isText = role === "x" && column.storedAs === "text";
  const [found = {}] = await database.all(
    `SELECT ${["count(*) AS rows", ...(isText ? tallyColumns(text, "x") : [])].join(", ")} FROM ${scan.checkedRelation}`,
  );
  ledger.count(Number(found.rows ?? 0));
  const number = numberOf(column, isText ? readTally(found, "x").mark : "plain");
  const value = role === "x" ? number : text;
  return `SELECT ${idOf(id)} AS id, ${value} AS value, ${text} IS NOT NULL AND ${value} IS NULL AS is_other FROM ${scan.relation}`;
}

async function noteKnown(database: Database, column: string, ledger: RowLedger): Promise<void> {
  const [found] = await database.all(
    `SELECT (SELECT count_if(is_other)::DOUBLE FROM known) AS others, count(*)::DOUBLE AS several
     FROM (SELECT k.id FROM known k SEMI JOIN units u ON u.id = k.id WHERE k.value IS NOT NULL
       GROUP BY k.id HAVING count(DISTINCT k.value) > 1)`,
  );
  const note = (cells: number, what: string) => {
    if (cells > 0)
      ledger.warn([{ column, cells, message: `column ${JSON.stringify(column)}: ${cells} ${what}` }]);
  };
  note(Number(found?.others ?? 0), "cells are not numbers and count as missing");
  note(Number(found?.several ?? 0), "customers have several values; their mean or first one is used");
  ledger.warn(
    await warnOfIds(database, {
      ...{ table: "units", in: "known", what: "the customers of the runs", where: `the table of ${column}` },
      names: ["the runs", "the table"],
    }),
  );
}
