import { LookalikeError } from "../core/index.ts";
import type { Database } from "../io/duckdb/index.ts";
import { canonicalText } from "./blanks.ts";
import type { Scan, ScanColumn } from "./scan.ts";

/** Ids in SQL: the text of the source in the form of `canonicalId`. */

/** A whole number that a file stores as a fraction, as its digits. */
function wholeText(sql: string): string {
  return `CASE WHEN ${isExact(sql)} THEN (${sql})::BIGINT::VARCHAR END`;
}

/** From these numbers on, neighbouring whole numbers become equal. */
const LARGEST_EXACT = 2 ** 53;
const LARGEST_EXACT_FLOAT = 2 ** 24;

function isExact(sql: string, largest = LARGEST_EXACT): string {
  return `(isfinite(${sql}) AND abs(${sql}) < ${largest} AND ${sql} = trunc(${sql}))`;
}

const INTEGER = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/;
const FRACTION = /^(?:FLOAT|DOUBLE|DECIMAL\(\d+,\s*[1-9]\d*\))$/;
const TEXT = /^(?:VARCHAR|UUID|ENUM.*|DATE|DECIMAL\(\d+,\s*0\))$/;

/** The id as text; NULL if missing. Call `checkIds` first: values that text cannot represent are NULL too. */
export function idOf({ sql, type }: ScanColumn): string {
  if (type === "JSON") {
    const number = `TRY_CAST(${sql} AS DOUBLE)`;
    return `CASE WHEN ${isJsonFraction(sql)} THEN ${wholeText(number)} ELSE ${canonicalText(sql)} END`;
  }
  if (FRACTION.test(type)) return wholeText(`${sql}::DOUBLE`);
  return INTEGER.test(type) ? `${sql}::VARCHAR` : canonicalText(`${sql}::VARCHAR`);
}

/** The column of a JSON scan that has the type of each value. */
function jsonTypeOf(sql: string): string {
  return sql.replace(/^c/, "j");
}

/** Long whole numbers keep their digits in JSON; numbers with a point or an exponent were rounded. */
function isJsonFraction(sql: string): string {
  return `(${jsonTypeOf(sql)} = 'DOUBLE' AND regexp_matches(${sql}, '[.eE]'))`;
}

/**
 * Whether ids of this column can be compared as whole numbers: this takes half the memory and time of text.
 */
export function isWholeNumber({ type }: ScanColumn): boolean {
  return INTEGER.test(type) && !/^U?HUGEINT$|^UBIGINT$/.test(type);
}

/**
 * Rejects an id column whose type does not keep the text: two people could be merged, and a withdrawal could
 * miss the person.
 *
 * @throws ERR_ID_INEXACT
 */
export async function checkIds(database: Database, scan: Scan, column: ScanColumn): Promise<void> {
  const { sql, type } = column;
  if (type !== "JSON" && !FRACTION.test(type)) {
    if (INTEGER.test(type)) return;
    if (!TEXT.test(type)) throw inexact(scan, column, `the type ${type}`);
    return checkRounded(database, scan, column);
  }
  const number = type === "JSON" ? `TRY_CAST(${sql} AS DOUBLE)` : `${sql}::DOUBLE`;
  const isFraction = type === "JSON" ? isJsonFraction(sql) : "true";
  const isNested = type === "JSON" ? `coalesce(${jsonTypeOf(sql)} IN ('OBJECT', 'ARRAY'), false)` : "false";
  const [found] = await database.all(
    `SELECT count_if(${isNested} OR (${sql} IS NOT NULL AND ${isFraction} AND NOT coalesce(${isExact(number, type === "FLOAT" ? LARGEST_EXACT_FLOAT : LARGEST_EXACT)}, false))) AS n
     FROM ${scan.relation}`,
  );
  const count = Number(found?.n ?? 0);
  if (count > 0) throw inexact(scan, column, `${count} whose text the file does not keep`);
  if (type === "JSON") await checkRounded(database, scan, column);
}

/** Rows that show whether a spreadsheet rounded the column: it does so to all of its long numbers. */
const LOOK_ROWS = 10_000;

/**
 * Rejects ids such as 3.16123E+10: a spreadsheet or a data frame has rounded them, and several people have one id.
 *
 * @throws ERR_ID_INEXACT
 */
async function checkRounded(database: Database, scan: Scan, column: ScanColumn): Promise<void> {
  if (column.type !== "VARCHAR" && column.type !== "JSON") return;
  const [found] = await database.all(
    `SELECT count_if(${column.sql} SIMILAR TO '\\s*\\d([.,]\\d+)?[eE]\\+\\d{2,}\\s*') AS n
     FROM (SELECT ${column.sql} FROM ${scan.relation} LIMIT ${LOOK_ROWS})`,
  );
  const count = Number(found?.n ?? 0);
  if (count > 0) throw inexact(scan, column, `${count} such as 3.16E+10, which were rounded`);
}

function inexact(scan: Scan, { name }: ScanColumn, received: string): LookalikeError {
  const source = scan.files[0]?.name ?? "the source";
  return new LookalikeError(
    "ERR_ID_INEXACT",
    `Expected ids as text or whole numbers in column ${JSON.stringify(name)} of ${source} but received ${received}`,
    { hint: "Export the column as text, so that every id keeps its characters." },
  );
}
