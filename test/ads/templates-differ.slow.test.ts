import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdPhoto,
  createRenderer,
  createTypesetter,
  findChannel,
  type RenderedAd,
  TEMPLATES,
  type Typesetter,
} from "../../src/ads/index.ts";
import { decodePhoto, type RgbImage } from "../../src/io/image/index.ts";
import { lookDistance } from "./distance.ts";
import { BRANDS, COPIES, hasLondon, londonNames, londonPhoto, samplePhoto } from "./samples.ts";

/** A template that looks like another one in some channel is no template, unless the ad says which one it took. */

const IDS = ["rectangle-300x250", "leaderboard-728x90", "half-page-300x600", "billboard-970x250"];
/** Two layouts of one photo and one brand that a person would call different. */
const DIFFERENT = 5;

let out: string;
let typesetter: Typesetter;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-differ-"));
  typesetter = await createTypesetter();
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function adsOf(photo: AdPhoto): Promise<Map<string, { ad: RenderedAd; images: RgbImage[] }>> {
  const [brand] = BRANDS;
  const [, copy] = COPIES;
  if (!brand || !copy) throw new Error("no samples");
  const channels = IDS.map(findChannel).filter((channel) => channel !== undefined);
  const ads = new Map<string, { ad: RenderedAd; images: RgbImage[] }>();
  for (const template of TEMPLATES) {
    const renderer = await createRenderer({ out, brand, channels, template, typesetter });
    const ad = await renderer.render({ copy, photo });
    const images = await Promise.all(
      ad.creatives.map(async ({ file }) => (await decodePhoto(join(out, file))).image),
    );
    ads.set(template.id, { ad, images });
  }
  return ads;
}

/** Pairs of templates that look alike in a channel though neither says that it took another's composition. */
async function twinsOf(photo: AdPhoto): Promise<string[]> {
  const ads = await adsOf(photo);
  const ids = [...ads.keys()];
  const twins: string[] = [];
  for (const [index, channel] of IDS.entries()) {
    const own = ids.filter(
      (id) =>
        !ads.get(id)?.ad.warnings.some((one) => one.channel === channel && one.code === "template_replaced"),
    );
    for (const [turn, first] of own.entries()) {
      for (const second of own.slice(turn + 1)) {
        const [a, b] = [ads.get(first)?.images[index], ads.get(second)?.images[index]];
        if (!a || !b) throw new Error("no picture");
        const distance = await lookDistance(a, b);
        if (distance < DIFFERENT) twins.push(`${channel}: ${first} and ${second} (${distance.toFixed(1)})`);
      }
    }
  }
  return twins;
}

describe("two templates on the same photo and words", () => {
  it("look different in every channel, or say whose composition they took", async () => {
    expect(await twinsOf(await samplePhoto("sample1.jpg", 0))).toEqual([]);
  });

  it.runIf(hasLondon)("look different on a close portrait too", async () => {
    expect(await twinsOf(await londonPhoto(londonNames[0] ?? ""))).toEqual([]);
  });

  it("would be found where one is another under a new name", async () => {
    const [photo, [brand], [copy]] = [await samplePhoto("sample1.jpg", 0), BRANDS, COPIES];
    const [first] = TEMPLATES;
    const channel = findChannel("rectangle-300x250");
    if (!brand || !copy || !first || !channel) throw new Error("no samples");
    const images = await Promise.all(
      [first, { ...first, id: "renamed" }].map(async (template) => {
        const renderer = await createRenderer({ out, brand, channels: [channel], template, typesetter });
        const { creatives } = await renderer.render({ copy, photo });
        return (await decodePhoto(join(out, creatives[0]?.file ?? ""))).image;
      }),
    );
    const [a, b] = images;
    if (!a || !b) throw new Error("no pictures");
    expect(await lookDistance(a, b)).toBeLessThan(0.5);
  });
});
