import type { Database } from "../io/duckdb/index.ts";
import type { Candidate } from "./candidates.ts";
import { finiteOf, type NumberTally, readingsOf, readTally, tallyReadings } from "./numbers.ts";
import type { FeatureKind } from "./request.ts";
import { type DayForm, isWrittenDay, readDays, tallyDays, writtenInstant } from "./times.ts";

/** The content of a column. */
export interface Form {
  readonly form: "number" | "boolean" | "day" | "label";
  /** SQL of a cell's value: a number, or the text of a label. NULL if it is missing. */
  readonly value: string;
  /** Of a label column: the approximate number of labels. */
  readonly labels: number;
  /** Of a text column: the number of its filled cells. */
  readonly filled: number;
  /** Of a label column: whether an ENUM can store the labels. An ENUM would cut them at a NUL byte. */
  readonly isCodable: boolean;
  /** A row whose cell is not a number is rejected. */
  readonly mayBeBad: boolean;
  /** Cells of a number column that are not numbers and are read as missing. */
  readonly strays: number;
  /** What the column may have meant instead, for its reader; null if nothing. */
  readonly note: string | null;
  /** Of a text column: whether its numbers have a currency, a percent sign or separated thousands. */
  readonly isWritten: boolean;
  /** Of a text column: the share of its filled cells that are e-mail addresses or telephone numbers. */
  readonly contacts: number;
}

/**
 * A column with at least this share of numbers among its filled cells is numeric; its other cells are
 * missing.
 */
const NUMBER_SHARE = 0.95;

/** 1 for true and yes, 0 for false and no, else NULL. */
export function truthOf(sql: string): string {
  return `CASE lower(${sql}) WHEN 'true' THEN 1.0 WHEN 'yes' THEN 1.0 WHEN 'false' THEN 0.0 WHEN 'no' THEN 0.0 END`;
}

function booleanOf({ sql, storedAs }: Candidate): string {
  return storedAs === "boolean" ? `${sql}::INTEGER::DOUBLE` : `(${truthOf(sql)})::DOUBLE`;
}

const CONTACT = `value SIMILAR TO '[^@\\s]+@[^@\\s]+\\.[^@\\s]+' OR (value SIMILAR TO '(\\+|00?)[1-9][\\d ()/.-]{6,20}' AND NOT ${isWrittenDay("value")})`;

/** Days since 1970-01-01 of a TIMESTAMP. */
function daysOf(instant: string): string {
  return `epoch_us(${instant}) / 8.64e10`;
}

/**
 * Text columns as rows (name: a column's number; value), without NULLs. Planning one aggregate per column
 * would take seconds for hundreds of columns, and grows faster than linearly.
 */
export function longForm(relation: string, candidates: readonly Candidate[]): string {
  const columns = candidates.map(({ sql }, i) => `${sql}::VARCHAR AS "${i}"`);
  return `(UNPIVOT (SELECT ${columns.join(", ")} FROM ${relation}) ON COLUMNS(*) INTO NAME name VALUE value)`;
}

/** The content of the text columns' cells, by column name. */
export type CellCounts = ReadonlyMap<string, Readonly<Record<string, string | number | null>>>;

/**
 * Counts what the values of each text column may be, in one pass.
 *
 * @param relation what the candidates' `sql` can be selected from
 */
export async function countCells(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
): Promise<CellCounts> {
  const texts = candidates.filter(({ storedAs }) => storedAs === "text");
  const value: Candidate = { name: "", sql: "value", storedAs: "text" };
  const { text, plain, bare } = readingsOf(value.sql);
  const counts = [
    ...tallyReadings({ text, plain: "plain", bare: "bare" }, "text"),
    "count(value) AS filled",
    `count(${booleanOf(value)}) AS booleans`,
    ...tallyDays(value.sql),
    "approx_count_distinct(value) AS labels",
    "count_if(contains(value, chr(0))) AS nul",
    `count_if(${CONTACT}) AS contacts`,
  ];
  const rows =
    texts.length === 0
      ? []
      : await database.all(
          `SELECT name, ${counts.join(", ")}
           FROM (SELECT *, ${plain} AS plain, ${bare} AS bare FROM ${longForm(relation, texts)}) GROUP BY name`,
        );
  return new Map(rows.map((row) => [texts[Number(row.name)]?.name ?? "", row]));
}

