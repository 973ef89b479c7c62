import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdPhoto,
  type Channel,
  type CreativeLayout,
  contrast,
  createRenderer,
  createTypesetter,
  parseColor,
  type Rgb,
  type Typesetter,
} from "../../src/ads/index.ts";
import type { Point } from "../../src/faces/index.ts";
import { cropImage, decodePhoto, type RgbImage } from "../../src/image.ts";
import { BRANDS, COPIES, hasLondon, londonNames, londonPhoto, sampleNames, samplePhoto } from "./samples.ts";

/** What a finished file must keep, checked on its pixels and on the raw landmarks, apart from the layout's code. */

const CHANNELS: readonly Channel[] = [
  { id: "square", width: 1080, height: 1080, format: "png", maxBytes: 30_000_000 },
  { id: "rectangle", width: 300, height: 250, format: "png", maxBytes: 1_000_000 },
];

let out: string;
let typesetter: Typesetter;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-ads-"));
  typesetter = await createTypesetter();
});
afterAll(() => rm(out, { recursive: true, force: true }));

type Box = CreativeLayout["headline"];

/** Landmarks plus the crown, two thirds of the face's height above the brows, along the face's own axis. */
function headPoints(landmarks: readonly Point[]): Point[] {
  const middle = (from: number, to: number): Point => {
    const part = landmarks.slice(from, to);
    const sum = (axis: 0 | 1) => part.reduce((total, point) => total + point[axis], 0) / part.length;
    return [sum(0), sum(1)];
  };
  const brows = middle(17, 27);
  const chin = landmarks[8] ?? brows;
  const crown: Point = [brows[0] + (brows[0] - chin[0]) * 0.66, brows[1] + (brows[1] - chin[1]) * 0.66];
  return [...landmarks, crown];
}

function placed([x, y]: Point, { region, target }: CreativeLayout["picture"]): Point {
  return [
    target.x + ((x - region.x) * target.width) / region.width,
    target.y + ((y - region.y) * target.height) / region.height,
  ];
}

function inside([x, y]: Point, box: Box): boolean {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

async function pixelsOf(file: string): Promise<RgbImage> {
  return (await decodePhoto(join(out, file))).image;
}

/**
 * The contrast of a text's colour with the worst pixel of its box that belongs to no letter. Thin strokes of
 * small text never reach their full colour, so pixels beside a steep step are taken for letters' edges.
 */
function worstContrast(image: RgbImage, box: Box, ink: Rgb): { worst: number; inked: number } {
  const left = Math.max(2, Math.floor(box.x));
  const top = Math.max(2, Math.floor(box.y));
  const right = Math.min(image.width - 2, Math.ceil(box.x + box.width));
  const bottom = Math.min(image.height - 2, Math.ceil(box.y + box.height));
  const width = right - left + 4;
  const ratios = new Float32Array(width * (bottom - top + 4));
  for (let y = top - 2; y < bottom + 2; y++) {
    for (let x = left - 2; x < right + 2; x++) {
      const i = (y * image.width + x) * 3;
      const pixel: Rgb = [image.data[i] ?? 0, image.data[i + 1] ?? 0, image.data[i + 2] ?? 0];
      ratios[(y - top + 2) * width + x - left + 2] = contrast(pixel, ink);
    }
  }
  const at = (x: number, y: number) => ratios[(y - top + 2) * width + x - left + 2] ?? 1;
  let worst = 21;
  let inked = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const here = at(x, y);
      if (here < 1.05) inked++;
      else if (here < worst && isGround(x, y, here)) worst = here;
    }
  }
  return { worst, inked };

  function isGround(x: number, y: number, here: number): boolean {
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        if (Math.abs(at(x + dx, y + dy) - here) > 0.25 * here) return false;
      }
    }
    return true;
  }
}

async function check(photo: AdPhoto, brand: number, copy: number, template: string): Promise<void> {
  const theBrand = BRANDS[brand];
  const theCopy = COPIES[copy];
  if (!theBrand || !theCopy) throw new Error("no such brand or copy");
  const renderer = await createRenderer({ out, brand: theBrand, channels: CHANNELS, template, typesetter });
  const { creatives, layouts, warnings } = await renderer.render({ copy: theCopy, photo });
  expect(warnings.filter((warning) => warning.code !== "photo_padded")).toEqual([]);
  for (const [index, creative] of creatives.entries()) {
    const layout = layouts[index];
    const channel = CHANNELS[index];
    if (!layout || !channel) throw new Error("a creative without its layout");
    const image = await pixelsOf(creative.file);
    expect([image.width, image.height]).toEqual([channel.width, channel.height]);
    const name = `${creative.channel} ${creative.file}`;
    checkHeads(photo, layout, channel, name);
    await checkPicture(photo, layout, image, name);
    for (const part of ["headline", "body", "cta"] as const) {
      const { worst, inked } = worstContrast(image, layout[part], parseColor(layout.colors[part]));
      expect(inked, `${name} ${part}: drawn`).toBeGreaterThan(20);
      expect(worst, `${name} ${part}: contrast`).toBeGreaterThanOrEqual(4.5);
    }
  }
}

