import type { RgbImage } from "../../io/image/index.ts";
import { blend, contrastOfLuminances, luminance, type Rgb, SAFE_CONTRAST } from "../color.ts";
import { clip, type Rect } from "../layout/rect.ts";
import type { Side } from "../templates/types.ts";

/** Opacity of a scrim for enough contrast of text with the worst pixel under it. */

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

/** The darkest and the brightest colour of a region, on a grid of about 400 places: for backdrops, which are smooth. */
export interface ColorRange {
  readonly darkest: Rgb;
  readonly brightest: Rgb;
}

const PLACES = 20;

export function rangeIn(image: RgbImage, region: Rect): ColorRange | null {
  const part = clip(region, { x: 0, y: 0, width: image.width, height: image.height });
  if (part === null) return null;
  let darkest: Rgb = [255, 255, 255];
  let brightest: Rgb = [0, 0, 0];
  for (let row = 0; row <= PLACES; row++) {
    for (let column = 0; column <= PLACES; column++) {
      const x = Math.min(image.width - 1, Math.floor(part.x + (part.width * column) / PLACES));
      const y = Math.min(image.height - 1, Math.floor(part.y + (part.height * row) / PLACES));
      const at = (y * image.width + x) * 3;
      const color: Rgb = [image.data[at] ?? 0, image.data[at + 1] ?? 0, image.data[at + 2] ?? 0];
      if (luminance(color) < luminance(darkest)) darkest = color;
      if (luminance(color) > luminance(brightest)) brightest = color;
    }
  }
  return { darkest, brightest };
}

/** A larger contrast is more than a backdrop's own shading. */
const SMOOTH = 2.2;

export function isSmooth({ darkest, brightest }: ColorRange): boolean {
  return contrastOfLuminances(luminance(darkest), luminance(brightest)) <= SMOOTH;
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

/**
 * A photo fades out over this share of the creative; towards its foot over at most `wide` of the width, so that no chin of
 * a tall canvas lies in it, but never over less than `least`.
 */
const EASE = { most: 0.17, wide: 0.21, least: 0.1 };

/** Length of a fade as a share of the creative's width, or of its height for a text above or below the photo. */
export function fadeLength(
  { width, height }: { readonly width: number; readonly height: number },
  side: Side,
): number {
  const isBeside = side === "left" || side === "right";
  return isBeside ? EASE.most : Math.min(EASE.most, Math.max(EASE.least, (EASE.wide * width) / height));
}

/** A ground that has to be denser hides the photo below the text: what is left of a light backdrop looks like smog. */
const DENSE = 0.35;

/** Opaque from the creative's edge to the photo's end, as dense as the text needs up to `from`, then clear. */
export function fadeStops(
  color: string,
  opacity: number,
  { from, end, length }: { readonly from: number; readonly end: number; readonly length: number },
): string {
  const ends = Math.min(1, end + 0.004);
  const reach = Math.min(1, Math.max(from, ends) + length);
  if (ends >= from || opacity > DENSE)
    return easedStops(color, 1, Math.max(ends, opacity > DENSE ? from : 0), reach);
  // The photo fades in below the text.
  const middle = [0.25, 0.5, 0.75, 1].map((t) => {
    const eased = 1 - (1 - opacity) * t * t * (3 - 2 * t);
    return `<stop offset="${(ends + (from - ends) * t).toFixed(4)}" stop-color="${color}" stop-opacity="${eased.toFixed(4)}"/>`;
  });
  const start = `<stop offset="${ends.toFixed(4)}" stop-color="${color}" stop-opacity="1"/>`;
  return start + middle.join("") + easedStops(color, opacity, from, reach);
}
