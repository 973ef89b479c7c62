import { LookalikeError, nearestSpelling } from "../core/index.ts";
import type { Scan, ScanColumn } from "./scan.ts";

/** Finds the columns of a table by name. */

/** The scan's column of that name, or null. */
export function findColumn(scan: Scan, name: string): ScanColumn | null {
  return scan.columns.find((column) => column.name === name) ?? null;
}

/**
 * The column of a role that a file may lack; null: it has none. A column such as `Consent_Expires` for `consent_expires`
 * is not ignored, because its values would be lost silently.
 *
 * @throws ERR_COLUMN_MISSING the name is spelled differently, ERR_COLUMN_REPEATED several columns have this name
 */
export function optionalColumn(scan: Scan, name: string, role = name): ScanColumn | null {
  const alike = scan.columns.some((column) => isSpelling(column.name, name));
  return alike ? requireColumn(scan, name, role) : null;
}

/** As `optionalColumn`, for a required column. @throws ERR_COLUMN_MISSING, ERR_COLUMN_REPEATED */
export function requireColumn(scan: Scan, name: string, role: string): ScanColumn {
  const column = findColumn(scan, name);
  const other = scan.columns.find((each) => each !== column && isSpelling(each.name, name));
  if (column !== null && other !== undefined) throw twoColumns([name, other.name], role, scan);
  if (column !== null) return column;
  const present = scan.columns.map((known) => known.name);
  throw missingColumn(name, role, present, {
    source: scan.files[0]?.name ?? "the source",
    advice: `Map ${role} to the column that has it.`,
  });
}

/**
 * The column of a role: the one that was named for it, which must exist, or the one of the role's own name; null: the file
 * lacks it.
 *
 * @throws ERR_COLUMN_MISSING, ERR_COLUMN_REPEATED
 */
export function roleColumn(scan: Scan, role: string, named: string | undefined): ScanColumn | null {
  return named === undefined ? optionalColumn(scan, role) : requireColumn(scan, named, role);
}

/** Letters and digits of a column's name in lower case, without the number that joins add: `a_b`, `A B` and `a_b.1`. */
function foldName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[.:]\d+$/, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

function isSpelling(column: string, name: string): boolean {
  return column === name || (foldName(column) === foldName(name) && foldName(name) !== "");
}

function twoColumns(names: readonly [string, string], role: string, { files }: Scan): LookalikeError {
  const [own, other] = names.map((name) => JSON.stringify(name));
  return new LookalikeError(
    "ERR_COLUMN_REPEATED",
    `Expected one column for ${role} in ${files[0]?.name ?? "the source"} but received ${own} and ${other}`,
    { hint: "Remove or rename one of the columns; a join often duplicates them." },
  );
}

export function missingColumn(
  name: string,
  role: string,
  present: readonly string[],
  { source, advice }: { readonly source: string; readonly advice: string },
): LookalikeError {
  const nearest = nearestSpelling(name, present);
  const shown = present.slice(0, 40).join(", ") + (present.length > 40 ? ", ..." : "");
  return new LookalikeError(
    "ERR_COLUMN_MISSING",
    `Expected a column ${JSON.stringify(name)} for ${role} in ${source} but received ${shown}`,
    {
      hint: nearest === null ? advice : `Did you mean ${JSON.stringify(nearest)}? Map ${role} to it.`,
    },
  );
}

const WITHDRAWAL =
  /withdr[ae]w|revo[ck]|opt[\W_]*out|widerruf|(?:consent|consentement)\w*retir|retrait|revoca|ingetrokken/i;
const EXPIRY = /expir|valid[\W_]*(?:un)?til|(?:consent|einwilligung)\w*[\W_]ends?\b|ablauf|gueltig|gültig/i;

/**
 * The first column that seems to say when a consent ends but has no role: a reader that ignored it would use people's
 * faces against their will; null: there is none.
 *
 * @param taken names of the columns that have a role
 */
export function unreadEnd(
  { columns }: Scan,
  of: "withdrawal" | "expiry",
  taken: ReadonlySet<string>,
): string | null {
  const pattern = of === "withdrawal" ? WITHDRAWAL : EXPIRY;
  return columns.find(({ name }) => !taken.has(name) && pattern.test(name))?.name ?? null;
}
