import type { Rgb } from "../../src/ads/index.ts";
import type { RgbImage } from "../../src/io/image/index.ts";
import type { Box } from "./boxes.ts";

/** Contrast and letters as they are in a file. */

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
  const ratio = (value: number) =>
    value > letter ? (value + 0.05) / (letter + 0.05) : (letter + 0.05) / (value + 0.05);
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

/**
 * Letters on a flat panel that stand outside of every known part: how many pixels have a text's colour and the panel's
 * own beside them. (What the photo shows at a round or slanted corner has not.)
 */
export function strayInk(
  image: RgbImage,
  panel: Box,
  { known, inks }: { readonly known: readonly Box[]; readonly inks: readonly Rgb[] },
): number {
  const x0 = Math.max(2, Math.ceil(panel.x));
  const y0 = Math.max(2, Math.ceil(panel.y));
  const x1 = Math.min(image.width - 2, Math.floor(panel.x + panel.width));
  const y1 = Math.min(image.height - 2, Math.floor(panel.y + panel.height));
  const fill = medianColor(image, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
  let stray = 0;
  for (let y = y0; y < y1; y++) {
    const row = known.filter((box) => y >= box.y && y <= box.y + box.height);
    for (let x = x0; x < x1; x++) {
      if (!inks.some((ink) => isNear(image, [x, y], ink))) continue;
      if (row.some((box) => x >= box.x && x <= box.x + box.width)) continue;
      if (isNear(image, [x, y], fill)) continue;
      if (standsOn(image, x, y, fill)) stray++;
    }
  }
  return stray;
}

/** Whether the panel's colour shows on both sides of a pixel, a letter's breadth away at the most. */
function standsOn(image: RgbImage, x: number, y: number, fill: Rgb): boolean {
  const reach = Math.max(6, Math.round(0.02 * Math.max(image.width, image.height)));
  const meets = (dx: number, dy: number) => {
    for (let step = 1; step <= reach; step++) {
      const atX = x + dx * step;
      const atY = y + dy * step;
      if (atX < 0 || atY < 0 || atX >= image.width || atY >= image.height) return true;
      if (isNear(image, [atX, atY], fill, 10)) return true;
    }
    return false;
  };
  return meets(-1, 0) && meets(1, 0) && meets(0, -1) && meets(0, 1);
}

function medianColor(image: RgbImage, box: Box): Rgb {
  const step = Math.max(1, Math.floor(Math.sqrt((box.width * box.height) / 4000)));
  const values: [number[], number[], number[]] = [[], [], []];
  for (let y = box.y; y < box.y + box.height; y += step) {
    for (let x = box.x; x < box.x + box.width; x += step) {
      for (const channel of [0, 1, 2] as const) {
        values[channel].push(image.data[(y * image.width + x) * 3 + channel] ?? 0);
      }
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
  return [median(values[0]), median(values[1]), median(values[2])];
}

function isNear({ data, width }: RgbImage, [x, y]: readonly [number, number], color: Rgb, by = 24): boolean {
  const at = (y * width + x) * 3;
  return (
    Math.abs((data[at] ?? 0) - color[0]) < by &&
    Math.abs((data[at + 1] ?? 0) - color[1]) < by &&
    Math.abs((data[at + 2] ?? 0) - color[2]) < by
  );
}
