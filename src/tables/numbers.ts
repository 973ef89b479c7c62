/** How text cells write numbers, and how they say that there is none. */

/** Cells of a CSV file that say, like an empty one, that there is no value; spelled exactly so. */
const MISSING = ["NaN", "nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "-"] as const;

/** The trimmed text, NULL where it is a spelling of a missing value. */
export function knownText(sql: string): string {
  // A list, since DuckDB makes a join of NOT IN, which is slow and needs memory for each of many columns.
  return `CASE WHEN NOT list_contains([${MISSING.map((spelling) => `'${spelling}'`).join(", ")}], ${sql}) THEN ${sql} END`;
}

/** What stands before the decimals; a whole column has one. */
export type DecimalMark = "point" | "comma";

/** 1234,5 or 1.234,5; a point alone would leave in doubt what it is. */
const COMMA_NUMBER = "'[-+]?(\\d+(,\\d+)?|\\d{1,3}(\\.\\d{3})+,\\d+)'";
/** 12,5 and 0,125 have decimals for sure; the comma of 1,250 may part thousands. */
const DECIDED_COMMA =
  "'[-+]?(\\d+|\\d{1,3}(\\.\\d{3})+),(\\d{1,2}|\\d{4,})|[-+]?0,\\d+|[-+]?\\d{1,3}(\\.\\d{3})+,\\d+'";

/** A finite number from text, else NULL. */
export function finiteOf(sql: string, mark: DecimalMark = "point"): string {
  const number =
    mark === "point"
      ? `TRY_CAST(${sql} AS DOUBLE)`
      : `CASE WHEN ${sql} SIMILAR TO ${COMMA_NUMBER} THEN TRY_CAST(replace(replace(${sql}, '.', ''), ',', '.') AS DOUBLE) END`;
  return `CASE WHEN isfinite(${number}) THEN ${number} END`;
}

/** How many of a column's filled cells are numbers, by the mark that most of them agree with. */
export interface NumberTally {
  readonly mark: DecimalMark;
  readonly numbers: number;
  /** Cells such as 01234, which are codes rather than numbers. */
  readonly codes: number;
}

/** Expressions to select, for `readTally`; `key` tells the column from others of the same query. */
export function tallyColumns(sql: string, key: string | number): string[] {
  return [
    `count(${finiteOf(sql)}) AS point_${key}`,
    `count_if(contains(${sql}, '.') AND (${finiteOf(sql)}) IS NOT NULL) AS pointed_${key}`,
    `count_if(contains(${sql}, ',') AND ${sql} SIMILAR TO ${DECIDED_COMMA}) AS decided_${key}`,
    `count_if(${sql} SIMILAR TO ${COMMA_NUMBER}) AS comma_${key}`,
    `count_if(${sql} SIMILAR TO '-?0\\d.*') AS codes_${key}`,
  ];
}

/** A column has decimal commas only where some cell leaves no doubt and none has a decimal point. */
export function readTally(row: Readonly<Record<string, unknown>>, key: string | number): NumberTally {
  const count = (what: string) => Number(row[`${what}_${key}`] ?? 0);
  const hasCommas = count("decided") > 0 && count("pointed") === 0;
  return {
    mark: hasCommas ? "comma" : "point",
    numbers: hasCommas ? count("comma") : count("point"),
    codes: count("codes"),
  };
}
