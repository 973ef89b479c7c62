import type { RgbImage } from "../../src/io/image/index.ts";
import { cropImage } from "../../src/io/image/index.ts";

/** How different two creatives of one size look: the mean distance of colours (CIE 1976 Lab) on a grid of 24 x 24. */

const GRID = 24;

export async function lookDistance(a: RgbImage, b: RgbImage): Promise<number> {
  const [first, second] = await Promise.all([a, b].map(small));
  if (!first || !second) throw new Error("no pictures");
  let sum = 0;
  for (let at = 0; at < GRID * GRID * 3; at += 3) {
    const [one, other] = [labOf(first.data, at), labOf(second.data, at)];
    sum += Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
  }
  return sum / (GRID * GRID);
}

function small(image: RgbImage): Promise<RgbImage> {
  return cropImage(image, { x: 0, y: 0, width: image.width, height: image.height }, GRID, GRID);
}

/** sRGB to Lab under D65 (IEC 61966-2-1, CIE 15). */
function labOf(data: Uint8Array, at: number): [number, number, number] {
  const [r, g, b] = [0, 1, 2].map((c) => {
    const value = (data[at + c] ?? 0) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const bend = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116);
  const x = bend((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = bend(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = bend((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
