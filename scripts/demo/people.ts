import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Box, FaceEngine } from "lookalike-ads";
import {
  cropImage,
  decodePhoto,
  encodeImage,
  type RgbImage,
  rasterizeSvg,
} from "../../src/io/image/index.ts";

/**
 * The sample photos of the face-api package show the same people in several pictures. Four of them become the
 * campaign's inventory, the faces of the other two the customers' portraits.
 */
const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo",
);

const INVENTORY: Readonly<Record<string, string>> = {
  "evening-bar.jpg": "sample1.jpg",
  "sofa.jpg": "sample2.jpg",
  "stairs.jpg": "sample5.jpg",
  "window.jpg": "sample6.jpg",
};

/** Below this the detector may have found a face where there is none. */
const SURE = 0.5;

const PORTRAITS_FROM = ["sample3.jpg", "sample4.jpg"];

export async function fillInventory(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, sample] of Object.entries(INVENTORY)) {
    await copyFile(join(SAMPLES, sample), join(folder, name));
  }
}

/** @returns the portraits' file names, by photo and from left to right */
export async function cutPortraits(engine: FaceEngine, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name));
  const names: string[] = [];
  for (const sample of PORTRAITS_FROM) {
    const { faces } = await engine.describe(join(SAMPLES, sample));
    const people = faces.filter(({ score }) => score > SURE);
    for (const { box } of people.toSorted((a, b) => a.box.x - b.box.x)) {
      const portrait = await cutFace(join(SAMPLES, sample), box, 480);
      const name = `portrait-${names.length + 1}.jpg`;
      await writeFile(join(folder, name), await encodeImage(portrait, { format: "jpeg", quality: 92 }));
      names.push(name);
    }
  }
  return names;
}

/** A square of `side` px around a face, with the hair and some air. */
export async function cutFace(path: string, { x, y, width, height }: Box, side: number): Promise<RgbImage> {
  const { image, scaleX } = await decodePhoto(path);
  const size = Math.min((2 * Math.max(width, height)) / scaleX, image.width, image.height);
  const left = Math.min(Math.max(0, (x + width / 2) / scaleX - size / 2), image.width - size);
  const top = Math.min(Math.max(0, (y + height * 0.45) / scaleX - size / 2), image.height - size);
  return cropImage(image, { x: left, y: top, width: size, height: size }, side, side);
}

/** A picture without anybody on it, for the customer who uploaded one. */
export async function drawSunset(path: string): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480">
    <defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="#23395d"/><stop offset=".6" stop-color="#f08a5d"/>
    <stop offset=".62" stop-color="#274156"/><stop offset="1" stop-color="#0d1b2a"/></linearGradient></defs>
    <rect width="480" height="480" fill="url(#s)"/><circle cx="240" cy="270" r="46" fill="#ffe3b3"/>
    <rect y="292" width="480" height="188" fill="#1b3244"/></svg>`;
  await writeFile(path, await encodeImage(await rasterizeSvg(svg), { format: "jpeg", quality: 90 }));
}
