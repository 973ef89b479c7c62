import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { rekeyNetwork } from "../../customers/index.ts";
import { isGalleryUnder, rekeyGallery } from "../../gallery/index.ts";
import { findKnownRuns, lockRun, RECORDS_NAMES, resealDecisions, runFiles } from "../../handover/index.ts";
import { isUnderKey, rekeySqlite, type StoreNames } from "../../io/sqlite/index.ts";
import type { Vault } from "../../trust/index.ts";
import {
  ACCESS_NAMES,
  AUDIT_NAMES,
  CONSENT_NAMES,
  openAudit,
  privacyFiles,
  requireNotLost,
} from "../../trust/index.ts";
import type { Campaign } from "../types.ts";

export interface RekeyOptions {
  readonly campaign: Campaign;
  /** Output folders of `generate`, in addition to those in the audit log. */
  readonly outs: readonly string[];
  /** null: not encrypted. */
  readonly from: Vault | null;
  readonly to: Vault | null;
  readonly actor: string;
}

/**
 * Encrypts all personal data of a campaign, changes its key, or decrypts it: gallery, consents, kept months
 * of ties, audit log and decisions. Data under the new key is skipped, so run it again to finish a killed
 * change. No other process may use the files meanwhile.
 *
 * @returns the files that changed
 * @throws ERR_CONSENTS_REQUIRED, ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_GALLERY_BUSY, ERR_STORE_BUSY,
 * ERR_RUN_BUSY, ERR_OUTPUT_UNWRITABLE
 */
export async function rekeyAll({
  campaign,
  outs,
  from,
  to,
  actor,
}: RekeyOptions): Promise<readonly string[]> {
  const changed: string[] = [];
  const { audit: auditPath, consents: registryPath } = privacyFiles(campaign.privacy.folder);
  const logVault = existsSync(auditPath) ? vaultOfLog(auditPath, { from, to }) : null;
  if (campaign.privacy.database === null) requireNotLost(registryPath, logVault);
  const runs = existsSync(auditPath) ? runsInLog(auditPath, outs, logVault) : outs;
  const { gallery } = campaign.inputs;
  if (existsSync(join(gallery, "gallery.db")) && !isGalleryUnder(gallery, to)) {
    await rekeyGallery(gallery, from, to);
    changed.push(join(gallery, "gallery.db"));
  }
  const rekeyStore = async (path: string, names: StoreNames) => {
    if (!existsSync(path) || isUnderKey(path, { names, key: to?.databaseKey })) return;
    await rekeySqlite(path, { names, key: from?.databaseKey }, to?.databaseKey);
    changed.push(path);
  };
  await rekeyStore(registryPath, CONSENT_NAMES);
  changed.push(...(await rekeyNetwork({ folder: privacyFiles(campaign.privacy.folder).network, from, to })));
  await rekeyStore(auditPath, AUDIT_NAMES);
  await rekeyStore(privacyFiles(campaign.privacy.folder).access, ACCESS_NAMES);
  for (const out of runs) {
    const { decisions, records } = runFiles(out);
    if (await rekeyRun(out, from, to)) changed.push(decisions);
    await rekeyStore(records, RECORDS_NAMES);
  }
  if (existsSync(auditPath)) {
    const audit = openAudit(auditPath, { vault: to, actor });
    audit.append("rekey", { detail: { files: changed.length, key: to?.keyId ?? "none" } });
    audit.close();
  }
  return changed;
}

/** The log's key. After a killed change it may already have its new key. */
function vaultOfLog(path: string, { from, to }: Pick<RekeyOptions, "from" | "to">): Vault | null {
  return isUnderKey(path, { names: AUDIT_NAMES, key: to?.databaseKey }) ? to : from;
}

function runsInLog(path: string, named: readonly string[], vault: Vault | null): readonly string[] {
  const audit = openAudit(path, { vault, actor: "rekey" });
  try {
    return findKnownRuns(audit, named).outs;
  } finally {
    audit.close();
  }
}

/** Decisions of an interrupted run are dropped: the run starts again under the new key. */
async function rekeyRun(out: string, from: Vault | null, to: Vault | null): Promise<boolean> {
  if (!existsSync(out)) return false;
  const lock = await lockRun(out);
  try {
    const isChanged = await resealDecisions(runFiles(out).decisions, from, to);
    const { partial, fingerprint } = runFiles(out);
    for (const path of [partial, fingerprint]) await rm(path, { force: true });
    return isChanged;
  } finally {
    lock.release();
  }
}
