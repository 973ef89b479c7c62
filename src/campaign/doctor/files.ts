import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { openGallery } from "../../gallery/index.ts";
import {
  findVault,
  openAudit,
  openRegistry,
  privacyFiles,
  requireNotLost,
  type Vault,
} from "../../trust/index.ts";
import { loadCampaign } from "../file/load.ts";
import type { CampaignPrivacy } from "../types.ts";
import { checkDisk } from "./install.ts";
import { attempt, type Finding, note, ok } from "./types.ts";

export interface FileQuestion {
  readonly campaign: string | undefined;
  readonly gallery: string | undefined;
  readonly keyFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Checks key, campaign, registry, log and gallery, if they are given. */
export async function examineFiles(question: FileQuestion): Promise<readonly Finding[]> {
  const { keyFile, env } = question;
  const findings = [await checkKey(keyFile, env)];
  const vault = await findVault({ keyFile, env }).catch((): Vault | null => null);
  if (question.campaign !== undefined) {
    findings.push(await checkCampaign(question.campaign));
    const campaign = await loadCampaign(question.campaign).catch(() => null);
    if (campaign !== null) {
      findings.push(await checkDisk(campaign.folder));
      const { privacy, inputs } = campaign;
      findings.push(await checkPrivacy(privacy, vault));
      if (question.gallery === undefined) findings.push(await checkGallery(inputs.gallery, vault));
    }
  }
  if (question.gallery !== undefined) findings.push(await checkGallery(question.gallery, vault));
  return findings;
}

function checkKey(
  keyFile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding> {
  return attempt("key", "Make a key with `lookalike key new <file>`.", async () => {
    const vault = await findVault({ keyFile, env });
    if (vault === null) {
      return note(
        "key",
        "none: gallery, consents and decisions are not encrypted",
        "Make a key with `lookalike key new <file>` and encrypt with `lookalike rekey`.",
      );
    }
    const path = keyFile ?? env.LOOKALIKE_KEY_FILE;
    const mode = path === undefined ? 0 : (await stat(path)).mode & 0o077;
    if (mode !== 0 && process.platform !== "win32") {
      return note("key", `${vault.keyId}, but others can read ${path}`, `chmod 600 ${path}`);
    }
    return ok("key", vault.keyId);
  });
}

function checkCampaign(path: string): Promise<Finding> {
  return attempt("campaign", "docs/campaign.md describes every key.", async () => {
    const { name, offers, channels, privacy } = await loadCampaign(path);
    const about = `${name}: ${offers.length} offers, ${channels.length} channels`;
    if (privacy.isDeclared) return ok("campaign", about);
    return note("campaign", `${about}; no privacy section`, "docs/privacy.md describes the section.");
  });
}

function checkGallery(folder: string, vault: Vault | null): Promise<Finding> {
  return attempt("gallery", "Index the inventory: lookalike index <photos> --gallery <dir>", async () => {
    if (!existsSync(join(folder, "gallery.db"))) {
      return note("gallery", `none at ${folder}`, "Create one: lookalike index <photos> --gallery <dir>");
    }
    const gallery = await openGallery(folder, { mustExist: true, vault });
    try {
      const { faces, reason } = await gallery.search();
      let missing = 0;
      for await (const { path } of gallery.photos()) if (!existsSync(path)) missing++;
      const about = `${faces} faces; ${reason}`;
      if (missing === 0) return ok("gallery", about);
      return note(
        "gallery",
        `${about}; ${missing} photos are missing on the disk`,
        "Run `lookalike index` again.",
      );
    } finally {
      await gallery.close();
    }
  });
}

/** Creates no files: a lost registry must not be replaced by an empty one. */
function checkPrivacy(
  { folder, isDeclared, database }: CampaignPrivacy,
  vault: Vault | null,
): Promise<Finding> {
  return attempt("privacy files", "Restore them from a backup.", async () => {
    const { consents: registry, audit: log } = privacyFiles(folder);
    if (database === null) requireNotLost(registry, vault);
    if (database === null && !existsSync(registry)) {
      if (!isDeclared) return ok("privacy files", "none, and the campaign needs none");
      return note(
        "privacy files",
        `no consent registry at ${registry}`,
        "The first `lookalike consent import` or `generate` creates one; if one existed, restore it from a backup.",
      );
    }
    const consents = await openRegistry(folder, { vault, database });
    const { records, erased } = consents.stats();
    consents.close();
    const about = `${records} consents, ${erased} erased`;
    return existsSync(log)
      ? checkLog(log, vault, about)
      : note("privacy files", `${about}; no audit log at ${log}`, "The next command creates one.");
  });
}

function checkLog(path: string, vault: Vault | null, about: string): Finding {
  const audit = openAudit(path, { vault, actor: "doctor" });
  try {
    const check = audit.verify();
    if (check.status === "intact")
      return ok("privacy files", `${about}; audit log of ${check.entries} intact`);
    const detail = `the audit log is broken (${check.problem}) at entry ${check.seq}`;
    return { name: "privacy files", status: "wrong", detail, hint: "Keep the file as evidence." };
  } finally {
    audit.close();
  }
}
