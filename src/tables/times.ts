import type { Database } from "../io/duckdb/index.ts";
import { type Scan, type ScanColumn, textOf } from "./scan.ts";

/**
 * The form of the times in a column.
 *
 * | form | cells |
 * | --- | --- |
 * | `plain` | ISO 8601 (2026-03-31, 2026/03/31 10:00, 2026-03-31T10:00:00+02:00), or seconds |
 * | `milliseconds`, `microseconds`, `nanoseconds` | since 1970 |
 * | `compact` | 20260331, 202603311000 or 20260331100000 |
 * | `excel` | days since 1899-12-30, as spreadsheets count: 46112.5 |
 * | `day-first`, `month-first` | 31.03.2026 10:00, 31/03/2026, 03/31/2026 2:30 PM |
 * | `undecided` | as 03/04/2026, and no row, or rows that disagree, show whether the day or the month comes first |
 */
export const TIME_FORMS = [
  "plain",
  "milliseconds",
  "microseconds",
  "nanoseconds",
  "compact",
  "excel",
  "day-first",
  "month-first",
  "undecided",
] as const;
export type TimeForm = (typeof TIME_FORMS)[number];

/** Number of rows that decide whether the rest must be read too. */
const PEEK_ROWS = 1000;

const ISO = "'\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}([T ].*)?'";
const DOTTED = "'\\d{1,2}\\.\\d{1,2}\\.\\d{4}([ T,].*)?'";
const SLASHED = "'\\d{1,2}[/-]\\d{1,2}[/-]\\d{4}([ T,].*)?'";
const COMPACT =
  "'(19|20)\\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])(([01]\\d|2[0-3])[0-5]\\d([0-5]\\d)?)?(\\.0+)?'";
/** From this number on, seconds are beyond the year 5000 and milliseconds are after 1973. */
const FIRST_MILLISECOND = 1e11;
const FIRST_MICROSECOND = 1e14;
const FIRST_NANOSECOND = 1e17;
/** Seconds in 1973: smaller numbers have another epoch or are not seconds. */
const FIRST_SECOND = 1e8;
/** Spreadsheet days from 1954 to 2119. */
const EXCEL_DAYS = "20000 AND 80000";

export interface TimeFormOptions {
  /** Seconds count from a given start: small numbers are seconds, not spreadsheet days. */
  readonly hasStart?: boolean | undefined;
}

/**
 * The form that most cells of a column have. ISO 8601 and seconds since 1970 are recognised from the first
 * rows; for any other form the whole column is read once.
 */
export async function findTimeForm(
  database: Database,
  scan: Scan,
  column: ScanColumn,
  { hasStart = false }: TimeFormOptions = {},
): Promise<TimeForm> {
  if (column.storedAs === "time") return "plain";
  const text = "cell";
  const cells = `(SELECT ${textOf(column)} AS cell FROM`;
  const number = `abs(TRY_CAST(${text} AS DOUBLE))`;
  const isSeconds = `coalesce(${number} >= ${FIRST_SECOND} AND ${number} < ${FIRST_MILLISECOND} AND NOT ${text} SIMILAR TO ${COMPACT}, false)`;
  const isPlain = `(${text} SIMILAR TO ${ISO} OR ${isSeconds})`;
  const [peek] = await database.all(
    `SELECT count_if(${text} IS NOT NULL AND NOT ${isPlain}) AS others FROM ${cells} ${scan.relation} LIMIT ${PEEK_ROWS})`,
  );
  if (Number(peek?.others ?? 0) === 0) return "plain";
  const part = (n: number) => `TRY_CAST(split_part(translate(${text}, '-', '/'), '/', ${n}) AS INTEGER)`;
  const between = (from: number, to: number) =>
    `count_if(coalesce(${number} >= ${from} AND ${number} < ${to}, false))`;
  const [found = {}] = await database.all(`SELECT count(${number}) AS numbers,
    count_if(${text} SIMILAR TO ${ISO}) + ${between(0, FIRST_MILLISECOND)} AS plain,
    ${between(FIRST_MILLISECOND, FIRST_MICROSECOND)} AS milliseconds,
    ${between(FIRST_MICROSECOND, FIRST_NANOSECOND)} AS microseconds,
    ${between(FIRST_NANOSECOND, 1e20)} AS nanoseconds,
    count_if(${text} SIMILAR TO ${COMPACT}) AS compact, count_if(${number} BETWEEN ${EXCEL_DAYS}) AS excel,
    count_if(${text} SIMILAR TO ${DOTTED}) AS dotted, count_if(${text} SIMILAR TO ${SLASHED}) AS slashed,
    count_if(${text} SIMILAR TO ${SLASHED} AND ${part(1)} > 12) AS day_first,
    count_if(${text} SIMILAR TO ${SLASHED} AND ${part(2)} > 12) AS month_first FROM ${cells} ${scan.relation})`);
  return formOf((name) => Number(found[name] ?? 0), hasStart);
}

