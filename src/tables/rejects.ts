import type { Database } from "../io/duckdb/index.ts";
import type { SourceFile } from "./files.ts";
import type { RowLedger } from "./ledger.ts";
import type { Scan } from "./scan.ts";

/** The lines of one file that could not be parsed. */
export interface RejectedLines {
  readonly count: number;
  /** The number of the n-th parsed row among all rows of the file, from 1; rejected lines are counted. */
  rowOf(parsed: number): number;
  report(ledger: RowLedger): void;
}

/**
 * The rejected lines that the connection recorded for each file of the scans, in order, while it read their
 * `checkedRelation`. A row's number is its line number without the header, so it is exact unless a quoted
 * field before it contains a line break.
 */
export async function noteRejectedLines(
  database: Database,
  scans: readonly Pick<Scan, "files">[],
): Promise<RejectedLines[]> {
  const files = scans.flatMap((scan) => scan.files);
  if (!(await hasRejects(database))) return files.map(() => rejectedLines("", []));
  const results: RejectedLines[] = [];
  for (const file of files) {
    const lines = await database.all(
      `SELECT e.line::DOUBLE AS line, min(e.error_type::VARCHAR) AS kind ${REJECTED}`,
      [file.readFrom],
    );
    results.push(
      rejectedLines(
        file.name,
        lines.map(({ line, kind }) => rejectedRow(file, Number(line), String(kind))),
      ),
    );
  }
  return results;
}

/** The same lines of a small file, one by one, with their beginnings. */
export async function* readRejectedLines(
  database: Database,
  file: SourceFile,
): AsyncGenerator<{ readonly row: number; readonly text: string; readonly message: string }> {
  if (!(await hasRejects(database))) return;
  // The records belong to the connection, and a stream uses another one.
  await database.run(
    `CREATE OR REPLACE TABLE rejected_lines AS
     SELECT e.line::DOUBLE AS line, min(e.error_type::VARCHAR) AS kind, left(min(e.csv_line), 1000) AS text ${REJECTED}`,
    [file.readFrom],
  );
  const lines = database.stream("SELECT * FROM rejected_lines ORDER BY line");
  for await (const batch of lines) {
    const [kinds, texts] = [batch.texts("kind"), batch.texts("text")];
    for (const [i, line] of batch.numbers("line").entries()) {
      const { row, kind } = rejectedRow(file, line, kinds[i] ?? "");
      yield { row, text: texts[i] ?? "", message: messageOf(file.name, row, kind) };
    }
  }
}

const REJECTED = `FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id)
  WHERE s.file_path = $1 GROUP BY e.line ORDER BY e.line`;

async function hasRejects(database: Database): Promise<boolean> {
  const [found] = await database.all(
    "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'reject_errors'",
  );
  return Number(found?.n ?? 0) > 0;
}

function rejectedRow({ openQuotes }: SourceFile, line: number, kind: string) {
  return { row: Math.max(1, line - 1), kind: openQuotes?.has(line) ? "UNQUOTED VALUE" : kind };
}

const REASONS: Readonly<Record<string, string>> = {
  "TOO MANY COLUMNS": "more fields than the header",
  "MISSING COLUMNS": "fewer fields than the header",
  "UNQUOTED VALUE": "a quote that is not closed or not doubled",
  "LINE SIZE OVER MAXIMUM": "a line over 2 MB",
  "INVALID ENCODING": "bytes that are not UTF-8",
};

function messageOf(name: string, row: number, kind: string): string {
  return `Expected a CSV row for row ${row} of ${name} but received ${REASONS[kind] ?? kind.toLowerCase()}`;
}

function rejectedLines(name: string, lines: readonly { row: number; kind: string }[]): RejectedLines {
  return {
    count: lines.length,
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
      for (const { row, kind } of lines) {
        ledger.refuse({ source: name, row, code: "ERR_ROW_MALFORMED", message: messageOf(name, row, kind) });
      }
    },
  };
}