/**
 * The form of each candidate.
 *
 * @param kinds kinds that are given, by column name
 */
export function formsOf(
  candidates: readonly Candidate[],
  cells: CellCounts,
  kinds: Readonly<Record<string, FeatureKind>>,
): Form[] {
  return candidates.map((candidate) => {
    const { name } = candidate;
    const found = cells.get(name) ?? {};
    const count = (what: string) => Number(found[what] ?? 0);
    const requested = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    return formOf(candidate, requested, {
      filled: count("filled"),
      booleans: count("booleans"),
      days: readDays(count, count("filled")),
      labels: count("labels"),
      hasNul: count("nul") > 0,
      contacts: count("contacts"),
      tally: readTally(found, "text"),
    });
  });
}

interface Counts {
  readonly filled: number;
  readonly booleans: number;
  /** How all filled cells are written as days; null if they are not. */
  readonly days: DayForm | null;
  readonly labels: number;
  readonly hasNul: boolean;
  readonly contacts: number;
  readonly tally: NumberTally;
}

function formOf(candidate: Candidate, requested: FeatureKind | undefined, counts: Counts): Form {
  const { sql, storedAs } = candidate;
  const { filled, labels, tally } = counts;
  const contacts = filled === 0 ? 0 : counts.contacts / filled;
  const plain = {
    ...{ labels, filled, isCodable: false, mayBeBad: false, strays: 0, note: null, contacts },
    isWritten: storedAs === "text" && tally.mark !== "plain",
  };
  const label: Form = { ...plain, form: "label", value: sql, isCodable: !counts.hasNul };
  const boolean: Form = { ...plain, form: "boolean", value: booleanOf(candidate) };
  const day = (instant: string): Form => ({ ...plain, form: "day", value: daysOf(instant) });
  const number: Form = {
    ...plain,
    form: "number",
    value: finiteOf(sql, tally.mark),
    note: tally.isAmbiguous
      ? 'has numbers such as "1,250": read as thousands, since no cell shows otherwise'
      : null,
  };
  if (requested === "category") return label;
  if (storedAs === "number") return number;
  if (storedAs === "boolean") return boolean;
  if (storedAs === "time") return day(`${sql}::TIMESTAMP`);
  const isOfNumbers = requested === "number" || (tally.codes === 0 && !tally.isMixed);
  if (isOfNumbers && tally.numbers === filled) return number;
  if (counts.booleans === filled) return boolean;
  if (counts.days === "undecided")
    return {
      ...label,
      note: "has dates with the day or the month first, and no cell shows which: read as text",
    };
  if (counts.days !== null) return day(writtenInstant(sql, counts.days));
  if (isOfNumbers && tally.numbers >= NUMBER_SHARE * filled)
    return { ...number, strays: filled - tally.numbers };
  if (requested === "number") return { ...number, mayBeBad: true };
  return { ...label, note: textNote(tally, filled) };
}

/** A text column with at least this share of numbers gets a note: it may be meant as a number column. */
const DOUBTFUL_SHARE = 0.5;

function textNote({ isMixed, mark, numbers, codes }: NumberTally, filled: number): string | null {
  if (codes > 0 || filled === 0 || numbers < DOUBTFUL_SHARE * filled) return null;
  if (isMixed && mark !== "plain")
    return "has amounts in several units: read as text, since they cannot be compared";
  const percent = Math.floor((100 * numbers) / filled);
  return percent === 100
    ? null
    : `has numbers in ${percent} % of its cells: read as text, since the others are none`;
}
