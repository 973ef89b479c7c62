import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { type AuditAction, type AuditLog, openAudit } from "../audit/log.ts";
import { privacyFiles } from "../privacy-files.ts";
import type { Vault } from "../vault.ts";

/** Actions that are possible before a campaign has a registry; a run records whether it used one. */
const WITHOUT_REGISTRY: ReadonlySet<string> = new Set<AuditAction>([
  "index",
  "train",
  "rekey",
  "review",
  "decision.explain",
  "face.compute",
  "run.finish",
  "journal",
]);

/**
 * Rejects a missing registry if the audit log next to it shows that it existed: a new one would undo every
 * withdrawal and accept erased people again.
 *
 * @param path of the registry
 * @throws ERR_CONSENTS_REQUIRED, and the errors of `openAudit`
 */
export function requireNotLost(path: string, vault: Pick<Vault, "databaseKey"> | null): void {
  requireNotMoving(path);
  if (!existsSync(path) && existsSync(movedFile(path))) {
    throw new LookalikeError(
      "ERR_CONSENTS_REQUIRED",
      `Expected the consent registry at ${path} but it was moved to PostgreSQL`,
      { hint: "Set privacy.database in the campaign to the address of that PostgreSQL." },
    );
  }
  const log = privacyFiles(dirname(path)).audit;
  if (existsSync(path) || !existsSync(log)) return;
  const audit = openAudit(log, { vault, actor: "registry" });
  try {
    if (!tellsOfRegistry(audit)) return;
  } finally {
    audit.close();
  }
  throw new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected the consent registry at ${path}, which ${log} names, but found none`,
    {
      hint: "Restore it from a backup: a new registry would undo every withdrawal and erasure. Without a backup, move audit.db to another place as evidence, and import all consents and withdrawals again.",
    },
  );
}

/** Name of a registry's file during its move to PostgreSQL, and afterwards. */
export const movingFile = (path: string) => `${path}.moving`;
export const movedFile = (path: string) => `${path}.moved`;

/** @throws ERR_CONSENTS_REQUIRED a move was interrupted, so neither place is sure to have all records */
export function requireNotMoving(path: string): void {
  if (!existsSync(movingFile(path))) return;
  throw new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected the consent registry at ${path} but a move to PostgreSQL is not finished`,
    { hint: "Wait for `lookalike consent move`, or run it again: it resumes." },
  );
}

/**
 * Whether the log shows that a registry existed. Entries that were pruned or are missing may have been of any
 * kind.
 */
function tellsOfRegistry(audit: AuditLog): boolean {
  let next = 1;
  for (const { seq, action, detail } of audit.entries()) {
    const isWithout = action === "run.start" ? detail.registry === null : WITHOUT_REGISTRY.has(action);
    if (seq !== next || !isWithout) return true;
    next++;
  }
  return audit.head().seq >= next;
}
