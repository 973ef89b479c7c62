import { findColumn, missingColumn } from "./columns.ts";
import { knownText } from "./numbers.ts";
import { type FeatureRequest, requestedNames } from "./request.ts";
import { type Scan, type ScanColumn, type StoredAs, textOf } from "./scan.ts";

/** A column of a relation that may become a feature; text columns contain trimmed text or NULL. */
export interface Candidate {
  readonly name: string;
  /** Expression or column of the relation that it is selected from. */
  readonly sql: string;
  readonly storedAs: StoredAs;
}

/** The column names of the scans without the taken ones, in order of appearance. */
export function candidateNames(scans: readonly Scan[], taken: ReadonlySet<string>): string[] {
  const names = new Set(scans.flatMap((scan) => scan.columns.map((column) => column.name)));
  return [...names].filter((name) => !taken.has(name));
}

/** If files store a column differently (CSV and Parquet), it is text in all of them. */
export function mergeColumn(scans: readonly Scan[], name: string, sql: string): Candidate {
  const stored = new Set(
    scans.map((scan) => findColumn(scan, name)?.storedAs).filter((kind) => kind !== undefined),
  );
  const [only] = stored;
  return { name, sql, storedAs: stored.size === 1 && only !== undefined ? only : "text" };
}

/** The candidate's value in one scan, under its name; NULL if the scan has no such column. */
export function candidateOf(scan: Scan, candidate: Candidate): string {
  const column = findColumn(scan, candidate.name);
  if (column === null) return `NULL AS ${candidate.sql}`;
  return `${candidate.storedAs === "text" ? labelOf(scan, column) : column.sql} AS ${candidate.sql}`;
}

/** Only text files spell out missing values; a label of a typed file is taken literally. */
function labelOf(scan: Scan, column: ScanColumn): string {
  return scan.format === "csv" ? knownText(textOf(column)) : textOf(column);
}

/**
 * The candidates that a request names, in its order; without a request, all.
 *
 * @param scans the source of the candidates, for the message
 * @throws ERR_COLUMN_MISSING
 */
export function pickCandidates(
  candidates: Iterable<Candidate>,
  request: FeatureRequest | undefined,
  scans: readonly Scan[],
): Candidate[] {
  const byName = new Map([...candidates].map((candidate) => [candidate.name, candidate]));
  const names = requestedNames(request) ?? [...byName.keys()];
  return names.map((name) => {
    const candidate = byName.get(name);
    if (candidate !== undefined) return candidate;
    const present = new Set([...byName.keys(), ...candidateNames(scans, new Set([name]))]);
    throw missingColumn(name, "a feature", [...present], {
      source: scans[0]?.files[0]?.name ?? "the source",
      advice: "Add the column, or join the customers' file that has it.",
    });
  });
}
