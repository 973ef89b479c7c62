import type { RgbaImage } from "../../io/image/index.ts";
import { contrastOfLuminances, luminance, MIN_CONTRAST_LARGE, type Rgb } from "../color.ts";

/** How much of a picture with transparent parts would be lost on what lies behind it. */

/** Less opaque pixels are the soft rim of a shape, or not there at all. */
const VISIBLE_ALPHA = 128;
/**
 * A part with at least this share of its outline against readable parts is seen by them, as white letters on a badge
 * are.
 */
const HELD_SHARE = 1 / 3;

const CLEAR = 0;
const READABLE = 1;
const FAINT = 2;
const VISITED = 3;

/** The colour behind a pixel of the picture. */
export type Behind = (x: number, y: number) => Rgb;

/**
 * The share of the visible pixels, in [0, 1], with too little contrast to the ground (WCAG's 3 : 1 for graphics) and
 * the readable parts of the picture around them.
 */
export function lostShare(picture: RgbaImage, behind: Behind): number {
  const { width, height } = picture;
  const kinds = kindsOf(picture, behind);
  let visible = 0;
  let lost = 0;
  for (let at = 0; at < width * height; at++) {
    if (kinds[at] !== CLEAR) visible++;
    if (kinds[at] !== FAINT) continue;
    const part = followPart(kinds, at, width);
    if (part.held < HELD_SHARE * part.outline) lost += part.pixels;
  }
  return visible === 0 ? 0 : lost / visible;
}

function kindsOf({ width, height, data }: RgbaImage, behind: Behind): Uint8Array {
  const kinds = new Uint8Array(width * height);
  for (let at = 0; at < kinds.length; at++) {
    if ((data[at * 4 + 3] ?? 0) < VISIBLE_ALPHA) continue;
    const own = luminance([data[at * 4] ?? 0, data[at * 4 + 1] ?? 0, data[at * 4 + 2] ?? 0]);
    const ground = luminance(behind(at % width, Math.floor(at / width)));
    kinds[at] = contrastOfLuminances(own, ground) >= MIN_CONTRAST_LARGE ? READABLE : FAINT;
  }
  return kinds;
}

interface Part {
  readonly pixels: number;
  /** Sides of pixels towards anything else. */
  readonly outline: number;
  /** Those of them towards readable pixels. */
  readonly held: number;
}

/** The connected faint pixels around one of them, which are marked as visited. */
function followPart(kinds: Uint8Array, start: number, width: number): Part {
  const open = [start];
  const part = { pixels: 0, outline: 0, held: 0 };
  kinds[start] = VISITED;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    part.pixels++;
    for (const next of neighbours(at, width, kinds.length)) {
      const kind = next === null ? CLEAR : kinds[next];
      if (next !== null && kind === FAINT) {
        kinds[next] = VISITED;
        open.push(next);
      }
      if (kind === CLEAR || kind === READABLE) part.outline++;
      if (kind === READABLE) part.held++;
    }
  }
  return part;
}

/** Left, right, above and below; null beyond the picture's edge. */
function neighbours(at: number, width: number, pixels: number): readonly (number | null)[] {
  const column = at % width;
  return [
    column > 0 ? at - 1 : null,
    column < width - 1 ? at + 1 : null,
    at >= width ? at - width : null,
    at + width < pixels ? at + width : null,
  ];
}
