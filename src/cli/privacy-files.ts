import { resolve } from "node:path";
import { type CampaignPrivacy, loadRules } from "../campaign/index.ts";
import { wrongUse } from "../core/index.ts";
import { findKnownRuns } from "../handover/index.ts";
import {
  AUDIT_NAME,
  type AuditAction,
  type AuditLog,
  actorOf,
  findVault,
  hasAuditLog,
  hasRegistry,
  type NewAuditEntry,
  openAudit,
  openPrivacyFolder,
  type PrivacyFolder,
  privacyFiles,
  REGISTRY_NAME,
} from "../trust/index.ts";
import type { Output } from "./output.ts";
import type { PrivacyFlags } from "./privacy-flags.ts";

export { type PrivacyFlags, withPrivacyFlags } from "./privacy-flags.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs an action with the privacy files of the flags.
 *
 * @param origin `made`: created if missing; `found`: they must exist, because new ones would have nothing to
 * read or check; `ofCampaign` (default): created only where a campaign places them, so that a withdrawal is
 * not recorded in a mistyped folder
 */
export async function withPrivacyFiles<T>(
  flags: PrivacyFlags,
  env: Environment,
  action: (files: PrivacyFolder) => Promise<T>,
  origin: "made" | "found" | "ofCampaign" = "ofCampaign",
): Promise<T> {
  const { folder, database } = await privacyPlace(flags);
  const mayBeNew = origin === "made" || (origin === "ofCampaign" && flags.privacy === undefined);
  if (!mayBeNew && database === null) requirePrivacyFiles(folder);
  const vault = await findVault({ keyFile: flags.keyFile, env });
  const files = await openPrivacyFolder(folder, { vault, actor: actorOf(env), database });
  try {
    return await action(files);
  } finally {
    files.close();
  }
}

function requirePrivacyFiles(folder: string): void {
  if (hasRegistry(folder) || hasAuditLog(folder)) return;
  throw wrongUse(
    `${REGISTRY_NAME} or ${AUDIT_NAME} in ${folder}`,
    "neither",
    "Check the folder. `lookalike consent import` creates a registry, and so does the first `generate` of a campaign with a privacy section.",
  );
}

async function privacyPlace({
  campaign,
  privacy,
}: PrivacyFlags): Promise<Pick<CampaignPrivacy, "folder" | "database">> {
  if (privacy !== undefined) return { folder: resolve(privacy), database: null };
  if (campaign !== undefined) return (await loadRules(campaign)).privacy;
  throw wrongUse(
    "--campaign or --privacy",
    "neither",
    `Name the campaign, or the folder with ${REGISTRY_NAME} and ${AUDIT_NAME}.`,
  );
}

/** The output folders: those on the command line and those in the audit log; reports missing ones. */
export function knownRuns(
  audit: AuditLog,
  named: readonly string[] | undefined,
  output: Output,
): readonly string[] {
  const { outs, missing, exports } = findKnownRuns(audit, named ?? []);
  for (const out of missing) {
    output.say(
      `note: the run in ${out} does not exist any more; if it was moved, pass its folder with --out`,
    );
  }
  for (const to of exports) output.say(`note: ${to} contains exports; delete them yourself`);
  return outs;
}

/**
 * Records an action in the audit log: that of the given folder, else of the campaign, else of the folder
 * `privacy` next to `near`. If there is none, nothing is recorded.
 */
export async function recordAction(
  action: AuditAction,
  detail: NonNullable<NewAuditEntry["detail"]>,
  { flags, env, near, customerId }: NoteOptions,
): Promise<void> {
  const folder = await loggedFolder(flags, near);
  if (folder === null) return;
  const vault = await findVault({ keyFile: flags.keyFile, env });
  const audit = openAudit(privacyFiles(folder).audit, { vault, actor: actorOf(env) });
  try {
    audit.append(action, { customerId, detail });
  } finally {
    audit.close();
  }
}

interface NoteOptions {
  readonly flags: PrivacyFlags;
  readonly env: Environment;
  readonly near?: string | undefined;
  /** The customer concerned. */
  readonly customerId?: string | undefined;
}

async function loggedFolder(
  { campaign, privacy }: PrivacyFlags,
  near: string | undefined,
): Promise<string | null> {
  if (privacy !== undefined) return resolve(privacy);
  if (campaign !== undefined) {
    const { privacy: rules } = await loadRules(campaign);
    return hasPrivacyFiles(rules) ? rules.folder : null;
  }
  if (near === undefined) return null;
  const beside = resolve(near, "..", "privacy");
  return hasAuditLog(beside) ? beside : null;
}

/** Whether a campaign's registry must be used: it is declared, or it exists. */
function hasPrivacyFiles({ isDeclared, folder }: CampaignPrivacy): boolean {
  return isDeclared || hasRegistry(folder);
}