function formOf(count: (name: string) => number, hasStart: boolean): TimeForm {
  const kinds = ["plain", "milliseconds", "microseconds", "nanoseconds", "dotted", "slashed"] as const;
  const most = kinds.reduce((best, kind) => (count(kind) > count(best) ? kind : best));
  // Numbers of another kind among them, such as a 0 for a missing time, are then rejected one by one.
  const isMostly = (kind: string) => count(kind) > 0 && 2 * count(kind) > count("numbers");
  if (most !== "dotted" && most !== "slashed") {
    if (isMostly("compact")) return "compact";
    if (!hasStart && isMostly("excel")) return "excel";
    return most;
  }
  if (most === "dotted") return "day-first";
  return slashedForm(count);
}

function slashedForm(count: (name: string) => number): DayForm {
  if (count("day_first") > 0 === count("month_first") > 0) return "undecided";
  return count("day_first") > 0 ? "day-first" : "month-first";
}

/** What may follow the day: nothing, or a time on a 24-hour or 12-hour clock. */
const CLOCKS = ["", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p"] as const;

/** Microseconds per unit of each form. */
const MICROSECONDS = { milliseconds: 1e3, microseconds: 1, nanoseconds: 1e-3 } as const;

/**
 * A TIMESTAMP in UTC; NULL if the cell does not have the column's format.
 *
 * @param startSeconds the start of `plain` seconds, in seconds since 1970; the other forms have their own
 *   epoch
 */
export function instantOf(column: ScanColumn, form: TimeForm, startSeconds: number): string {
  if (column.storedAs === "time") return `${column.sql}::TIMESTAMP`;
  const text = textOf(column);
  const number = column.storedAs === "number" ? `${column.sql}::DOUBLE` : `TRY_CAST(${text} AS DOUBLE)`;
  if (form === "plain") return plainInstant(column, text, number, startSeconds);
  const instant = formInstant(text, number, form);
  return column.storedAs === "number" ? instant : `coalesce(${instant}, ${unmistakable(text)} END)`;
}

/** Cells of a text column that are days or times, for a reader that does not know whether it has any. */
export function tallyDays(sql: string): string[] {
  const part = (n: number) => `TRY_CAST(split_part(translate(${sql}, '-', '/'), '/', ${n}) AS INTEGER)`;
  const isSlashed = `${sql} SIMILAR TO ${SLASHED}`;
  return [
    `count(${unmistakable(sql)} END) AS days`,
    `count_if(${isSlashed}) AS slashed`,
    `count_if(${isSlashed} AND ${part(1)} > 12) AS day_first`,
    `count_if(${isSlashed} AND ${part(2)} > 12) AS month_first`,
  ];
}

export type DayForm = Extract<TimeForm, "plain" | "day-first" | "month-first" | "undecided">;

/** How the cells of a text column are written as days, by what `tallyDays` counted; null if they are not all days. */
export function readDays(count: (what: string) => number, filled: number): DayForm | null {
  if (count("days") + count("slashed") !== filled) return null;
  return count("slashed") === 0 ? "plain" : slashedForm(count);
}

/** The TIMESTAMP of a cell in a column of days. */
export function writtenInstant(sql: string, form: DayForm): string {
  const known = `${unmistakable(sql)} END`;
  return form === "plain" ? known : `coalesce(${known}, ${formInstant(sql, sql, form)})`;
}

/** SQL condition: a day as 31.03.2026 or 03/31/2026, which a telephone number is not. */
export function isWrittenDay(sql: string): string {
  return `(${sql} SIMILAR TO ${DOTTED} OR ${sql} SIMILAR TO ${SLASHED})`;
}

/** Formats that are unambiguous in any column. */
function unmistakable(text: string): string {
  return `CASE WHEN ${text} SIMILAR TO ${ISO} THEN TRY_CAST(translate(${text}, '/', '-') AS TIMESTAMPTZ)::TIMESTAMP
    WHEN ${text} SIMILAR TO ${DOTTED} THEN ${dayInstant(text, "%d/%m/%Y")}`;
}

function dayInstant(text: string, day: string): string {
  const formats = CLOCKS.map((clock) => `'${day}${clock}'`).join(", ");
  const slashed = `regexp_replace(${text}, '^(\\d+)[./-](\\d+)[./-](\\d{4})', '\\1/\\2/\\3')`;
  return `try_strptime(regexp_replace(${slashed}, '[ T,]+', ' ', 'g'), [${formats}])`;
}

function formInstant(text: string, number: string, form: Exclude<TimeForm, "plain">): string {
  switch (form) {
    case "undecided":
      return "NULL::TIMESTAMP";
    case "milliseconds":
    case "microseconds":
    case "nanoseconds": {
      const factor = MICROSECONDS[form];
      const range = `${FIRST_MILLISECOND * 1e3} AND ${FIRST_MILLISECOND * 1e6}`;
      return `CASE WHEN abs(${number} * ${factor}) BETWEEN ${range} THEN make_timestamp((${number} * ${factor})::BIGINT) END`;
    }
    case "compact":
      return `CASE WHEN ${text} SIMILAR TO ${COMPACT} THEN try_strptime(split_part(${text}, '.', 1), ['%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y%m%d']) END`;
    case "excel":
      return `CASE WHEN ${number} BETWEEN ${EXCEL_DAYS} THEN make_timestamp(round((${number} - 25569) * 86400)::BIGINT * 1000000) END`;
    case "day-first":
      return dayInstant(text, "%d/%m/%Y");
    case "month-first":
      return dayInstant(text, "%m/%d/%Y");
  }
}

function plainInstant(column: ScanColumn, text: string, number: string, startSeconds: number): string {
  const fromSeconds = `CASE WHEN abs(${number}) < ${FIRST_MILLISECOND} THEN make_timestamp(((${number} + ${startSeconds}) * 1e6)::BIGINT) END`;
  if (column.storedAs === "number") return fromSeconds;
  return `${unmistakable(text)} ELSE ${fromSeconds} END`;
}

/**
 * The time of a cell as text that `parseDate` reads: only the day if the cell has no time of day. A cell in
 * another form is returned unchanged, so that it can be reported.
 */
export function isoTextOf(column: ScanColumn, form: TimeForm): string {
  const text = textOf(column);
  if (column.storedAs === "time") return text;
  const number = `abs(TRY_CAST(${text} AS DOUBLE))`;
  // A small number is a flag rather than a time in 1970.
  const isTime = form === "plain" ? `(${number} IS NULL OR ${number} >= ${FIRST_SECOND})` : "true";
  const isDay = {
    plain: "false",
    compact: `strlen(split_part(${text}, '.', 1)) = 8`,
    excel: `${number} = trunc(${number})`,
    "day-first": `NOT contains(${text}, ':')`,
    "month-first": `NOT contains(${text}, ':')`,
    milliseconds: "false",
    microseconds: "false",
    nanoseconds: "false",
    undecided: "false",
  }[form];
  const instant = instantOf(column, form, 0);
  const isPlainDay = `${text} SIMILAR TO '\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}|\\d{1,2}\\.\\d{1,2}\\.\\d{4}'`;
  // One expression of the instant: its patterns are compiled wherever they are written.
  const written = `left(strftime(${instant}, '%Y-%m-%dT%H:%M:%S.%fZ'), CASE WHEN ${isDay} OR ${isPlainDay} THEN 10 ELSE 99 END)`;
  return `coalesce(CASE WHEN ${isTime} THEN ${written} END, ${text})`;
}
