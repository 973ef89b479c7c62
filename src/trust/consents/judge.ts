import { findRule, shortfall } from "./jurisdictions.ts";
import type { Consent, JudgeOptions, KeptConsent } from "./types.ts";

/**
 * Whether a face may be computed, from all that is known of a customer: the best of the records decides, a
 * withdrawal beats everything older than itself and the customers' file altogether, and what the law of the place
 * asks must be shown by the record. A withdrawal counts from when it is known, even if its date lies ahead of the
 * clock.
 *
 * @param records of the purpose `face_matching`
 * @param withdrawnAt the last withdrawal of that purpose; null: none
 */
export function judgeConsent(
  records: readonly KeptConsent[],
  withdrawnAt: Date | null,
  options: JudgeOptions,
): Consent {
  const { jurisdiction, at } = options;
  const verdicts = records.map((record) => judgeRecord(closed(record, withdrawnAt), jurisdiction, at));
  verdicts.push(withdrawnAt === null ? judgeCrm(options) : { status: "withdrawn", withdrawnAt });
  return verdicts.reduce((best, verdict) => (rank(verdict) < rank(best) ? verdict : best), {
    status: "missing",
  });
}

/** A record that came in after a withdrawal but is older than it was taken back by it too. */
function closed(record: KeptConsent, withdrawnAt: Date | null): KeptConsent {
  const isOlder = withdrawnAt !== null && record.givenAt.getTime() <= withdrawnAt.getTime();
  return isOlder ? { ...record, withdrawnAt: record.withdrawnAt ?? withdrawnAt } : record;
}

function judgeRecord(record: KeptConsent, jurisdiction: string | null, at: Date): Consent {
  const { givenAt, expiresAt, withdrawnAt } = record;
  if (withdrawnAt !== null) return { status: "withdrawn", withdrawnAt };
  if (givenAt.getTime() > at.getTime()) return { status: "future", givenAt };
  if (expiresAt !== null && expiresAt.getTime() <= at.getTime()) return { status: "expired", expiresAt };
  const lacking = shortfall(record, findRule(jurisdiction ?? record.jurisdiction), at);
  return lacking === null ? { status: "given", givenAt, expiresAt } : { status: "insufficient", lacking };
}

function judgeCrm({ crm, crmConsent = "by_law", jurisdiction, at }: JudgeOptions): Consent {
  if (crmConsent === "ignore") return { status: "missing" };
  if (crm.status !== "given") return crm;
  // The file was read some time ago.
  const { expiresAt } = crm;
  if (expiresAt !== null && expiresAt.getTime() <= at.getTime()) return { status: "expired", expiresAt };
  if (crmConsent === "accept") return crm;
  const bareDate = { notice: null, method: "crm", givenAt: crm.givenAt } as const;
  const lacking = shortfall(bareDate, findRule(jurisdiction), at);
  return lacking === null ? crm : { status: "insufficient", lacking };
}

/** One valid consent is enough; among reasons against, the one that says most. */
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
