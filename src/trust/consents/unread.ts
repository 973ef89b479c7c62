import { canonicalId } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";
import { isMissingText, isNoText, parseDate, readRejectedLines, type Scan } from "../../tables/index.ts";
import { type ConsentColumn, type ConsentImportOptions, PURPOSES, type Purpose } from "./types.ts";

/** Withdrawals in rows that cannot be read completely. */

/** The withdrawal of a row that cannot be read. */
export interface UnreadWithdrawal {
  readonly customerId: string;
  /** null: the row names no known purpose, so it applies to all purposes. */
  readonly purpose: Purpose | null;
  /** When the consent was given; null: not in the row. */
  readonly givenAt: Date | null;
}

/** The text of a column; null if the row or the file does not have it. */
export type Field = (name: ConsentColumn) => string | null;

/** The withdrawal in a row, even if other fields are invalid; null if there is none. */
export function withdrawalOf(field: Field): UnreadWithdrawal | null {
  const [customerId, text] = [canonicalId(field("customer_id") ?? ""), field("withdrawn_at") ?? ""];
  if (customerId === "" || isMissingText(text) || isNoText(text)) return null;
  const purpose = PURPOSES.find((known) => known === field("purpose")?.trim().toLowerCase());
  return { customerId, purpose: purpose ?? null, givenAt: dateIn(field("given_at")) };
}

function dateIn(text: string | null): Date | null {
  try {
    return text === null ? null : parseDate(text, "given_at");
  } catch {
    return null;
  }
}

/** Invalid CSV lines: a withdrawal in them is guessed from their fields. */
export async function findBrokenWithdrawals(
  database: Database,
  scan: Scan,
  mapping: ConsentImportOptions["mapping"] = {},
): Promise<readonly UnreadWithdrawal[]> {
  const found: UnreadWithdrawal[] = [];
  for (const file of scan.files) {
    for await (const { text } of readRejectedLines(database, file)) {
      const parts = text.split(scan.delimiter).map((part) => part.replaceAll('"', "").trim());
      const at = (name: ConsentColumn) =>
        scan.columns.findIndex((column) => column.name === (mapping[name] ?? name));
      const withdrawal = withdrawalOf((name) => parts[at(name)] ?? null);
      if (withdrawal !== null) found.push(withdrawal);
    }
  }
  return found;
}
