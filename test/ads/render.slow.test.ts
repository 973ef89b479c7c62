import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspect } from "../../scripts/check-ads/inspect.ts";
import {
  type AdPhoto,
  type Brand,
  type Channel,
  contrast,
  createRenderer,
  createTypesetter,
  findChannel,
  type RenderedAd,
  type Rgb,
  TEMPLATES,
  type Typesetter,
} from "../../src/ads/index.ts";
import { type OpenedPhoto, openPhoto } from "../../src/ads/render/photo.ts";
import { createPlanner } from "../../src/ads/render/planner.ts";
import { themeOf } from "../../src/ads/render/theme.ts";
import { createMemo } from "../../src/core/index.ts";
import { decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { BRANDS, COPIES, hasLondon, londonNames, londonPhoto, sampleNames, samplePhoto } from "./samples.ts";

/**
 * What a finished file must keep, checked on its pixels and on the raw landmarks by `scripts/check-ads`, apart from the
 * layout's code. The script does it for many photos, all presets and all lengths; here is a small part of it.
 */

const CHANNELS = [
  "rectangle-300x250",
  "leaderboard-728x90",
  "skyscraper-160x600",
  "mobile-320x50",
  "billboard-970x250",
  "linkedin-720x900",
  "story-1080x1920",
].map(channelOf);

function channelOf(id: string): Channel {
  const channel = findChannel(id);
  if (!channel) throw new Error(`no channel ${id}`);
  return channel;
}

let out: string;
let typesetter: Typesetter;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-ads-"));
  typesetter = await createTypesetter();
});
afterAll(() => rm(out, { recursive: true, force: true }));

interface Ask {
  readonly photo: AdPhoto;
  readonly template: string;
  /** Index into the sample brands and copies. */
  readonly brand: number;
  readonly copy: number;
  readonly channels: readonly Channel[];
  readonly look?: Partial<Brand>;
}

async function findings({ photo, template, brand, copy, channels, look }: Ask): Promise<string[]> {
  const theBrand = BRANDS[brand % BRANDS.length];
  const theCopy = COPIES[copy % COPIES.length];
  if (!theBrand || !theCopy) throw new Error("no such brand or copy");
  const options = { out, brand: { ...theBrand, ...look }, channels, template, typesetter };
  const ad = await (await createRenderer(options)).render({ copy: theCopy, photo });
  return inspectAll(ad, photo, channels);
}

async function inspectAll(ad: RenderedAd, photo: AdPhoto, channels: readonly Channel[]): Promise<string[]> {
  const source = (await decodePhoto(photo.path)).image;
  const all = await Promise.all(
    channels.map(async (channel, index) => {
      const layout = ad.layouts[index];
      const file = join(out, ad.creatives[index]?.file ?? "");
      if (!layout) throw new Error("a creative without its layout");
      const data = await readFile(file);
      const { image } = await decodePhoto(data);
      const found = await inspect({ photo, channel, layout, image, bytes: data.length, source });
      return found.map(({ rule, message }) => `${channel.id} ${rule}: ${message}`);
    }),
  );
  return all.flat();
}

describe.each(TEMPLATES.map(({ id }, index) => [id, index] as const))("template %s", (template, turn) => {
  it.each([0, 1])(
    "group photo %i: heads whole, text clear of them, readable, inside and light enough",
    async (index) => {
      const name = sampleNames[(turn + index * 2) % sampleNames.length] ?? "";
      const photo = await samplePhoto(name, (turn + index) % 3);
      const ask = {
        photo,
        template,
        brand: turn + index,
        copy: turn + index * 2,
        channels: index === 0 ? CHANNELS.slice(0, 5) : CHANNELS.slice(5),
      };
      expect(await findings(ask)).toEqual([]);
    },
  );

  it.skipIf(!hasLondon)("a portrait of ../shared/data/london", async () => {
    const photo = await londonPhoto(londonNames[turn % londonNames.length] ?? "");
    const channels = CHANNELS.slice(0, 3);
    expect(await findings({ photo, template, brand: turn + 2, copy: 2, channels })).toEqual([]);
  });
});

describe("brands", () => {
  it.each([
    ["light", "square"],
    ["dark", "soft"],
  ] as const)("keeps text readable in tone %s with corners %s", async (tone, corner) => {
    const photo = await samplePhoto("sample3.jpg", 1);
    for (const brand of BRANDS.keys()) {
      const template = TEMPLATES[brand % TEMPLATES.length]?.id ?? "";
      const channels = [channelOf("rectangle-300x250"), channelOf("mobile-320x50")];
      expect(await findings({ photo, template, brand, copy: 1, channels, look: { tone, corner } })).toEqual(
        [],
      );
    }
  });
});

