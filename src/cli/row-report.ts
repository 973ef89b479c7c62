import { LookalikeError } from "../core/index.ts";
import type { RowReport } from "../tables/index.ts";
import type { Output } from "./output.ts";

/** Rows that are named with their reason; the others are counted. */
const MAX_NAMED = 10;

/**
 * Says which rows of a table were left out, and which columns were read otherwise than they may have been meant. Rows are
 * counted from 1 without the header, so they are named in words: `file:line` would be another line.
 *
 * @returns how many rows were refused
 */
export function sayRows(output: Output, { refused, refusals, warnings }: RowReport): number {
  for (const { message } of warnings) output.say(`warning: ${message}`);
  for (const { source, row, code, message } of refusals.slice(0, MAX_NAMED)) {
    output.refuse(row === null ? source : `row ${row} of ${source}`, new LookalikeError(code, message));
  }
  if (refused > MAX_NAMED) output.say(`... ${refused} rows rejected in total`);
  return refused;
}
