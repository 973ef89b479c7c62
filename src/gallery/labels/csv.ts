import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import { type CsvHeader, readCsvHeader } from "../../tables/index.ts";

/** The adapter of csv-parse: streams a CSV file as records by column name. */

export interface CsvRecord {
  /** Line of the file, from 1, on which the record ends. */
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
  /** How many fields the record has; the header's number, or the record is malformed. */
  readonly width: number;
}

/** Longer records are no labels but a broken quote or another kind of file. */
const MAX_RECORD_BYTES = 100_000;

/**
 * Reads a UTF-8 CSV file with a header. `checkColumns` sees the header before any record.
 * @throws ERR_LABELS_INVALID missing or unreadable file, broken quoting, or whatever `checkColumns` throws
 */
export async function* readCsv(
  path: string,
  checkColumns: (columns: readonly string[]) => void,
): AsyncGenerator<CsvRecord> {
  const { delimiter, preamble } = await headerOf(path);
  const parser = parse({
    bom: true,
    delimiter,
    from_line: preamble.lines + 1,
    info: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_BYTES,
  });
  const source = createReadStream(path).on("error", (error) => parser.destroy(error));
  let columns: readonly string[] | null = null;
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<Parsed>) {
      if (columns === null) {
        columns = record.map((name) => name.toLowerCase());
        checkColumns(columns);
        continue;
      }
      const fields = Object.fromEntries(columns.map((name, i) => [name, record[i] ?? ""]));
      yield { line: info.lines, fields, width: record.length };
    }
    if (columns === null) checkColumns([]);
  } catch (cause) {
    if (cause instanceof CsvError || (cause as NodeJS.ErrnoException).code !== undefined) {
      throw invalid(path, cause);
    }
    throw cause;
  } finally {
    source.destroy();
  }
}

/** The delimiter of the header, as in every other table; a file that has none is refused by what reads it. */
async function headerOf(path: string): Promise<Pick<CsvHeader, "delimiter" | "preamble">> {
  try {
    return await readCsvHeader({ name: path, path, readFrom: path, format: "csv" });
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    return { delimiter: ",", preamble: { lines: 0, end: 0 } };
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function invalid(path: string, cause: unknown): unknown {
  if (cause instanceof LookalikeError) return cause;
  return new LookalikeError(
    "ERR_LABELS_INVALID",
    `Expected a CSV file for ${path} but could not read it: ${reason(cause)}`,
    {
      hint: "Check the path, and that every quote is closed.",
      cause,
    },
  );
}
