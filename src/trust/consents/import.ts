import { isLookalikeError, LookalikeError, throwIfAborted } from "../../core/index.ts";
import { type Database, openDatabase, type RowBatch } from "../../io/duckdb/index.ts";
import type { RowReport } from "../../tables/index.ts";
import {
  checkIds,
  findFiles,
  findTimeForm,
  idOf,
  isMissingText,
  isoTextOf,
  noteRejectedLines,
  openFileScans,
  openLedger,
  optionalColumn,
  parseDate,
  requireColumn,
  rowNumberOf,
  type Scan,
  type SourceFile,
  type TableSource,
  type TimeForm,
  textOf,
  unreadEnd,
  withReadableText,
} from "../../tables/index.ts";
import { checkRecord } from "./check.ts";
import {
  CONSENT_COLUMNS,
  type ConsentColumn,
  type ConsentImportOptions,
  type ConsentRecord,
  type Method,
  type Purpose,
} from "./types.ts";
import { type Field, findBrokenWithdrawals, type UnreadWithdrawal, withdrawalOf } from "./unread.ts";

/** A row of a consent file. */
export interface ConsentRow {
  readonly consent: ConsentRecord;
  readonly withdrawnAt: Date | null;
}

/** Required columns of a consent; the others are optional. */
const REQUIRED: ReadonlySet<ConsentColumn> = new Set(["customer_id", "purpose", "given_at", "method"]);

/**
 * Reads consent files and passes their valid rows on in batches. A row that cannot be read but contains a
 * withdrawal is rejected, and its withdrawal is valid from now on: because of a typing error, no face may be
 * used against a person's will.
 *
 * @param keep stores the rows; returns for each row the error that rejects it, or null
 * @param stop takes the withdrawals of rows that are rejected
 * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_SOURCE_EMPTY, ERR_COLUMN_MISSING, ERR_ABORTED
 */
export async function readConsents(
  source: TableSource,
  options: ConsentImportOptions,
  keep: (rows: readonly ConsentRow[]) => readonly (LookalikeError | null)[],
  stop: (withdrawals: readonly UnreadWithdrawal[]) => void,
): Promise<RowReport> {
  const files = await findFiles(source);
  const database = await openDatabase({ files: files.map((file) => file.path), signal: options.signal });
  const ledger = openLedger();
  try {
    // A file without a header stops the import before any consent is stored.
    await openFileScans(database, files);
    for (const [i, file] of files.entries()) {
      const table = `consents_${i}`;
      const scan = await withReadableText(database, [file], (read) =>
        openTable(database, table, read, options),
      );
      const [rejected] = await noteRejectedLines(database, [scan]);
      rejected?.report(ledger);
      const rows = database.stream(`SELECT * FROM ${table} ORDER BY row`, [], options.signal);
      for await (const batch of rows) {
        throwIfAborted(options.signal);
        ledger.count(batch.rows);
        const numberOf = (row: number) => (scan.hasFileRow ? row : (rejected?.rowOf(row) ?? row));
        const refuse = (row: number, { code, message }: LookalikeError) =>
          ledger.refuse({ source: file.name, row: numberOf(row), code, message });
        keepBatch(batch, options.at, { keep, stop, refuse });
      }
      if (rejected !== undefined && rejected.count > 0) {
        stop(await findBrokenWithdrawals(database, scan, options.mapping));
      }
    }
    return ledger.report;
  } finally {
    await database.close();
  }
}

const DATES = ["given_at", "expires_at", "withdrawn_at"] as const;

async function openTable(
  database: Database,
  table: string,
  files: readonly SourceFile[],
  options: ConsentImportOptions,
): Promise<Scan> {
  const [scan] = (await openFileScans(database, files)) as [Scan];
  const id = requireColumn(scan, options.mapping?.customer_id ?? "customer_id", "customer_id");
  await checkIds(database, scan, id);
  requireEnds(scan, options);
  const forms = new Map<ConsentColumn, TimeForm>();
  for (const role of DATES) {
    const column = optionalColumn(scan, options.mapping?.[role] ?? role, role);
    if (column !== null) forms.set(role, await findTimeForm(database, scan, column));
  }
  await database.run(`CREATE TABLE ${table} AS ${selectColumns(scan, options, forms)}`);
  return scan;
}

