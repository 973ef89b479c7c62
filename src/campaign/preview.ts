import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdPhoto, createRenderer, createTypesetter, type RenderedAd } from "../ads/index.ts";
import { expected, LookalikeError } from "../core/index.ts";
import type { FaceEngine } from "../faces/index.ts";
import { hashFile } from "../io/files.ts";
import { makeScratch } from "../io/scratch.ts";
import { plainCopy } from "./copy.ts";
import { drawPreview } from "./sheets/preview.ts";
import type { Campaign, CampaignOffer } from "./types.ts";

export interface PreviewOptions {
  readonly campaign: Campaign;
  readonly engine: FaceEngine;
  /** The offer's id; default: the campaign's first. */
  readonly offer?: string | undefined;
  /** Path of the photo; default: the campaign's default photo. */
  readonly photo?: string | undefined;
  /** How the ad is laid out; default `panel`. */
  readonly template?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Preview {
  readonly offer: CampaignOffer;
  readonly photo: AdPhoto;
  readonly ad: RenderedAd;
  /** PNG bytes: the ad in every channel of the campaign. */
  readonly sheet: Buffer;
}

/**
 * Draws one offer with one photo in every channel of a campaign, on one sheet.
 *
 * @throws ERR_OPTION_INVALID the campaign has no such offer; ERR_ABORTED, and what reading the photo throws
 *
 * @example
 * const { sheet } = await previewAd({ campaign, engine, offer: "apple" });
 */
export async function previewAd(options: PreviewOptions): Promise<Preview> {
  const { campaign, template, signal } = options;
  const { brand, channels } = campaign;
  const offer = offerOf(campaign, options.offer);
  const photo = await describePhoto(options.photo ?? campaign.photos.default, options.engine);
  const typesetter = await createTypesetter(brand.fonts);
  const folder = makeScratch(tmpdir());
  try {
    const renderer = await createRenderer({ out: folder, brand, channels, template, typesetter });
    const ad = await renderer.render({ copy: plainCopy(offer), photo }, { signal });
    const files = ad.creatives.map(({ file }) => join(folder, file));
    return { offer, photo, ad, sheet: await drawPreview(ad.creatives, files, typesetter) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function offerOf({ offers }: Campaign, id: string | undefined): CampaignOffer {
  const offer = id === undefined ? offers[0] : offers.find((known) => known.id === id);
  if (offer) return offer;
  const ids = offers.map((known) => known.id).join(", ");
  throw new LookalikeError("ERR_OPTION_INVALID", expected("an offer of the campaign", "--offer", id), {
    hint: `Choose one of: ${ids}.`,
  });
}

/** The most prominent face leads, as a matched one would. */
async function describePhoto(path: string, engine: FaceEngine): Promise<AdPhoto> {
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
}
