import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finished, Rule } from "../../scripts/check-ads/finding.ts";
import { inspect } from "../../scripts/check-ads/inspect.ts";
import { worstContrast } from "../../scripts/check-ads/pixels.ts";
import {
  createRenderer,
  createTypesetter,
  findChannel,
  renderText,
  type Typesetter,
} from "../../src/ads/index.ts";
import { composeImage, cropImage, decodePhoto, type RgbImage } from "../../src/io/image/index.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

/** `npm run check:ads` is worth what it catches: good creatives pass, and each kind of damage is found. */

let out: string;
let setter: Typesetter;
const made = new Map<string, Finished>();

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-check-"));
  setter = await createTypesetter();
  for (const template of ["panel", "bleed"]) made.set(template, await finish(template));
});
afterAll(() => rm(out, { recursive: true, force: true }));

async function finish(template: string): Promise<Finished> {
  const channel = findChannel("rectangle-336x280");
  const [brand] = BRANDS;
  const [copy] = COPIES;
  if (!channel || !brand || !copy) throw new Error("no samples");
  const renderer = await createRenderer({ out, brand, channels: [channel], template, typesetter: setter });
  const photo = await samplePhoto("sample1.jpg", 0);
  const { creatives, layouts } = await renderer.render({ copy, photo });
  const [creative] = creatives;
  const [layout] = layouts;
  if (!creative || !layout) throw new Error("no creative");
  const file = join(out, creative.file);
  const { image } = await decodePhoto(file);
  const source = (await decodePhoto(photo.path)).image;
  return { photo, channel, layout, image, source, bytes: (await stat(file)).size };
}

function good(template = "panel"): Finished {
  const finished = made.get(template);
  if (!finished) throw new Error("not made");
  return finished;
}

async function rulesOf(finished: Finished): Promise<Rule[]> {
  return [...new Set((await inspect(finished)).map(({ rule }) => rule))].sort();
}

/** The creative with a text drawn on it. */
async function written(
  finished: Finished,
  text: string,
  at: { x: number; y: number; size: number; color: string },
) {
  const { image } = finished;
  const label = await renderText(setter, text, { size: at.size, color: at.color, weight: 800 });
  const layers = [
    { image, x: 0, y: 0 },
    { image: label, x: Math.round(at.x), y: Math.round(at.y) },
  ];
  return { ...finished, image: await composeImage(image.width, image.height, "#000", layers) };
}

/** Where the leading face's middle stands in the creative. */
function faceOf({ photo, layout }: Finished): { x: number; y: number; height: number } {
  const { box } = photo.faces[photo.leadFace ?? 0] ?? { box: { x: 0, y: 0, width: 0, height: 0 } };
  const { region, target } = layout.picture;
  const scale = target.width / region.width;
  return {
    x: target.x + (box.x + box.width / 2 - region.x) * scale,
    y: target.y + (box.y + box.height / 2 - region.y) * scale,
    height: box.height * scale,
  };
}

function recoloured(
  image: RgbImage,
  box: { x: number; y: number; width: number; height: number },
  by: (value: number) => number,
): RgbImage {
  const data = Uint8Array.from(image.data);
  for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
    for (let x = Math.floor(box.x) * 3; x < (box.x + box.width) * 3; x++) {
      const at = y * image.width * 3 + x;
      data[at] = by(data[at] ?? 0);
    }
  }
  return { ...image, data };
}

