import { expected, LookalikeError } from "../core/index.ts";
import { type Database, openDatabase } from "../io/duckdb/index.ts";
import type { RowReport } from "../tables/index.ts";
import {
  emptySource,
  findFiles,
  noteRejectedLines,
  numberOf,
  openFileScans,
  openLedger,
  type RejectedLines,
  type RowLedger,
  readTally,
  rowNumberOf,
  type Scan,
  type ScanColumn,
  type SourceFile,
  type TableSource,
  tallyColumns,
  textOf,
  withReadableText,
} from "../tables/index.ts";

/** Column names of a table of switches; upper and lower case are the same. */
export interface SwitchMapping {
  /** The manufacturer before; default `previous`, else `from`. */
  readonly from?: string | undefined;
  /** The manufacturer now; default `current`, else `next`, else `to`. */
  readonly to?: string | undefined;
  /**
   * The number of customers; default `respondents`, `customers` or `count` if there is such a column, else
   * each row counts once.
   */
  readonly count?: string | undefined;
}

const DEFAULTS = {
  from: "previous from current_manufacturer".split(" "),
  to: "current next to next_manufacturer".split(" "),
  count: "respondents customers count".split(" "),
};

/**
 * Numbers of customers by previous and current manufacturer, each pair once per file, with the report on the
 * rows.
 */
export interface SwitchTable {
  readonly counts: readonly { readonly from: string; readonly to: string; readonly customers: number }[];
  readonly report: RowReport;
}

/**
 * Reads how many customers switched from which manufacturer to which, from counts or one row per customer.
 * Rows without a manufacturer, or with a count that is not a number of at least 0, are left out and reported.
 *
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING
 */
export async function readSwitchTable(
  source: TableSource,
  mapping: SwitchMapping = {},
): Promise<SwitchTable> {
  const files = await findFiles(source);
  const database = await openDatabase({ files: files.map(({ path }) => path), threads: 1, memoryMb: 512 });
  const ledger = openLedger();
  try {
    const counts: SwitchTable["counts"][number][] = [];
    for (const file of files) {
      counts.push(
        ...(await withReadableText(database, [file], (read) =>
          readFile(database, read, { mapping, ledger }),
        )),
      );
    }
    if (ledger.report.read === 0) throw emptySource(files[0]?.name ?? "the switches");
    return { counts, report: ledger.report };
  } finally {
    await database.close();
  }
}

interface Reading {
  readonly mapping: SwitchMapping;
  readonly ledger: RowLedger;
}

async function readFile(
  database: Database,
  files: readonly SourceFile[],
  { mapping, ledger }: Reading,
): Promise<SwitchTable["counts"]> {
  const [scan] = (await openFileScans(database, files)) as [Scan];
  const from = findRole(scan, "from", mapping) as ScanColumn;
  const to = findRole(scan, "to", mapping) as ScanColumn;
  const count = findRole(scan, "count", mapping);
  const tally = count?.storedAs === "text" ? tallyColumns(textOf(count), "count") : [];
  const [found = {}] = await database.all(
    `SELECT ${["count(*) AS rows", "count(COLUMNS(*))", ...tally].join(", ")} FROM ${scan.checkedRelation}`,
  );
  const [rejected] = await noteRejectedLines(database, [scan]);
  ledger.count(Number(found.rows ?? 0));
  rejected?.report(ledger);
  const customers = count === null ? "1" : numberOf(count, readTally(found, "count").mark);
  const rows = `(SELECT row, ${textOf(from)} AS before, ${textOf(to)} AS after, ${customers} AS customers
    FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.relation}))`;
  await refuseBad(database, rows, { scan, rejected, ledger, names: { from, to, count } });
  const counts = await database.all(
    `SELECT before, after, sum(customers) AS customers FROM ${rows} WHERE NOT (${BAD}) GROUP BY ALL ORDER BY 1, 2`,
  );
  return counts.map((row) => ({
    from: String(row.before),
    to: String(row.after),
    customers: Number(row.customers),
  }));
}

const BAD = `before IS NULL OR after IS NULL OR customers IS NULL OR customers < 0`;

interface Refusing {
  readonly scan: Scan;
  readonly rejected: RejectedLines | undefined;
  readonly ledger: RowLedger;
  readonly names: Readonly<Record<keyof SwitchMapping, ScanColumn | null>>;
}

async function refuseBad(
  database: Database,
  rows: string,
  { scan, rejected, ledger, names }: Refusing,
): Promise<void> {
  const source = scan.files[0]?.name ?? "";
  const bad = database.stream(
    `SELECT row, CASE WHEN before IS NULL THEN 'from' WHEN after IS NULL THEN 'to' ELSE 'count' END AS lacking
     FROM ${rows} WHERE ${BAD}`,
  );
  for await (const batch of bad) {
    const lacking = batch.texts("lacking") as (keyof SwitchMapping)[];
    for (const [i, parsed] of batch.numbers("row").entries()) {
      const role = lacking[i] ?? "count";
      const row = scan.hasFileRow ? parsed : (rejected?.rowOf(parsed) ?? parsed);
      const what = role === "count" ? "a number of at least 0" : "a manufacturer";
      const received = role === "count" ? "none or another" : "none";
      const message = `Expected ${what} for ${names[role]?.name} but received ${received} (row ${row} of ${source})`;
      ledger.refuse({ source, row, code: "ERR_ROW_VALUE_INVALID", message });
    }
  }
}

/** The column of a role; null if there is no count. */
function findRole(scan: Scan, role: keyof SwitchMapping, mapping: SwitchMapping): ScanColumn | null {
  const requested = mapping[role];
  const wanted = requested === undefined ? DEFAULTS[role] : [requested];
  const found = wanted
    .map((name) => scan.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()))
    .find((column) => column !== undefined);
  if (found !== undefined) return found;
  if (requested === undefined && role === "count") return null;
  const present = scan.columns.map(({ name }) => name).join(", ");
  throw new LookalikeError(
    "ERR_COLUMN_MISSING",
    expected(`a column ${wanted.join(" or ")}`, scan.files[0]?.name ?? "the switches", present),
    { hint: `Name it with --${role}.` },
  );
}
