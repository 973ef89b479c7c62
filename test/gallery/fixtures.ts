import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { createRandom } from "../../src/core/index.ts";
import { encodeImage, type RgbImage } from "../../src/io/image/index.ts";

export const SAMPLES = resolve(import.meta.dirname, "../../node_modules/@vladmandic/face-api/demo");

/** A picture of coarse random blocks; the same seed gives the same picture. */
export function blocks(seed: number, width = 64, height = 64): RgbImage {
  const random = createRandom(seed);
  const levels = Float64Array.from({ length: 8 * 16 }, () => random() * 255);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = levels[Math.floor((y * 16) / height) * 8 + Math.floor((x * 8) / width)] ?? 0;
      data.fill(level, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, data };
}

export async function writePhoto(path: string, image: RgbImage): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await encodeImage(image, { format: "png" }));
  return path;
}

/** `a.png`, `b.png`, ... of different pictures. */
export async function writePhotos(folder: string, names: string): Promise<string[]> {
  return Promise.all(
    [...names].map((name) => writePhoto(join(folder, `${name}.png`), blocks(name.charCodeAt(0)))),
  );
}

export async function copySample(number: number, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, await readFile(join(SAMPLES, `sample${number}.jpg`)));
  return to;
}
