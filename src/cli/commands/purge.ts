import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type Campaign,
  loadRules,
  type PurgeReport,
  purgeExpired,
  retentionPolicy,
} from "../../campaign/index.ts";
import { type Gallery, openGallery } from "../../gallery/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT } from "../output.ts";
import { knownRuns, withPrivacyFiles } from "../privacy-files.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface PurgeFlags extends KeyFlags {
  readonly campaign: string;
  readonly out?: readonly string[];
  readonly dryRun?: boolean;
  readonly policy?: boolean;
  readonly json?: boolean;
}

/** `lookalike purge`: removes data older than the campaign's retention. */
export const addPurge: AddCommand = (program, run) => {
  withKeyFlag(
    program.command("purge").requiredOption("--campaign <yaml>", "the campaign, for its privacy.retention"),
  )
    .option("--out <dir...>", "output folders of generate, in addition to those in the audit log")
    .option("--dry-run", "only count what would be removed")
    .option("--policy", "print the retention policy as text instead")
    .option("--json", "print the counts on stdout as JSON")
    .action(async (flags: PurgeFlags) =>
      run(flags, async ({ output, env }) => {
        const campaign = await loadRules(flags.campaign);
        if (flags.policy) {
          const policy = retentionPolicy(campaign);
          if (!output.json) output.text(policy);
          await output.result({ policy });
          return EXIT.done;
        }
        return withPrivacyFiles(flags, env, async ({ consents, audit, vault }) => {
          const gallery = await openIfThere(campaign, vault);
          try {
            const { retention } = campaign.privacy;
            const { dryRun } = flags;
            const outs = knownRuns(audit, flags.out, output);
            const report = await purgeExpired({ retention, consents, audit, gallery, outs, vault, dryRun });
            output.say(`${dryRun ? "Would remove" : "Removed"}: ${describe(report)}`);
            await output.result({ ...report, dryRun: dryRun === true });
            return EXIT.done;
          } finally {
            await gallery?.close();
          }
        });
      }),
    );
};

async function openIfThere(
  { inputs }: Campaign,
  vault: Parameters<typeof purgeExpired>[0]["vault"],
): Promise<Gallery | null> {
  return existsSync(join(inputs.gallery, "gallery.db")) ? openGallery(inputs.gallery, { vault }) : null;
}

function describe({ runs, creatives, consents, photos, auditEntries }: PurgeReport): string {
  return `decisions of ${runs} runs, ${creatives} creatives, ${consents} consents, ${photos} photos, ${auditEntries} audit entries`;
}
