import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { AdPhoto } from "../ads/index.ts";
import { makeScratch } from "../io/scratch.ts";
import { matchedPhoto } from "./ad-photo.ts";
import { plainCopy, plainExtras } from "./copy.ts";
import type { RunParts } from "./prepare.ts";
import { createCampaignRenderer } from "./renderer.ts";

/** What a run takes on this machine, by samples of it. */
export interface RunCosts {
  /** Processor time of a portrait, s; 0: none was sampled. */
  readonly secondsAPortrait: number;
  /** Processor time of an ad in all channels, s. */
  readonly secondsAnAd: number;
  readonly bytesAnAd: number;
}

/** Ads that are drawn as samples. */
const MOST_OFFERS = 3;
const MOST_PHOTOS = 3;

/**
 * Draws a few ads of the campaign into a temporary folder, and describes a few photos of its inventory. Processor time
 * counts, since other work on the machine does not change it.
 *
 * @param defaultPhoto drawn too
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
    // One that was moved since it was indexed is no reason to stop.
    if (photo.faces.length > 0 && existsSync(photo.path)) found.push(matchedPhoto({ photo, faceIndex: 0 }));
    if (found.length === MOST_PHOTOS) break;
  }
  return found;
}

/** The first of several is not counted: it loads what the others find ready. */
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
