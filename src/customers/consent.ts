import { parseDate } from "../tables/index.ts";
import type { Consent } from "../trust/index.ts";

/**
 * Whether a customer's face may be computed at `now`: consent was given, not in the future, and has not expired. At
 * the very moment of expiry it is over.
 *
 * @param row the CRM's two columns as text; null or blank is missing
 * @throws ERR_ROW_DATE_INVALID
 */
export function biometricConsent(
  row: { readonly givenAt: string | null; readonly expiresAt: string | null },
  now: Date,
): Consent {
  const expiresAt = isBlank(row.expiresAt) ? null : parseDate(row.expiresAt, "consent_expires");
  if (isBlank(row.givenAt)) return { status: "missing" };
  const givenAt = parseDate(row.givenAt, "consent_biometric");
  if (givenAt.getTime() > now.getTime()) return { status: "future", givenAt };
  if (expiresAt !== null && expiresAt.getTime() <= now.getTime()) return { status: "expired", expiresAt };
  return { status: "given", givenAt, expiresAt };
}

function isBlank(text: string | null): text is null {
  return text === null || text.trim() === "";
}