describe("the check of creatives", () => {
  it.each(["panel", "bleed"])("finds nothing wrong with what %s makes", async (template) => {
    expect(await inspect(good(template))).toEqual([]);
  });

  it.each(["panel", "bleed"])("sees letters over a face that no box tells of (%s)", async (template) => {
    const { x, y, height } = faceOf(good(template));
    const size = height * 0.35;
    const mark = await written(good(template), "29 EUR", {
      x: x - size,
      y: y - size / 2,
      size,
      color: "#fff",
    });
    expect(await rulesOf(mark)).toContain("face");
  });

  it("sees a flat shape over a face", async () => {
    const { x, y, height } = faceOf(good());
    const box = { x: x - height / 4, y: y - height / 4, width: height / 2, height: height / 2 };
    const image = recoloured(good().image, box, () => 90);
    expect(await rulesOf({ ...good(), image })).toContain("face");
  });

  it("sees a button's box over a face", async () => {
    const { x, y } = faceOf(good());
    const layout = { ...good().layout, button: { x: x - 20, y: y - 10, width: 40, height: 20 } };
    expect(await rulesOf({ ...good(), layout })).toContain("face");
  });

  it("sees a photo that was moved after its place was told, and so a head that is cut", async () => {
    const { image, layout } = good();
    const { height } = faceOf(good());
    const moved = Math.round(height * 0.6);
    const shifted = await cropImage(
      image,
      { x: 0, y: moved, width: image.width, height: image.height - moved },
      image.width,
      image.height - moved,
    );
    const layers = [{ image: shifted, x: 0, y: 0 }];
    const cut = await composeImage(image.width, image.height, layout.colors.headline, layers);
    expect(await rulesOf({ ...good(), image: cut })).toContain("picture");
  });

  it("sees a head that the told place cuts", async () => {
    const { picture } = good().layout;
    const region = { ...picture.region, y: picture.region.y + picture.region.height / 2 };
    const layout = { ...good().layout, picture: { ...picture, region } };
    expect(await rulesOf({ ...good(), layout })).toContain("head");
  });

  it("sees a ground that comes too near to its letters' colour", async () => {
    const { headline } = good().layout;
    const image = recoloured(good().image, headline, (value) => value + (255 - value) * 0.45);
    expect(await rulesOf({ ...good(), image })).toContain("contrast");
  });

  it("measures the contrast that WCAG defines", async () => {
    const grey = await composeImage(60, 30, "#808080", []);
    const box = { x: 5, y: 5, width: 50, height: 20 };
    expect(worstContrast(grey, box, [255, 255, 255]).worst).toBeCloseTo(3.95, 1);
  });

  it("sees a spot of bright photo under the letters", async () => {
    const { headline } = good("bleed").layout;
    const spot = { x: headline.x + headline.width * 0.4, y: headline.y, width: 14, height: headline.height };
    const image = recoloured(good("bleed").image, spot, (value) => Math.max(value, 190));
    expect(await rulesOf({ ...good("bleed"), image })).toContain("contrast");
  });

  it("sees letters that ran out of their box, on a panel and on the photo", async () => {
    const { colors, logo, panel } = good().layout;
    if (!panel) throw new Error("no panel");
    const under = { x: panel.x + panel.width * 0.62, y: logo.y - 4, size: 20, color: colors.headline };
    const onPanel = await written(good(), "month", under);
    expect(await rulesOf(onPanel)).toContain("overflow");
    const { photo } = good("bleed");
    const free = { x: good("bleed").image.width * 0.25, y: good("bleed").image.height * 0.2 };
    expect(photo.faces.length).toBeGreaterThan(0);
    const onPhoto = await written(good("bleed"), "EUR 29", { ...free, size: 40, color: "#ffffff" });
    expect((await rulesOf(onPhoto)).some((rule) => rule === "overflow" || rule === "face")).toBe(true);
  });

  it("sees text that is not drawn, and boxes outside of the safe zone or over each other", async () => {
    const { layout, channel } = good();
    const blank = recoloured(good().image, layout.headline, () => 40);
    expect(await rulesOf({ ...good(), image: blank })).toContain("overflow");
    const safe = { top: 0, right: 0, bottom: Math.round(channel.height * 0.4), left: 0 };
    expect(await rulesOf({ ...good(), channel: { ...channel, safe } })).toContain("overflow");
    const overlapping = { ...layout, body: { ...layout.headline, height: layout.headline.height / 2 } };
    expect(await rulesOf({ ...good(), layout: overlapping })).toContain("overflow");
    const narrow = { ...layout, button: { ...layout.button, width: layout.cta.width / 2 } };
    expect(await rulesOf({ ...good(), layout: narrow })).toContain("overflow");
  });

  it("sees a file over its weight or of another size", async () => {
    const { channel, bytes } = good();
    expect(await rulesOf({ ...good(), channel: { ...channel, maxBytes: bytes - 1 } })).toEqual(["weight"]);
    expect(await rulesOf({ ...good(), channel: { ...channel, width: channel.width + 1 } })).toContain(
      "overflow",
    );
  });
});
