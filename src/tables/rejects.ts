import { LookalikeError } from "../core/index.ts";
import type { Database } from "../io/duckdb/index.ts";
import type { RowLedger } from "./ledger.ts";
import type { Scan } from "./scan.ts";

/** A line that could not be parsed. */
export interface RejectedLine {
  /** From 1, without the header. */
  readonly row: number;
  /** How it begins. */
  readonly text: string;
  /** ERR_ROW_MALFORMED */
  readonly error: LookalikeError;
}

/** The lines of one file that could not be parsed. */
export interface RejectedLines {
  readonly count: number;
  readonly lines: readonly RejectedLine[];
  /** Number of the n-th parsed row among all rows of the file, from 1: rejected lines count too. */
  rowOf(parsed: number): number;
  report(ledger: RowLedger): void;
}

/**
 * What the connection noted of the scans' files, in order, while it read their scans' `checkedRelation`. A row's number
 * is its line less the header, so it is exact unless a quoted field before it contains a line break.
 */
export async function noteRejectedLines(
  database: Database,
  scans: readonly Pick<Scan, "files">[],
): Promise<RejectedLines[]> {
  const files = scans.flatMap((scan) => scan.files);
  const noted = await database.all(
    "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'reject_errors'",
  );
  if (Number(noted[0]?.n ?? 0) === 0) return files.map(() => rejectedLines([]));
  const results: RejectedLines[] = [];
  for (const file of files) {
    const lines = await database.all(
      `SELECT e.line::DOUBLE AS line, min(e.error_type::VARCHAR) AS kind, left(min(e.csv_line), 1000) AS text FROM reject_errors e JOIN reject_scans s
       USING (scan_id, file_id) WHERE s.file_path = $1 GROUP BY e.line ORDER BY e.line`,
      [file.readFrom],
    );
    results.push(
      rejectedLines(
        lines.map(({ line, kind, text }) => {
          const row = Math.max(1, Number(line) - 1);
          const quoted = file.openQuotes?.get(Number(line));
          const error = malformed(row, file.name, quoted === undefined ? String(kind) : "UNQUOTED VALUE");
          return { source: file.name, row, text: quoted ?? String(text ?? ""), error };
        }),
      ),
    );
  }
  return results;
}

const REASONS: Readonly<Record<string, string>> = {
  "TOO MANY COLUMNS": "more fields than the header",
  "MISSING COLUMNS": "fewer fields than the header",
  "UNQUOTED VALUE": "a quote that is not closed",
  "LINE SIZE OVER MAXIMUM": "a line over 2 MB",
  "INVALID ENCODING": "bytes that are not UTF-8",
};

function malformed(row: number, source: string, kind: string): LookalikeError {
  const what = REASONS[kind] ?? kind.toLowerCase();
  return new LookalikeError(
    "ERR_ROW_MALFORMED",
    `Expected a CSV row for row ${row} of ${source} but received ${what}`,
  );
}

function rejectedLines(lines: readonly (RejectedLine & { readonly source: string })[]): RejectedLines {
  return {
    count: lines.length,
    lines,
    rowOf(parsed) {
      // The n-th parsed row is after every rejected line whose number, minus those before it, is at most n.
      let low = 0;
      let high = lines.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((lines[middle]?.row ?? 0) - middle <= parsed) low = middle + 1;
        else high = middle;
      }
      return parsed + low;
    },
    report(ledger) {
      ledger.count(lines.length);
      for (const { source, row, error } of lines) {
        ledger.refuse({ source, row, code: "ERR_ROW_MALFORMED", message: error.message });
      }
    },
  };
}
