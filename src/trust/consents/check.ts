import {
  canonicalId,
  type ErrorCode,
  expected,
  expectedTerritory,
  LookalikeError,
  parseTerritory,
} from "../../core/index.ts";
import { type ConsentRecord, METHODS, PURPOSES } from "./types.ts";

/**
 * A consent dated further ahead of the clock than this has a wrong date; smaller differences are clock skew.
 */
export const CLOCK_SKEW_MS = 10 * 60_000;

/**
 * @param at the present moment
 * @param code of the error: a row's code during an import, an option's code in the library
 */
export function checkRecord(
  record: ConsentRecord,
  at: Date,
  code: ErrorCode = "ERR_OPTION_INVALID",
): ConsentRecord {
  const refuse = (what: string, name: string, received: unknown) => {
    throw new LookalikeError(code, expected(what, name, received), {
      hint: "See docs/privacy.md for the fields of a consent record.",
    });
  };
  const { customerId, purpose, givenAt, method, expiresAt, jurisdiction, notice } = record;
  if (typeof customerId !== "string" || canonicalId(customerId) === "")
    refuse("an id", "customer_id", customerId);
  if (!PURPOSES.includes(purpose)) refuse(`one of ${PURPOSES.join(", ")}`, "purpose", purpose);
  if (!METHODS.includes(method)) refuse(`one of ${METHODS.join(", ")}`, "method", method);
  if (!Number.isFinite(givenAt.getTime())) refuse("a date", "given_at", isoOf(givenAt));
  if (givenAt.getTime() > at.getTime() + CLOCK_SKEW_MS) refuse("a past date", "given_at", isoOf(givenAt));
  if (expiresAt !== null && !(expiresAt.getTime() > givenAt.getTime())) {
    refuse("a date after given_at", "expires_at", isoOf(expiresAt));
  }
  if (jurisdiction !== null && parseTerritory(jurisdiction) !== jurisdiction) {
    refuse(expectedTerritory(jurisdiction), "jurisdiction", jurisdiction);
  }
  if (notice !== null && (notice.trim() === "" || notice.length > 100)) {
    refuse("a version of at most 100 characters", "notice_version", notice);
  }
  return record;
}

/** The date in ISO 8601; an invalid date is shown as such. */
function isoOf(date: Date): string {
  return Number.isFinite(date.getTime()) ? date.toISOString() : String(date);
}