/** @throws ERR_COLUMN_MISSING a column such as `revoked_on` has no role: consents that ended would count */
function requireEnds(scan: Scan, { mapping = {} }: ConsentImportOptions): void {
  const taken = new Set(CONSENT_COLUMNS.map((role) => mapping[role] ?? role));
  for (const [role, of] of [
    ["withdrawn_at", "withdrawal"],
    ["expires_at", "expiry"],
  ] as const) {
    if (scan.columns.some(({ name }) => name === (mapping[role] ?? role))) continue;
    const unread = unreadEnd(scan, of, taken);
    if (unread === null) continue;
    throw new LookalikeError(
      "ERR_COLUMN_MISSING",
      `Expected a column "${role}" in ${scan.files[0]?.name ?? "the source"} but received ${JSON.stringify(unread)}`,
      { hint: `Map ${role} to it with --map ${role}=${unread}, or remove the column.` },
    );
  }
}

function selectColumns(
  scan: Scan,
  { mapping = {} }: ConsentImportOptions,
  forms: ReadonlyMap<ConsentColumn, TimeForm>,
): string {
  const columns = CONSENT_COLUMNS.map((role) => {
    const name = mapping[role] ?? role;
    const isRequired = REQUIRED.has(role) || mapping[role] !== undefined;
    const column = isRequired ? requireColumn(scan, name, role) : optionalColumn(scan, name);
    if (column === null) return `NULL::VARCHAR AS ${role}`;
    const form = forms.get(role);
    const text = form === undefined ? textOf(column) : isoTextOf(column, form);
    return `${role === "customer_id" ? idOf(column) : text} AS ${role}`;
  });
  return `SELECT ${columns.join(", ")}, row FROM (SELECT *, ${rowNumberOf(scan)} AS row FROM ${scan.checkedRelation})`;
}

interface Sink {
  readonly keep: (rows: readonly ConsentRow[]) => readonly (LookalikeError | null)[];
  readonly stop: (withdrawals: readonly UnreadWithdrawal[]) => void;
  readonly refuse: (row: number, error: LookalikeError) => void;
}

function keepBatch(batch: RowBatch, at: Date, { keep, stop, refuse }: Sink): void {
  const texts = Object.fromEntries(CONSENT_COLUMNS.map((name) => [name, batch.texts(name)]));
  const numbers = batch.numbers("row");
  const good: { readonly row: number; readonly parsed: ConsentRow }[] = [];
  for (let i = 0; i < batch.rows; i++) {
    const field = (name: ConsentColumn) => texts[name]?.[i] ?? null;
    const parsed = tryParse(field, at);
    if (isLookalikeError(parsed)) {
      const withdrawal = withdrawalOf(field);
      if (withdrawal !== null) stop([withdrawal]);
      refuse(numbers[i] ?? 0, withdrawal === null ? parsed : stopped(parsed));
    } else good.push({ row: numbers[i] ?? 0, parsed });
  }
  const outcomes = keep(good.map(({ parsed }) => parsed));
  good.forEach(({ row }, i) => {
    const error = outcomes[i];
    if (error) refuse(row, error);
  });
}

function stopped({ code, message, hint }: LookalikeError): LookalikeError {
  return new LookalikeError(code, `${message}. The row names a withdrawal, which counts from now on`, {
    hint,
  });
}

function tryParse(field: Field, at: Date): ConsentRow | LookalikeError {
  try {
    return parseRow(field, at);
  } catch (error) {
    if (isLookalikeError(error)) return error;
    throw error;
  }
}

function parseRow(field: Field, at: Date): ConsentRow {
  const customerId = field("customer_id");
  if (customerId === null) {
    throw new LookalikeError("ERR_ROW_ID_MISSING", "Expected a customer id but received none");
  }
  const date = (name: ConsentColumn) => {
    const text = field(name);
    return text === null || isMissingText(text)
      ? null
      : parseDate(text, name, name === "expires_at" ? "end" : "start");
  };
  const givenAt = date("given_at");
  if (givenAt === null) {
    throw new LookalikeError("ERR_ROW_DATE_INVALID", "Expected a date for given_at but received none");
  }
  const consent = checkRecord(
    {
      customerId,
      purpose: (field("purpose") ?? "") as Purpose,
      notice: field("notice_version"),
      givenAt,
      method: (field("method") ?? "") as Method,
      expiresAt: date("expires_at"),
      jurisdiction: field("jurisdiction")?.toUpperCase() ?? null,
    },
    at,
    "ERR_ROW_VALUE_INVALID",
  );
  return { consent, withdrawnAt: date("withdrawn_at") };
}
