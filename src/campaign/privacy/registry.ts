import { existsSync } from "node:fs";
import { isLookalikeError, LookalikeError, wrongUse } from "../../core/index.ts";
import { readManifest } from "../../handover/index.ts";
import type { ConsentRegistry } from "../../trust/index.ts";
import type { Campaign } from "../types.ts";

/**
 * Rejects a run without the right consent registry. A campaign with a `privacy` section needs one. If the
 * output folder has a run that used a registry, the same registry is required: a new one would contain no
 * withdrawals.
 *
 * @throws ERR_OPTION_INVALID, ERR_CONSENTS_REQUIRED
 */
export async function requireRegistry({
  campaign,
  consents,
  out,
}: {
  readonly campaign: Campaign;
  readonly consents?: ConsentRegistry | null | undefined;
  readonly out: string;
}): Promise<void> {
  if (campaign.privacy.isDeclared && consents == null) {
    throw wrongUse(
      "the consent registry for a campaign with a privacy section",
      "none",
      "Pass consents: await openConsents(privacyFiles(campaign.privacy.folder).consents).",
    );
  }
  const used = await registryOf(out);
  if (used === null || (consents != null && (used.id ?? consents.id) === consents.id)) return;
  // The run has only the path of a possible registry, and none was created.
  if (used.id === null && !existsSync(used.file)) return;
  throw new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected the consent registry that the run in ${out} used, ${used.file}, but received ${consents == null ? "none" : "another"}`,
    {
      hint: "Restore it from a backup: another registry would undo its withdrawals and erasures. To use another registry on purpose, generate into another folder.",
    },
  );
}

/** The registry that the finished run in a folder used; null: none, or no such run. */
async function registryOf(out: string) {
  try {
    return (await readManifest(out)).consents ?? null;
  } catch (error) {
    if (isLookalikeError(error)) return null;
    throw error;
  }
}
