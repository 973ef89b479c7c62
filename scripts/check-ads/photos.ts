import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { AdPhoto } from "../../src/ads/index.ts";
import type { FaceEngine } from "../../src/faces/index.ts";
import { hashFile } from "../../src/io/files.ts";
import type { RgbImage } from "../../src/io/image/index.ts";

/** Real photos with the faces that the engine really finds: portraits, small snapshots with people behind, groups. */

const DATA = resolve(import.meta.dirname, "../../../shared/data");
const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo",
);

function every(folder: string, count: number): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jpg"))
    .sort();
  const step = Math.max(1, Math.floor(files.length / count));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map((name) => join(folder, name));
}

/** @returns paths: 30 in 100 from the London set, the six group samples, the rest from Labeled Faces in the Wild */
export function photoPaths(count: number): string[] {
  const samples = readdirSync(SAMPLES)
    .filter((name) => /^sample\d\.jpg$/.test(name))
    .map((name) => join(SAMPLES, name))
    .slice(0, count);
  const london = every(join(DATA, "london/smiling"), Math.round((count - samples.length) * 0.32));
  const lfw = every(join(DATA, "lfw/images"), count - samples.length - london.length);
  return [...samples, ...london, ...lfw];
}

/** Describes a photo; groups are led by each of their people in turn. */
export async function describePhoto(path: string, engine: FaceEngine, turn: number): Promise<AdPhoto> {
  const { width, height, faces } = await engine.describe(path);
  const leadFace = faces.length === 0 ? null : turn % faces.length;
  return {
    path,
    hash: await hashFile(path),
    width,
    height,
    faces: faces.map(({ box, landmarks }) => ({ box, landmarks })),
    leadFace,
    focus: null,
  };
}

/** Mean brightness of the middle of the leading face, and of the photo's upper twentieth, 0 to 255. */
export function tonesOf(photo: AdPhoto, source: RgbImage): { face: number; ground: number } {
  const box = photo.faces[photo.leadFace ?? 0]?.box;
  const middle = box && {
    x: box.x + 0.25 * box.width,
    y: box.y + 0.25 * box.height,
    width: 0.5 * box.width,
    height: 0.5 * box.height,
  };
  const above = { x: 0, y: 0, width: source.width, height: 0.05 * source.height };
  return { face: brightnessOf(source, middle ?? above), ground: brightnessOf(source, above) };
}

function brightnessOf(
  { data, width, height }: RgbImage,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, Math.floor(part.y)); y < Math.min(height, part.y + part.height); y++) {
    for (let x = Math.max(0, Math.floor(part.x)); x < Math.min(width, part.x + part.width); x++) {
      const at = (y * width + x) * 3;
      sum += 0.3 * (data[at] ?? 0) + 0.59 * (data[at + 1] ?? 0) + 0.11 * (data[at + 2] ?? 0);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}
