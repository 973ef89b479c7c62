import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { AdPhoto } from "../../ads/index.ts";
import { makeScratch } from "../../io/scratch.ts";
import type { RunParts } from "../run/prepare.ts";
import { matchedPhoto } from "./ad-photo.ts";
import { plainCopy, plainExtras } from "./copy.ts";
import { createCampaignRenderer } from "./renderer.ts";

/** The cost of a run on this machine, measured on samples. */
export interface RunCosts {
  /** Processor time per portrait, s; 0: none was sampled. */
  readonly secondsAPortrait: number;
  /** Processor time per ad in all channels, s. */
  readonly secondsAnAd: number;
  readonly bytesAnAd: number;
}

/** Number of offers whose ads are drawn as samples. */
const MOST_OFFERS = 3;
const MOST_PHOTOS = 3;

/**
 * Draws a few ads of the campaign into a temporary folder, and describes a few photos of its inventory.
 * Processor time is measured because other work on the machine does not change it.
 *
 * @param defaultPhoto also drawn
 */
export async function measureCosts(parts: RunParts, defaultPhoto: AdPhoto): Promise<RunCosts> {
  const { campaign, gallery, engine, template, signal } = parts;
  const photos = [defaultPhoto, ...(await samplePhotos(gallery))];
  const out = makeScratch(tmpdir());
  try {
    const renderer = await createCampaignRenderer(campaign, { out, gallery, template });
    const requests = campaign.offers
      .slice(0, MOST_OFFERS)
      .flatMap((offer) =>
        photos.map((photo) => ({ copy: plainCopy(offer), extras: plainExtras(offer), photo })),
      );
    let bytes = 0;
    const secondsAnAd = await meanSeconds(requests, async (request) => {
      const { creatives } = await renderer.render(request, { signal });
      bytes += creatives.reduce((sum, creative) => sum + creative.bytes, 0);
    });
    const described = photos.slice(1).map(({ path }) => path);
    const secondsAPortrait = await meanSeconds(described, async (path) => void (await engine.describe(path)));
    return { secondsAPortrait, secondsAnAd, bytesAnAd: bytes / Math.max(1, requests.length) };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function samplePhotos(gallery: RunParts["gallery"]): Promise<AdPhoto[]> {
  const found: AdPhoto[] = [];
  for await (const photo of gallery.photos()) {
    // Photos that were moved since they were indexed are skipped.
    if (photo.faces.length > 0 && existsSync(photo.path)) found.push(matchedPhoto({ photo, faceIndex: 0 }));
    if (found.length === MOST_PHOTOS) break;
  }
  return found;
}

/** The mean over all items but the first, which loads what the others reuse. */
async function meanSeconds<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const [first, ...others] = items;
  if (first === undefined) return 0;
  const secondsOf = async (some: readonly T[]) => {
    const before = process.cpuUsage();
    for (const item of some) await work(item);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / some.length;
  };
  const alone = await secondsOf([first]);
  return others.length === 0 ? alone : secondsOf(others);
}