describe("photos that resist", () => {
  it("keeps the neighbours of a matched face whole beside the longest copy", async () => {
    const photo = await samplePhoto("sample4.jpg", 2);
    const channels = [channelOf("rectangle-300x250")];
    expect(await findings({ photo, template: "panel", brand: 0, copy: 2, channels })).toEqual([]);
  });

  it("shows a photo without a face, and one with a manual focus around that point", async () => {
    const photo = await samplePhoto("sample3.jpg", null);
    const square = channelOf("square-1080");
    const faceless = { ...photo, faces: [] };
    expect(
      await findings({ photo: faceless, template: "panel", brand: 0, copy: 0, channels: [square] }),
    ).toEqual([]);
    const [brand, copy] = [BRANDS[0], COPIES[0]];
    if (!brand || !copy) throw new Error("no samples");
    const renderer = await createRenderer({ out, brand, channels: [square], typesetter });
    for (const focus of [[0.2, 0.6] as const, [0.85, 0.3] as const]) {
      const { layouts } = await renderer.render({ copy, photo: { ...photo, focus } });
      const region = layouts[0]?.picture.region;
      if (!region) throw new Error("no layout");
      const x = (focus[0] * photo.width - region.x) / region.width;
      const y = (focus[1] * photo.height - region.y) / region.height;
      expect(Math.min(x, y, 1 - x, 1 - y)).toBeGreaterThan(0);
    }
  });

  it("pads a photo that is too small for its place instead of enlarging it more than 1.5 times, and says so", async () => {
    const photo = await samplePhoto("sample2.jpg", 0);
    const shrink = 8;
    const small: AdPhoto = {
      ...photo,
      path: join(out, "small.jpg"),
      hash: "small",
      width: photo.width / shrink,
      height: photo.height / shrink,
      faces: photo.faces.map(({ box, landmarks }) => ({
        box: { x: box.x / shrink, y: box.y / shrink, width: box.width / shrink, height: box.height / shrink },
        landmarks: landmarks.map(([x, y]) => [x / shrink, y / shrink] as const),
      })),
    };
    const { image } = await decodePhoto(photo.path, { maxSide: small.width });
    await writeFile(small.path, await encodeImage(image, { format: "jpeg", quality: 95 }));
    const [brand, copy] = [BRANDS[1], COPIES[1]];
    if (!brand || !copy) throw new Error("no samples");
    const channels = [channelOf("square-1080")];
    const ad = await (await createRenderer({ out, brand, channels, typesetter })).render({
      copy,
      photo: small,
    });
    const { region, target } = ad.layouts[0]?.picture ?? { region: photo, target: photo };
    expect(target.width / region.width).toBeLessThanOrEqual(1.51);
    expect(ad.warnings.map(({ code }) => code)).toContain("photo_padded");
    expect(await inspectAll(ad, small, channels)).toEqual([]);
  });
});

describe("stories", () => {
  const body =
    "Trade in any phone, whatever its age or state, and take home the newest handset with unlimited data, free repairs for two years and a number that stays yours. Offer ends 31 December; 24 months minimum; terms apply.";
  const headline = "Time for something better than your old phone? Bring it in and take a new one home";

  const opened = createMemo<OpenedPhoto>(2);

  it.each(TEMPLATES.map((template) => [template.id, template] as const))(
    "keep the leading face where the platform covers nothing: %s",
    async (id, template) => {
      const story = channelOf("story-1080x1920");
      // Laid out and not drawn.
      const planner = createPlanner({
        shared: { setter: typesetter, logoAspect: 4 },
        theme: themeOf(BRANDS[0] as Brand),
        open: (photo) => opened(photo.path, () => openPhoto(photo)),
        settledIn: async () => undefined,
      });
      const place = { channel: story, template, look: "", key: "", leastPx: 0 };
      for (const name of ["sample2.jpg", "sample4.jpg"]) {
        const photo = await samplePhoto(name);
        const request = { copy: { headline, body, cta: "Find out" }, photo };
        const { region, target } = (await planner.plan(request, place, `${id} ${name}`)).plan.crop;
        // Brows to chin, by the raw landmarks.
        const face = (photo.faces[0]?.landmarks ?? []).map(([, y]) => {
          return target.y + ((y - region.y) * target.height) / region.height;
        });
        const [top, foot] = [Math.min(...face), Math.max(...face)];
        const slack = 0.12 * (foot - top);
        expect(top).toBeGreaterThan((story.safe?.top ?? 0) - slack);
        expect(foot).toBeLessThan(story.height - (story.safe?.bottom ?? 0) + slack);
      }
    },
  );

  it.each(["round", "soft", "square"] as const)(
    "have quiet shapes at the foot that the platform covers: %s corners",
    async (corner) => {
      const story = channelOf("story-1080x1920");
      const [brand, copy] = [BRANDS[0], COPIES[1]];
      if (!brand || !copy) throw new Error("no samples");
      const look = { ...brand, corner };
      const renderer = await createRenderer({ out, brand: look, channels: [story], typesetter });
      const { creatives } = await renderer.render({ copy, photo: await samplePhoto("sample1.jpg") });
      const { image } = await decodePhoto(join(out, creatives[0]?.file ?? ""));
      const tones = Array.from({ length: 54 }, (_, step): Rgb => {
        const at = (1900 * image.width + 20 * step) * 3;
        return [image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0];
      });
      const ground = tones[0] ?? [0, 0, 0];
      const contrasts = tones.map((tone) => contrast(tone, ground));
      expect(new Set(contrasts.map((value) => value.toFixed(1))).size).toBeGreaterThanOrEqual(3);
      expect(Math.max(...contrasts)).toBeLessThan(2);
    },
  );
});
