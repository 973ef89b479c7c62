import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AdPhoto, createTypesetter, type RenderedAd, TEMPLATES } from "../ads/index.ts";
import { invalidOption } from "../core/index.ts";
import type { FaceEngine } from "../faces/index.ts";
import type { Gallery } from "../gallery/index.ts";
import { makeScratch } from "../io/scratch.ts";
import { describeAdPhoto } from "./drawing/ad-photo.ts";
import { plainCopy, plainExtras } from "./drawing/copy.ts";
import { createCampaignRenderer } from "./drawing/renderer.ts";
import { drawPreview, type PreviewSection } from "./sheets/preview.ts";
import type { Campaign, CampaignOffer } from "./types.ts";

export interface PreviewOptions {
  readonly campaign: Campaign;
  readonly engine: FaceEngine;
  /** The indexed inventory, for the focus points and rights of its photos; default: none. */
  readonly gallery?: Gallery | null | undefined;
  /** The offer's id; default: the campaign's first. */
  readonly offer?: string | undefined;
  /** Path of the photo; default: the campaign's default photo. */
  readonly photo?: string | undefined;
  /** Template of the ad; default: the campaign's, else `panel`. */
  readonly template?: string | undefined;
  /** Whether to draw the ad in every built-in template, one below the other; default false. */
  readonly allTemplates?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface TemplateAd {
  /** undefined: the campaign's own template. */
  readonly template: string | undefined;
  readonly ad: RenderedAd;
}

export interface Preview {
  readonly offer: CampaignOffer;
  readonly photo: AdPhoto;
  /** The first ad drawn. */
  readonly ad: RenderedAd;
  /** The ad in every requested template. */
  readonly ads: readonly TemplateAd[];
  /** The ad in every channel of the campaign, PNG. */
  readonly sheet: Buffer;
}

/**
 * Draws one offer with one photo in every channel of a campaign, on one sheet.
 *
 * @throws ERR_OPTION_INVALID the campaign has no such offer; ERR_ABORTED, and errors of reading the photo
 *
 * @example
 * const { sheet } = await previewAd({ campaign, engine, offer: "apple" });
 */
export async function previewAd(options: PreviewOptions): Promise<Preview> {
  const { campaign, signal } = options;
  const offer = offerOf(campaign, options.offer);
  const isDefault = options.photo === undefined || resolve(options.photo) === campaign.photos.default;
  const photo = await describeAdPhoto(
    options.photo === undefined ? campaign.photos.default : resolve(options.photo),
    options.engine,
    options.gallery ?? null,
    isDefault ? "always" : "near face",
  );
  const typesetter = await createTypesetter(campaign.brand.fonts);
  const folder = makeScratch(tmpdir());
  try {
    const names = options.allTemplates ? TEMPLATES.map(({ id }) => id) : [options.template];
    const request = { copy: plainCopy(offer), extras: plainExtras(offer), photo };
    const ads: TemplateAd[] = [];
    const sections: PreviewSection[] = [];
    for (const template of names) {
      const renderer = await createCampaignRenderer(campaign, { out: folder, template, typesetter });
      const ad = await renderer.render(request, { signal });
      ads.push({ template, ad });
      const files = ad.creatives.map(({ file }) => join(folder, file));
      sections.push({ title: names.length > 1 ? template : undefined, creatives: ad.creatives, files });
    }
    const [first] = ads;
    if (!first) throw new RangeError("no template");
    const sheet = await drawPreview(sections, typesetter);
    return { offer, photo, ad: first.ad, ads, sheet };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function offerOf({ offers }: Campaign, id: string | undefined): CampaignOffer {
  const offer = id === undefined ? offers[0] : offers.find((known) => known.id === id);
  if (offer) return offer;
  const ids = offers.map((known) => known.id).join(", ");
  throw invalidOption("an offer of the campaign", "--offer", id, `Choose one of: ${ids}.`);
}