function checkHeads(photo: AdPhoto, layout: CreativeLayout, channel: Channel, name: string): void {
  const frame = { x: 0, y: 0, width: channel.width, height: channel.height };
  const texts = [layout.headline, layout.body, layout.button, layout.logo];
  for (const text of texts) {
    expect(inside([text.x, text.y], frame), name).toBe(true);
    expect(inside([text.x + text.width, text.y + text.height], frame), name).toBe(true);
  }
  for (const [index, face] of photo.faces.entries()) {
    const points = headPoints(face.landmarks)
      // A head that the photo itself cuts cannot be whole in an ad.
      .filter(([x, y]) => x >= 0 && y >= 0 && x <= photo.width && y <= photo.height)
      .map((point) => placed(point, layout.picture));
    const shown = points.filter((point) => inside(point, layout.picture.target));
    if (index === photo.leadFace) expect(shown.length, `${name}: leading head`).toBe(points.length);
    expect([0, points.length], `${name}: head ${index} whole in or out`).toContain(shown.length);
    const covers = [...texts, ...(layout.panel ? [layout.panel] : [])];
    expect(
      shown.filter((point) => covers.some((box) => inside(point, box))),
      `${name}: head ${index} under text`,
    ).toEqual([]);
  }
}

/** The pixels must be where the layout says: the region, cut and scaled apart from it, is found in the file. */
async function checkPicture(photo: AdPhoto, layout: CreativeLayout, image: RgbImage, name: string) {
  if (!layout.panel) return;
  const { region, target } = layout.picture;
  const source = await decodePhoto(photo.path);
  const width = Math.round(target.width);
  const height = Math.round(target.height);
  const expected = await cropImage(source.image, region, width, height);
  const free = (x: number, y: number) =>
    layout.panel && !inside([x, y], layout.panel) && x < image.width && y < image.height;
  let error = 0;
  let count = 0;
  for (let y = Math.round(height * 0.2); y < height; y += 7) {
    for (let x = Math.round(width * 0.2); x < width * 0.8; x += 7) {
      const px = Math.round(target.x) + x;
      const py = Math.round(target.y) + y;
      if (!free(px, py)) continue;
      const a = expected.data[(y * width + x) * 3] ?? 0;
      const b = image.data[(py * image.width + px) * 3] ?? 0;
      error += Math.abs(a - b);
      count++;
    }
  }
  expect(count, name).toBeGreaterThan(20);
  expect(error / count, `${name}: picture where the layout says`).toBeLessThan(9);
}

describe.each(["panel", "bleed"])("template %s on group photos", (template) => {
  it.each(sampleNames.map((name, index) => [name, index] as const))(
    "%s: heads whole, text clear of them and readable",
    async (name, index) => {
      await check(await samplePhoto(name, index % 3), index % BRANDS.length, index % COPIES.length, template);
    },
  );
});

describe.skipIf(!hasLondon)("portraits of ../shared/data/london", () => {
  it.each(londonNames.map((name, index) => [name, index] as const))("%s", async (name, index) => {
    await check(await londonPhoto(name), (index + 1) % BRANDS.length, index % COPIES.length, "panel");
  });
});

describe("photos that resist", () => {
  it("shows a photo without a face whole in its shape, and one with a manual focus around that point", async () => {
    const photo = await samplePhoto("sample3.jpg", null);
    await check({ ...photo, faces: [], leadFace: null }, 0, 0, "panel");
    const [square] = CHANNELS;
    const brand = BRANDS[0];
    const copy = COPIES[0];
    if (!square || !brand || !copy) throw new Error("no channel");
    const renderer = await createRenderer({ out, brand, channels: [square], typesetter });
    for (const focus of [[0.2, 0.6] as const, [0.85, 0.3] as const]) {
      const { layouts } = await renderer.render({ copy, photo: { ...photo, focus } });
      const picture = layouts[0]?.picture;
      if (!picture) throw new Error("no layout");
      expect(inside([focus[0] * photo.width, focus[1] * photo.height], picture.region)).toBe(true);
    }
  });

  it("pads a photo whose head fills it from edge to edge, rather than cut it", async () => {
    const photo = await samplePhoto("sample1.jpg", 0);
    const box = { x: 330, y: 160, width: 1260, height: 960 };
    await check({ ...photo, faces: [{ box, landmarks: [] }], leadFace: 0 }, 0, 0, "panel");
  });
});
