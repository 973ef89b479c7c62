import type { CreativeLayout, Rgb } from "../../src/ads/index.ts";
import type { RgbImage } from "../../src/image.ts";

/** Contrast and letters as they are in a file. */

type Box = CreativeLayout["headline"];

const LINEAR = Float64Array.from({ length: 256 }, (_, value) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

function luminanceAt({ data }: RgbImage, pixel: number): number {
  const i = pixel * 3;
  return (
    0.2126 * (LINEAR[data[i] ?? 0] ?? 0) +
    0.7152 * (LINEAR[data[i + 1] ?? 0] ?? 0) +
    0.0722 * (LINEAR[data[i + 2] ?? 0] ?? 0)
  );
}

/** A letter's pixel: nearly the colour of the text, as far as lossy files keep it. */
const INK = 1.25;

/**
 * The contrast of a text's colour with the worst spot of its box that belongs to no letter: the mean of 3 x 3 pixels,
 * because the noise of compression is finer than what an eye reads against. Thin strokes never reach their full colour,
 * so pixels beside a steep step are taken for letters' edges.
 */
export function worstContrast(image: RgbImage, box: Box, ink: Rgb): { worst: number; inked: number } {
  const left = Math.max(2, Math.floor(box.x));
  const top = Math.max(2, Math.floor(box.y));
  const right = Math.min(image.width - 2, Math.ceil(box.x + box.width));
  const bottom = Math.min(image.height - 2, Math.ceil(box.y + box.height));
  const width = right - left + 4;
  const letter =
    0.2126 * (LINEAR[Math.round(ink[0])] ?? 0) +
    0.7152 * (LINEAR[Math.round(ink[1])] ?? 0) +
    0.0722 * (LINEAR[Math.round(ink[2])] ?? 0);
  const ratio = (value: number) => (Math.max(value, letter) + 0.05) / (Math.min(value, letter) + 0.05);
  const values = new Float64Array(width * (bottom - top + 4));
  for (let y = top - 2; y < bottom + 2; y++) {
    for (let x = left - 2; x < right + 2; x++) {
      values[(y - top + 2) * width + x - left + 2] = luminanceAt(image, y * image.width + x);
    }
  }
  let worst = 21;
  let inked = 0;
  for (let y = 2; y < bottom - top + 2; y++) {
    for (let x = 2; x < width - 2; x++) {
      const here = ratio(values[y * width + x] ?? 0);
      if (here < INK) inked++;
      else if (here < worst) worst = Math.min(worst, groundContrast(x, y, here) ?? worst);
    }
  }
  return { worst, inked };

  function groundContrast(x: number, y: number, here: number): number | null {
    let sum = 0;
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const value = values[(y + dy) * width + x + dx] ?? 0;
        if (Math.abs(ratio(value) - here) > 0.22 * here) return null;
        if (Math.abs(dx) < 2 && Math.abs(dy) < 2) sum += value;
      }
    }
    const mean = ratio(sum / 9);
    // Inside of a thick stroke.
    return mean < INK ? null : mean;
  }
}

/** How many pixels of the text's colour stand in the outermost 2 % of a flat panel: letters that ran out of it. */
export function inkEdges(image: RgbImage, panel: Box, ink: Rgb): number {
  const rim = Math.max(2, Math.round(0.02 * Math.min(panel.width, panel.height)));
  const x0 = Math.max(0, Math.ceil(panel.x) + 1);
  const x1 = Math.min(image.width, Math.floor(panel.x + panel.width) - 1);
  const y1 = Math.min(image.height, Math.floor(panel.y + panel.height) - 1);
  const y0 = Math.max(0, Math.ceil(panel.y + panel.height * 0.5));
  // Round and slanted corners show the photo.
  const corner = 0.2 * Math.min(panel.width, panel.height);
  let stray = 0;
  for (let y = y0; y < y1; y++) {
    const foot = y >= image.height - rim && y1 >= image.height - 2;
    for (let x = x0; x < x1; x++) {
      const side = x >= image.width - rim && x1 >= image.width - 2;
      const inCorner = Math.min(x - x0, x1 - x) < corner && Math.min(y - y0, y1 - y) < corner;
      if ((foot || side) && !inCorner && isInk(image, y * image.width + x, ink)) stray++;
    }
  }
  return stray;
}

function isInk({ data }: RgbImage, pixel: number, ink: Rgb): boolean {
  return [0, 1, 2].every((channel) => Math.abs((data[pixel * 3 + channel] ?? 0) - (ink[channel] ?? 0)) < 24);
}
