import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AdPhoto, createRenderer, createTypesetter } from "../ads/index.ts";
import { type Campaign, type CampaignOffer, loadCampaign, plainCopy } from "../campaign/index.ts";
import { expected, LookalikeError } from "../core/index.ts";
import { createFaceEngine } from "../faces/index.ts";
import { hashFile, writeFileAtomic } from "../io/files.ts";
import { makeScratch } from "../io/scratch.ts";
import type { AddCommand } from "./command.ts";
import { type EngineFlags, engineOptions, withEngineFlags } from "./engine-flags.ts";
import { EXIT } from "./output.ts";
import { drawPreview } from "./preview-sheet.ts";

interface PreviewFlags extends EngineFlags {
  readonly campaign: string;
  readonly out: string;
  readonly offer?: string;
  readonly photo?: string;
  readonly template?: string;
  readonly json?: boolean;
}

/** `lookalike preview`: one ad in all channels of a campaign, on one sheet. */
export const addPreview: AddCommand = (program, run) => {
  withEngineFlags(
    program
      .command("preview")
      .requiredOption("--campaign <yaml>", "the campaign")
      .requiredOption("--out <png>", "the sheet")
      .option("--offer <id>", "the offer (default: the campaign's first)")
      .option("--photo <file>", "the photo (default: the campaign's default photo)")
      .option("--template <name>", "a built-in template or a file of your own (default: panel)")
      .option("--json", "print what was drawn as JSON on stdout"),
  ).action(async (flags: PreviewFlags) =>
    run(flags, async ({ output, signal }) => {
      const campaign = await loadCampaign(flags.campaign);
      const offer = offerOf(campaign, flags.offer);
      const photo = await describePhoto(flags.photo ?? campaign.photos.default, flags);
      const typesetter = await createTypesetter(campaign.brand.fonts);
      const folder = makeScratch(tmpdir());
      try {
        const { brand, channels } = campaign;
        const { template } = flags;
        const renderer = await createRenderer({ out: folder, brand, channels, template, typesetter });
        const copy = plainCopy(offer);
        const ad = await renderer.render({ copy, photo }, { signal });
        const files = ad.creatives.map(({ file }) => join(folder, file));
        await writeFileAtomic(resolve(flags.out), await drawPreview(ad.creatives, files, typesetter));
        for (const { channel, message } of ad.warnings) output.say(`note: ${channel}: ${message}`);
        output.say(`${offer.id} in ${channels.length} channels, drawn on ${flags.out}`);
        const creatives = ad.creatives.map(({ file, ...creative }, index) => ({
          ...creative,
          alt: ad.alts[index],
        }));
        await output.result({
          offer: offer.id,
          photo: photo.path,
          creatives,
          warnings: ad.warnings,
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      return EXIT.done;
    }),
  );
};

function offerOf({ offers }: Campaign, id: string | undefined): CampaignOffer {
  const offer = id === undefined ? offers[0] : offers.find((known) => known.id === id);
  if (offer) return offer;
  const ids = offers.map((known) => known.id).join(", ");
  throw new LookalikeError("ERR_OPTION_INVALID", expected("an offer of the campaign", "--offer", id), {
    hint: `Choose one of: ${ids}.`,
  });
}

/** The most prominent face leads, as a matched one would. */
async function describePhoto(path: string, flags: EngineFlags): Promise<AdPhoto> {
  const engine = await createFaceEngine(engineOptions(flags));
  try {
    const { width, height, faces } = await engine.describe(path);
    return {
      path,
      hash: await hashFile(path),
      width,
      height,
      faces: faces.map(({ box, landmarks }) => ({ box, landmarks })),
      leadFace: faces.length === 0 ? null : 0,
      focus: null,
    };
  } finally {
    await engine.close();
  }
}
