import { BLANKS } from "../core/index.ts";
import { quoteText } from "../io/duckdb/index.ts";

/** `canonicalId` and trimming in SQL. */

const isAscii = (character: string) => character.charCodeAt(0) < 128;
const ASCII_BLANKS = quoteText([...BLANKS].filter(isAscii).join(""));
const ALL_BLANKS = quoteText(BLANKS);

/**
 * ASCII text, which has as many bytes as characters, has few kinds of blanks; trimming the long list would
 * cost time.
 */
function byScript(sql: string, normalised: string): string {
  return `CASE WHEN strlen(${sql}) = length(${sql}) THEN trim(${sql}, ${ASCII_BLANKS}) ELSE trim(${normalised}, ${ALL_BLANKS}) END`;
}

/** Text without leading and trailing blanks of any kind. */
export function trimmed(sql: string): string {
  return byScript(sql, sql);
}

/** The canonical form of a text column or expression; NULL if nothing is left. */
export function canonicalText(sql: string): string {
  return `nullif(${byScript(sql, `nfc_normalize(${sql})`)}, '')`;
}
