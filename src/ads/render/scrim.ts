import type { RgbImage } from "../../io/image/index.ts";
import { blend, contrastOfLuminances, luminance, type Rgb, SAFE_CONTRAST } from "../color.ts";
import { clip, type Rect } from "../layout/rect.ts";

/** How opaque a scrim must be for text to stand out from the worst pixel under it. */

/** The brightest pixel of a region, for text that is lighter than the scrim. */
export function brightestIn(image: RgbImage, region: Rect): Rgb {
  const part = clip(region, { x: 0, y: 0, width: image.width, height: image.height });
  if (part === null) return [255, 255, 255];
  let brightest: Rgb = [0, 0, 0];
  let value = -1;
  const bottom = Math.min(image.height, Math.ceil(part.y + part.height));
  const right = Math.min(image.width, Math.ceil(part.x + part.width));
  for (let y = Math.floor(part.y); y < bottom; y++) {
    for (let x = Math.floor(part.x); x < right; x++) {
      const at = (y * image.width + x) * 3;
      const red = image.data[at] ?? 0;
      const green = image.data[at + 1] ?? 0;
      const blue = image.data[at + 2] ?? 0;
      const rough = 54 * red + 183 * green + 19 * blue;
      if (rough > value) {
        value = rough;
        brightest = [red, green, blue];
      }
    }
  }
  return brightest;
}

/** The least opacity in [0, 1] at which `text` has the contrast it needs over `scrim` over `worst`. */
export function scrimOpacity(worst: Rgb, scrim: Rgb, text: Rgb): number {
  const textLuminance = luminance(text);
  const enough = (opacity: number) =>
    contrastOfLuminances(luminance(blend(scrim, worst, opacity)), textLuminance) >= SAFE_CONTRAST;
  for (let percent = 0; percent < 100; percent++) if (enough(percent / 100)) return percent / 100;
  return 1;
}

/** Stops of a gradient that eases from full opacity to none without a visible edge. */
export function easedStops(color: string, opacity: number, from: number, to: number): string {
  const steps = 10;
  return Array.from({ length: steps + 1 }, (_, index) => {
    const t = index / steps;
    const eased = 1 - t * t * (3 - 2 * t);
    const offset = from + (to - from) * t;
    return `<stop offset="${offset.toFixed(4)}" stop-color="${color}" stop-opacity="${(opacity * eased).toFixed(4)}"/>`;
  }).join("");
}
