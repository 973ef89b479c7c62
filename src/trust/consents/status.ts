import { findRule, shortfall } from "./jurisdictions.ts";
import type { Consent, ConsentQuestion, KeptConsent } from "./types.ts";

/**
 * Whether a face may be computed, from all records of a customer. The best record decides. A withdrawal
 * overrides everything older than itself, and the customers' file completely. The record must show what the
 * law of the place requires. A withdrawal is valid from when it is known, even if its date is ahead of the
 * clock.
 *
 * @param records of the purpose `face_matching`
 * @param withdrawnAt the last withdrawal of that purpose; null if there is none
 */
export function consentStatus(
  records: readonly KeptConsent[],
  withdrawnAt: Date | null,
  question: ConsentQuestion,
): Consent {
  const { jurisdiction, at } = question;
  const statuses = records.map((record) => recordStatus(closed(record, withdrawnAt), jurisdiction, at));
  statuses.push(withdrawnAt === null ? crmStatus(question) : { status: "withdrawn", withdrawnAt });
  return statuses.reduce((best, found) => (rank(found) < rank(best) ? found : best), {
    status: "missing",
  });
}

/** A record that was imported after a withdrawal but is older than it is withdrawn too. */
function closed(record: KeptConsent, withdrawnAt: Date | null): KeptConsent {
  const isOlder = withdrawnAt !== null && record.givenAt.getTime() <= withdrawnAt.getTime();
  return isOlder ? { ...record, withdrawnAt: record.withdrawnAt ?? withdrawnAt } : record;
}

function recordStatus(record: KeptConsent, jurisdiction: string | null, at: Date): Consent {
  const { givenAt, expiresAt, withdrawnAt } = record;
  if (withdrawnAt !== null) return { status: "withdrawn", withdrawnAt };
  if (givenAt.getTime() > at.getTime()) return { status: "future", givenAt };
  if (expiresAt !== null && expiresAt.getTime() <= at.getTime()) return { status: "expired", expiresAt };
  const lacking = shortfall(record, findRule(jurisdiction ?? record.jurisdiction), at);
  return lacking === null ? { status: "given", givenAt, expiresAt } : { status: "insufficient", lacking };
}

function crmStatus({ crm, crmConsent = "by_law", jurisdiction, at }: ConsentQuestion): Consent {
  if (crmConsent === "ignore") return { status: "missing" };
  if (crm.status !== "given") return crm;
  // The file was read some time ago, so the consent may have expired since.
  const { expiresAt } = crm;
  if (expiresAt !== null && expiresAt.getTime() <= at.getTime()) return { status: "expired", expiresAt };
  if (crmConsent === "accept") return crm;
  const bareDate = { notice: null, method: "crm", givenAt: crm.givenAt } as const;
  const lacking = shortfall(bareDate, findRule(jurisdiction), at);
  return lacking === null ? crm : { status: "insufficient", lacking };
}

/** One valid consent is enough; of several reasons against, the most informative one is reported. */
const ORDER: readonly Consent["status"][] = [
  "given",
  "withdrawn",
  "insufficient",
  "expired",
  "future",
  "unreadable",
  "missing",
];

function rank({ status }: Consent): number {
  return ORDER.indexOf(status);
}
