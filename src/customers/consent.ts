import { isLookalikeError } from "../core/index.ts";
import { type ColumnWarning, isMissingText, isNoText, isYesText, parseDate } from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";

/**
 * Whether a customer's face may be computed at `now`: consent was given, not in the future, and has not
 * expired. Consent ends at the moment of expiry; an expiry date without a time ends with that day (UTC). A
 * cell that is not a date counts as no consent, and rejects nothing else of the row.
 *
 * @param row the CRM's two columns as ISO 8601 text; null, blank and words such as NULL are missing
 */
export function biometricConsent(
  row: { readonly givenAt: string | null; readonly expiresAt: string | null },
  now: Date,
): Consent {
  const expiresAt = isBlank(row.expiresAt) ? null : tryDate(row.expiresAt, "end");
  if (isBlank(row.givenAt)) return { status: "missing" };
  const givenAt = tryDate(row.givenAt, "start");
  if (givenAt === "unreadable") return { status: "unreadable", column: "consent_biometric" };
  if (expiresAt === "unreadable") return { status: "unreadable", column: "consent_expires" };
  if (givenAt.getTime() > now.getTime()) return { status: "future", givenAt };
  if (expiresAt !== null && expiresAt.getTime() <= now.getTime()) return { status: "expired", expiresAt };
  return { status: "given", givenAt, expiresAt };
}

function tryDate(text: string, of: "start" | "end"): Date | "unreadable" {
  try {
    return parseDate(text, "consent", of);
  } catch (error) {
    if (isLookalikeError(error)) return "unreadable";
    throw error;
  }
}

function isBlank(text: string | null): text is null {
  return text === null || isMissingText(text);
}

/** The cells of the consent columns that are not dates, counted by column. */
export interface ConsentNotes {
  note(column: string, text: string | null): void;
  warnings(): ColumnWarning[];
}

export function noteConsents(): ConsentNotes {
  const found = new Map<string, { cells: number; text: string }>();
  return {
    note(column, text) {
      const known = found.get(column) ?? { cells: 0, text: (text ?? "").slice(0, 20) };
      known.cells++;
      found.set(column, known);
    },
    warnings: () =>
      [...found].map(([column, { cells, text }]) => {
        const meaning = column === "consent_biometric" ? "on which consent was given" : "on which it ends";
        const advice =
          isYesText(text) || isNoText(text)
            ? "A yes or no does not show when consent was given; write the date."
            : "Write dates as 2026-03-31, one way in the whole column.";
        const received = `${cells} other cell${cells === 1 ? "" : "s"}, such as ${JSON.stringify(text)}`;
        const message = `Expected the date ${meaning} in ${column} but received ${received}: these customers get the default photo. ${advice}`;
        return { column, cells, message };
      }),
  };
}
