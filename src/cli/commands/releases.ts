import { type Circulation, findCirculation, loadRules } from "../../campaign/index.ts";
import { openGallery } from "../../gallery/index.ts";
import { findVault } from "../../trust/index.ts";
import type { AddCommand } from "../command.ts";
import { EXIT, type Output } from "../output.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface ReleasesFlags extends KeyFlags {
  readonly campaign: string;
  readonly gallery?: string;
  readonly out?: readonly string[];
  readonly json?: boolean;
}

/** `lookalike releases`: lists photos that may no longer be shown, and the creatives in circulation. */
export const addReleases: AddCommand = (program, run) => {
  withKeyFlag(
    program
      .command("releases")
      .requiredOption("--campaign <yaml>", "the campaign, for its territory and medium"),
  )
    .option("--gallery <dir>", "the gallery (default: the campaign's)")
    .option("--out <dir...>", "output folders of generate to search for creatives")
    .option("--json", "print the photos on stdout as JSON Lines")
    .action(async (flags: ReleasesFlags) =>
      run(flags, async ({ output, env }) => {
        const campaign = await loadRules(flags.campaign);
        const vault = await findVault({ keyFile: flags.keyFile, env });
        const gallery = await openGallery(flags.gallery ?? campaign.inputs.gallery, {
          mustExist: true,
          vault,
        });
        try {
          const { photos } = campaign;
          const outs = flags.out ?? [];
          const found = await findCirculation({ gallery, outs, photos, at: new Date(), vault });
          for (const entry of found) await reportPhoto(entry, output);
          output.say(`Photos that were erased or whose release is not valid: ${found.length}`);
          return found.length > 0 ? EXIT.refused : EXIT.done;
        } finally {
          await gallery.close();
        }
      }),
    );
};

async function reportPhoto(entry: Circulation, output: Output): Promise<void> {
  const { photo, because, releaseId, copyOf, creatives, customers } = entry;
  const release = because === "erased" ? "" : `, release ${releaseId || "without id"}`;
  const original = copyOf === undefined ? "" : `, a copy of ${copyOf}`;
  output.say(`${photo}  ${because}${release}${original}`);
  for (const file of creatives) output.say(`  take down ${file}`);
  if (customers > 0) output.say(`  ${customers} customers were shown it`);
  const copy_of = copyOf ?? null;
  await output.result({ photo, because, release_id: releaseId, copy_of, creatives, customers });
}
