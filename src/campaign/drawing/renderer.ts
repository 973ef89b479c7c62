import { resolve } from "node:path";
import {
  type AdPhoto,
  type AdRenderer,
  canLead,
  createRenderer,
  isTemplatePath,
  type RendererOptions,
} from "../../ads/index.ts";
import type { Gallery } from "../../gallery/index.ts";
import type { Campaign } from "../types.ts";
import { samplePhoto } from "./ad-photo.ts";
import { allVariants, plainCopy, plainExtras } from "./copy.ts";

/**
 * The renderer of a campaign: its brand, channels, templates and language, and the common layout of its ads.
 */

export interface CampaignRendererOptions extends Pick<RendererOptions, "out" | "jobs" | "typesetter"> {
  /** Template in place of the campaign's own; default: the campaign's. */
  readonly template?: string | undefined;
  /** Photos from which the ads' common layout is chosen; default: each ad has a layout of its own. */
  readonly gallery?: Gallery | undefined;
}

/** Number of photos of the gallery from which samples for the common layout are taken. */
const SAMPLED = 64;

/**
 * Creates the renderer of a campaign, whose ads look alike: side, panel and proportions are chosen once per
 * channel, on photos of the gallery and on the offers' texts.
 *
 * @throws as `createRenderer`
 */
export async function createCampaignRenderer(
  campaign: Campaign,
  { template, gallery, ...options }: CampaignRendererOptions,
): Promise<AdRenderer> {
  const { brand, channels, templates, language, photos, policy } = campaign;
  const { minFacePx } = policy.inventory;
  const copies = campaign.offers
    .flatMap(allVariants)
    .map((offer) => ({ ...plainCopy(offer), legal: plainExtras(offer).legal }));
  return createRenderer({
    ...options,
    brand,
    channels,
    template: template ?? templates.all ?? undefined,
    templates: template === undefined ? templates.byChannel : undefined,
    language: language ?? undefined,
    photoSide: photos.side ?? undefined,
    leastFaces: minFacePx,
    family: gallery && { photos: await samplesOf(gallery, Math.max(0, ...Object.values(minFacePx))), copies },
  });
}

/** The renderers of a run: one, or one for each template that is drawn at random. */
export interface Renderers {
  readonly all: readonly AdRenderer[];
  /** @param template the arm of the layer `template`; null: it is not drawn */
  of(template: string | null): AdRenderer;
}

/** @throws as `createCampaignRenderer` */
export async function createRenderers(
  campaign: Campaign,
  options: CampaignRendererOptions,
): Promise<Renderers> {
  const plain = await createCampaignRenderer(campaign, options);
  const byTemplate = new Map<string, AdRenderer>();
  for (const { arm, share } of campaign.experiment.template ?? []) {
    if (share === 0) continue;
    const own = isTemplatePath(arm) ? resolve(campaign.folder, arm) : arm;
    byTemplate.set(arm, await createCampaignRenderer(campaign, { ...options, template: own }));
  }
  return {
    all: [plain, ...byTemplate.values()],
    of: (template) => (template === null ? plain : (byTemplate.get(template) ?? plain)),
  };
}

/** Photos that can lead, as many as there are; always the same ones for the same gallery. */
async function samplesOf(gallery: Gallery, leastPx: number): Promise<AdPhoto[]> {
  const found: AdPhoto[] = [];
  for await (const photo of gallery.photos()) {
    if (photo.faces.length > 0) found.push(samplePhoto(photo));
    if (found.length >= SAMPLED) break;
  }
  const leading = found.filter((photo) => canLead(photo, leastPx));
  return (leading.length > 0 ? leading : found).sort((a, b) => (a.path < b.path ? -1 : 1));
}
