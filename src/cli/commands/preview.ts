import { resolve } from "node:path";
import { loadCampaign, type Preview, previewAd } from "../../campaign/index.ts";
import { isLookalikeError } from "../../core/index.ts";
import { type Gallery, openGallery, SIDEWAYS_DEGREES, TILTED_DEGREES } from "../../gallery/index.ts";
import { writeFileAtomic } from "../../io/files.ts";
import { findVault, type Vault } from "../../trust/index.ts";
import { warnOfColors } from "../brand-colors.ts";
import type { AddCommand } from "../command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "../engine-flags.ts";
import { EXIT, type Output } from "../output.ts";
import { requireReplaceable } from "../output-files.ts";
import { type KeyFlags, withKeyFlag } from "../privacy-flags.ts";

interface PreviewFlags extends EngineFlags, KeyFlags {
  readonly campaign: string;
  readonly out: string;
  readonly offer?: string;
  readonly photo?: string;
  readonly template?: string;
  readonly allTemplates?: boolean;
  readonly json?: boolean;
}

/** `lookalike preview`: draws one ad in all channels of a campaign, on one sheet. */
export const addPreview: AddCommand = (program, run) => {
  withKeyFlag(
    withEngineFlags(
      program
        .command("preview")
        .requiredOption("--campaign <yaml>", "the campaign")
        .requiredOption("--out <png>", "the sheet")
        .option("--offer <id>", "the offer (default: the campaign's first)")
        .option("--photo <file>", "the photo (default: the campaign's default photo)")
        .option("--template <name>", "a built-in template or the path of your own (default: the campaign's)")
        .option("--all-templates", "draw the ad in every built-in template")
        .option("--json", "print what was drawn as JSON on stdout"),
    ),
  ).action(async (flags: PreviewFlags) =>
    run(flags, async ({ output, signal, env, engineOf }) => {
      await requireReplaceable(flags.out, "png");
      const campaign = await loadCampaign(flags.campaign);
      warnOfColors(campaign, output);
      const engine = await engineOf(engineOptions(flags));
      const vault = await findVault({ keyFile: flags.keyFile, env });
      const gallery = await openIndexed(campaign.inputs.gallery, { vault, output });
      try {
        const { offer: wanted, photo: path, template, allTemplates } = flags;
        const request = { offer: wanted, photo: path, template, allTemplates };
        const { offer, photo, ads, sheet } = await previewAd({
          campaign,
          engine,
          gallery,
          ...request,
          signal,
        });
        await writeFileAtomic(resolve(flags.out), sheet);
        sayTilt(photo, output);
        for (const { template: name, ad } of ads) {
          const of = ads.length > 1 ? `${name}, ` : "";
          for (const { channel, message } of ad.warnings) output.say(`note: ${of}${channel}: ${message}`);
        }
        output.say(`${offer.id} in ${campaign.channels.length} channels, drawn on ${flags.out}`);
        for (const { template: name, ad } of ads) {
          const creatives = ad.creatives.map(({ file, ...creative }, index) => ({
            ...creative,
            alt: ad.alts[index],
          }));
          const of = ads.length > 1 ? { template: name } : {};
          await output.result({
            offer: offer.id,
            photo: photo.path,
            ...of,
            creatives,
            warnings: ad.warnings,
          });
        }
      } finally {
        await gallery?.close();
        await engine.close();
      }
      return EXIT.done;
    }),
  );
};

/**
 * Reports the tilt of a photo. Photos that are turned, or should be, have warnings of their own in each ad.
 */
function sayTilt({ path, rollDegrees = 0 }: Preview["photo"], output: Output): void {
  const tilt = Math.abs(rollDegrees);
  if (tilt <= TILTED_DEGREES || tilt > SIDEWAYS_DEGREES) return;
  output.say(
    `note: ${path} is tilted by ${Math.round(rollDegrees)} degrees: straighten it if that is not intended`,
  );
}

/** Opens the gallery if possible. Without it, or without its key, no focus point is known. */
async function openIndexed(
  folder: string,
  { vault, output }: { readonly vault: Vault | null; readonly output: Output },
): Promise<Gallery | null> {
  try {
    return await openGallery(folder, { mustExist: true, vault });
  } catch (error) {
    if (!isLookalikeError(error)) throw error;
    if (error.code === "ERR_GALLERY_NOT_FOUND") return null;
    if (error.code !== "ERR_KEY_REQUIRED") throw error;
    output.say(
      "note: the gallery is encrypted: without --key-file the ad may be cropped in another way than in generate",
    );
    return null;
  }
}
