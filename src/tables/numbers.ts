/** How text cells write numbers and missing values. */

/** Cells of a CSV file that mean a missing value, as an empty cell does; spelled exactly so. */
const MISSING = ["NaN", "nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "-"] as const;

/** The trimmed text; NULL if it is a spelling of a missing value. */
export function knownText(sql: string): string {
  // A list, because DuckDB turns NOT IN into a join, which is slow and needs memory for each of many columns.
  return `CASE WHEN NOT list_contains([${MISSING.map((spelling) => `'${spelling}'`).join(", ")}], ${sql}) THEN ${sql} END`;
}

/**
 * How a column writes its numbers: `plain`, as programs do; `point`, with decimal points, with separated
 * thousands (1,250.50), a currency or a percent sign; `comma`, the same with decimal commas (1.250,50 or 1
 * 250,50 €).
 */
export type DecimalMark = "plain" | "point" | "comma";

/** Currency codes next to amounts; other codes of three letters are labels. */
const CURRENCIES =
  "EUR|USD|GBP|CHF|JPY|CNY|KRW|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|UAH|RUB|ILS|AED|SAR|ZAR|NGN|KES|EGP|MAD|BRL|MXN|ARS|CLP|COP|PEN|SGD|HKD|TWD|THB|IDR|MYR|PHP|VND|PKR|BDT|kr|Fr|Rs|zł|Kč|Ft|lei|US\\$|A\\$|C\\$|R\\$";
const BLANK = "[\\s\\p{Zs}]";
const UNIT = `(?:\\p{Sc}|${CURRENCIES})`;
const DIGITS = `(?:(?:\\d{1,3}(?:[,.\\p{Zs}''’]\\d{3})+|\\d+)(?:[.,]\\d+)?|[.,]\\d+)`;
const WRITTEN = `'\\(?[-+−]?${BLANK}*(?:${UNIT}${BLANK}*)?[-+−]?${DIGITS}${BLANK}*(?:${UNIT}|[%‰])?\\)?'`;

const THOUSANDS_COMMA = "'[-+]?(\\d{1,3}(,\\d{3})+|\\d+)?(\\.\\d+)?'";
const THOUSANDS_POINT = "'[-+]?(\\d{1,3}(\\.\\d{3})+|\\d+)?(,\\d+)?'";
/** 1,234.5 and 1,234,567 cannot have decimal commas; 12,5, 0,125, 1.234,5 and 1.234.567 cannot have decimal points. */
const DECIDED_POINT = "'[-+]?\\d{1,3}(,\\d{3})+\\.\\d+|[-+]?\\d{1,3}(,\\d{3}){2,}'";
const DECIDED_COMMA =
  "'[-+]?(\\d+|\\d{1,3}(\\.\\d{3})+),(\\d{1,2}|\\d{4,})|[-+]?0,\\d+|[-+]?\\d{1,3}(\\.\\d{3})+,\\d+|[-+]?\\d{1,3}(\\.\\d{3}){2,}'";
/** 1.250 may be a thousand in a column with decimal commas. */
const MAYBE_THOUSANDS = "'[-+]?[1-9]\\d{0,2}\\.\\d{3}'";

/** Sign, digits and marks of a written number; parentheses mean minus, as in accounting. */
function bareOf(sql: string): string {
  const bare = `regexp_replace(replace(${sql}, '−', '-'), '[^0-9.,+-]', '', 'g')`;
  return `CASE WHEN ${sql} SIMILAR TO ${WRITTEN} THEN CASE WHEN starts_with(${sql}, '(') THEN '-' || ${bare} ELSE ${bare} END END`;
}

/** A finite number from text, else NULL. */
export function finiteOf(sql: string, mark: DecimalMark = "plain"): string {
  const number = { plain: `TRY_CAST(${sql} AS DOUBLE)`, point: pointOf(sql), comma: commaOf(sql) }[mark];
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

function pointOf(sql: string): string {
  const bare = bareOf(sql);
  return `coalesce(TRY_CAST(${sql} AS DOUBLE), CASE WHEN ${bare} SIMILAR TO ${THOUSANDS_COMMA} THEN TRY_CAST(replace(${bare}, ',', '') AS DOUBLE) END)`;
}

function commaOf(sql: string): string {
  const bare = bareOf(sql);
  return `CASE WHEN ${bare} SIMILAR TO ${THOUSANDS_POINT} THEN TRY_CAST(replace(replace(${bare}, '.', ''), ',', '.') AS DOUBLE) END`;
}

/** Number of a column's filled cells that are numbers, for the mark that fits most of them. */
export interface NumberTally {
  readonly mark: DecimalMark;
  readonly numbers: number;
  /** Cells such as 01234, which are codes rather than numbers. */
  readonly codes: number;
  /** Nothing in the column shows whether 1,250 is a thousand; it is read as one. */
  readonly isAmbiguous: boolean;
  /**
   * Amounts in several currencies, or percentages mixed with numbers without a sign: the column has no single
   * unit.
   */
  readonly isMixed: boolean;
}

/** The readings of a cell that a tally counts, as SQL: expressions, or columns that a query has computed from them. */
export interface CellReadings {
  /** Trimmed text. */
  readonly text: string;
  /** The number that a program would write so; NULL: none. */
  readonly plain: string;
  /** Sign, digits and marks of a written number; NULL: none. */
  readonly bare: string;
}

export function readingsOf(sql: string): CellReadings {
  return { text: sql, plain: finiteOf(sql), bare: bareOf(sql) };
}

/**
 * What is left of a written number without sign, digits, marks and blanks: a currency or a sign of shares. The pattern
 * names what is removed, because a class of all letters takes milliseconds to compile.
 */
function unitOf({ text, bare }: CellReadings): string {
  return `CASE WHEN ${bare} IS NOT NULL THEN nullif(regexp_replace(${text}, '[\\d\\s\\p{Zs}.,''’()+−-]+', '', 'g'), '') END`;
}

/** Expressions to select, for `readTally`; `key` identifies the column in the query. */
export function tallyColumns(sql: string, key: string | number): string[] {
  return tallyReadings(readingsOf(sql), key);
}

/** The same for readings that the query has computed already: patterns are compiled wherever they are written. */
export function tallyReadings(readings: CellReadings, key: string | number): string[] {
  const { text, plain, bare } = readings;
  const isWritten = `(${plain}) IS NULL AND ${bare} SIMILAR TO`;
  const unit = unitOf(readings);
  return [
    `count(${plain}) AS plain_${key}`,
    `count_if(contains(${text}, '.') AND (${plain}) IS NOT NULL AND NOT ${text} SIMILAR TO ${MAYBE_THOUSANDS}) AS pointed_${key}`,
    `count_if(${isWritten} ${THOUSANDS_COMMA}) AS point_${key}`,
    `count_if(${bare} SIMILAR TO ${THOUSANDS_POINT}) AS comma_${key}`,
    `count_if(${isWritten} ${DECIDED_POINT}) AS points_${key}`,
    `count_if(${isWritten} ${DECIDED_COMMA}) AS commas_${key}`,
    `count_if(${isWritten} ${THOUSANDS_COMMA} AND contains(${text}, ',')) AS grouped_${key}`,
    `min(${unit}) AS least_${key}, max(${unit}) AS most_${key}`,
    `count_if(${isWritten} ${THOUSANDS_COMMA} AND (ends_with(${text}, '%') OR ends_with(${text}, '‰'))) AS shares_${key}`,
    `count_if(regexp_matches(${text}, '^-?0\\d')) AS codes_${key}`,
  ];
}

/** A column has decimal commas only if some cell is unambiguous and none has a decimal point. */
export function readTally(row: Readonly<Record<string, unknown>>, key: string | number): NumberTally {
  const count = (what: string) => Number(row[`${what}_${key}`] ?? 0);
  const hasCommas = count("commas") > count("points") && count("pointed") === 0;
  const withPoints: DecimalMark = count("point") > 0 ? "point" : "plain";
  const mark: DecimalMark = hasCommas ? "comma" : withPoints;
  const isDecided = count("points") > 0 || count("pointed") > 0;
  return {
    mark,
    numbers: hasCommas ? count("comma") : count("plain") + count("point"),
    codes: count("codes"),
    isAmbiguous: mark === "point" && count("grouped") > 0 && !isDecided,
    isMixed:
      row[`least_${key}`] !== row[`most_${key}`] ||
      (count("shares") > 0 && count("plain") > 0 && mark === "point"),
  };
}
