import { dirname } from "node:path";
import { forgetAmong, forgetInNetwork } from "../../customers/index.ts";
import {
  type AuditLog,
  type ConsentRegistry,
  type Purpose,
  privacyFiles,
  type Vault,
} from "../../trust/index.ts";

export interface WithdrawOptions {
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  readonly vault?: Vault | null | undefined;
  /** Only this purpose; default: all. */
  readonly purpose?: Purpose | undefined;
  readonly at: Date;
  /** Further details for the audit log. */
  readonly detail?: Readonly<Record<string, string>> | undefined;
}

/**
 * Withdraws a customer's consent from now on, in every process, and removes their ties from the kept months.
 *
 * @returns whether the registry had a consent
 * @throws ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG; the withdrawal is recorded
 * before
 */
export async function withdrawConsent(customerId: string, options: WithdrawOptions): Promise<boolean> {
  const { consents, audit, vault = null, purpose, at, detail = {} } = options;
  const known = consents.withdraw(customerId, { at, purpose });
  audit.append("consent.withdraw", { customerId, detail: { purpose: purpose ?? "all", ...detail, known } });
  if (purpose === undefined || purpose === "network") {
    await forgetInNetwork(customerId, { folder: networkOf(audit), vault });
  }
  return known;
}

/**
 * Removes the kept ties of all people who have withdrawn from the purpose `network`, for example after an
 * import of withdrawals.
 *
 * @returns the number of removed rows
 * @throws ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE, ERR_KEY_REQUIRED, ERR_KEY_WRONG
 */
export function sweepNetwork({
  consents,
  audit,
  vault = null,
  at,
}: Pick<WithdrawOptions, "consents" | "audit" | "vault" | "at">): Promise<number> {
  const ask = {
    purpose: "network",
    crm: { status: "missing" },
    crmConsent: "ignore",
    jurisdiction: null,
  } as const;
  return forgetAmong({ folder: networkOf(audit), vault }, (ids) => {
    const erased = consents.erasedAmong(ids);
    return ids.filter((id) => erased.has(id) || consents.status(id, { ...ask, at }).status === "withdrawn");
  });
}

/**
 * Folder of the kept months of ties: next to the audit log, which is a file even if the registry is in
 * PostgreSQL.
 */
export function networkOf({ path }: Pick<AuditLog, "path">): string {
  return privacyFiles(dirname(path)).network;
}
