import type { Command } from "commander";
import { LookalikeError } from "../core/index.ts";
import { csvLine, markText } from "../handover/index.ts";
import { writeFileAtomic } from "../io/files.ts";
import { countsByCode, type RefusedRow, type RowReport } from "../tables/index.ts";
import type { Output } from "./output.ts";

/** Most rows that are listed with their reason; the others are counted. */
const MAX_NAMED = 10;

/** Flags of every command that reads tables. */
export interface RefusedFlags {
  readonly refused?: string;
}

export function withRefusedFlag(command: Command): Command {
  return command.option(
    "--refused <csv>",
    "write the rejected rows to this file, each with its code and reason",
  );
}

/**
 * Reports which rows of a table were left out, and which columns may have been read differently than
 * intended. Rows are counted from 1 without the header and named in words, because `file:line` would be
 * another line.
 *
 * @returns the number of rejected rows
 */
export function sayRows(output: Output, report: RowReport): number {
  const { refused, refusals, warnings, refusedByCode } = report;
  for (const { message } of warnings) output.say(`warning: ${message}`);
  const named = refusals.slice(0, MAX_NAMED);
  for (const { source, row, code, message } of named) {
    output.refuse(row === null ? source : `row ${row} of ${source}`, new LookalikeError(code, message));
  }
  // One by one: spreading many rows would exceed the number of arguments.
  for (const refusal of refusals) output.refusedRows.push(refusal);
  // Rows that were only counted are in no list.
  if (refused > named.length || Object.keys(refusedByCode).length > 1) {
    output.say(
      `${named.length > 0 ? "... " : ""}${refused} ${refused === 1 ? "row" : "rows"} rejected in total: ${countsByCode(report)}`,
    );
  }
  return refused;
}

/** @throws ERR_OUTPUT_UNWRITABLE */
export async function writeRefused(path: string, rows: readonly RefusedRow[]): Promise<void> {
  const lines = rows.map(({ source, row, code, message }) =>
    csvLine([markText(source), row, code, markText(message)]),
  );
  await writeFileAtomic(path, [csvLine(["source", "row", "code", "reason"]), ...lines].join(""));
}
