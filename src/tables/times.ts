import type { Database } from "../io/duckdb/index.ts";
import { type Scan, type ScanColumn, textOf } from "./scan.ts";

/**
 * How a column writes times. `plain` is ISO 8601, or seconds. `undecided`: as 03/04/2026, and no row of the column, or
 * two that disagree, say whether the day or the month comes first.
 */
export type TimeForm = "plain" | "milliseconds" | "day-first" | "month-first" | "undecided";

/** Rows that tell whether the rest must be looked at. */
const PEEK_ROWS = 1000;

const ISO = "'\\d{4}-\\d{2}-\\d{2}.*'";
const DOTTED = "'\\d{1,2}\\.\\d{1,2}\\.\\d{4}([ T,].*)?'";
const SLASHED = "'\\d{1,2}[/-]\\d{1,2}[/-]\\d{4}([ T,].*)?'";
/** Seconds from here on lie beyond the year 5000; milliseconds lie after 1973. */
const FIRST_MILLISECOND = 1e11;

/**
 * The form that most cells of a column have. ISO 8601 and seconds are known from the first rows; for any other the
 * whole column is read once.
 */
export async function findTimeForm(database: Database, scan: Scan, column: ScanColumn): Promise<TimeForm> {
  if (column.storedAs === "time") return "plain";
  const text = textOf(column);
  const number = `abs(TRY_CAST(${text} AS DOUBLE))`;
  const isPlain = `(${text} SIMILAR TO ${ISO} OR coalesce(${number} < ${FIRST_MILLISECOND}, false))`;
  const [peek] = await database.all(
    `SELECT count_if(${text} IS NOT NULL AND NOT ${isPlain}) AS others FROM (SELECT * FROM ${scan.relation} LIMIT ${PEEK_ROWS})`,
  );
  if (Number(peek?.others ?? 0) === 0) return "plain";
  const part = (n: number) => `TRY_CAST(split_part(translate(${text}, '-', '/'), '/', ${n}) AS INTEGER)`;
  const [found = {}] = await database.all(`SELECT count_if(${isPlain}) AS plain,
    count_if(${number} >= ${FIRST_MILLISECOND}) AS milliseconds, count_if(${text} SIMILAR TO ${DOTTED}) AS dotted,
    count_if(${text} SIMILAR TO ${SLASHED}) AS slashed,
    count_if(${text} SIMILAR TO ${SLASHED} AND ${part(1)} > 12) AS day_first,
    count_if(${text} SIMILAR TO ${SLASHED} AND ${part(2)} > 12) AS month_first FROM ${scan.relation}`);
  const count = (name: string) => Number(found[name] ?? 0);
  const most = Math.max(count("plain"), count("milliseconds"), count("dotted"), count("slashed"));
  if (count("plain") === most) return "plain";
  if (count("milliseconds") === most) return "milliseconds";
  if (count("dotted") === most) return "day-first";
  if (count("day_first") > 0 === count("month_first") > 0) return "undecided";
  return count("day_first") > 0 ? "day-first" : "month-first";
}

/** What may follow the day: nothing, or a time of 24 or of twice 12 hours. */
const CLOCKS = ["", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p"] as const;

/**
 * A TIMESTAMP in UTC; NULL where the cell is none of the column's form.
 *
 * @param startSeconds what seconds count from, in seconds since 1970; milliseconds always count from 1970
 */
export function instantOf(column: ScanColumn, form: TimeForm, startSeconds: number): string {
  if (column.storedAs === "time") return `${column.sql}::TIMESTAMP`;
  const text = textOf(column);
  const number = column.storedAs === "number" ? `${column.sql}::DOUBLE` : `TRY_CAST(${text} AS DOUBLE)`;
  if (form === "undecided") return "NULL::TIMESTAMP";
  if (form === "milliseconds") {
    return `CASE WHEN abs(${number}) BETWEEN ${FIRST_MILLISECOND} AND ${FIRST_MILLISECOND * 1000} THEN make_timestamp((${number} * 1e3)::BIGINT) END`;
  }
  if (form !== "plain") {
    const day = form === "day-first" ? "%d/%m/%Y" : "%m/%d/%Y";
    const formats = CLOCKS.map((clock) => `'${day}${clock}'`).join(", ");
    const slashed = `regexp_replace(${text}, '^(\\d+)[./-](\\d+)[./-](\\d{4})', '\\1/\\2/\\3')`;
    return `try_strptime(regexp_replace(${slashed}, '[ T,]+', ' ', 'g'), [${formats}])`;
  }
  const fromSeconds = `CASE WHEN abs(${number}) < ${FIRST_MILLISECOND} THEN make_timestamp(((${number} + ${startSeconds}) * 1e6)::BIGINT) END`;
  if (column.storedAs === "number") return fromSeconds;
  return `CASE WHEN ${text} SIMILAR TO ${ISO} THEN TRY_CAST(${text} AS TIMESTAMPTZ)::TIMESTAMP ELSE ${fromSeconds} END`;
}
