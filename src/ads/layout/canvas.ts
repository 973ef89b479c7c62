import type { Canvas } from "../templates/types.ts";
import type { BrandCorner, Channel } from "../types.ts";
import type { TypeScale } from "./block/types.ts";

/** Margins, corners and sizes of letters by a channel's size. */

/** Radius of large corners by the square root of the canvas's area. */
const CORNERS: Readonly<Record<BrandCorner, number>> = { square: 0, soft: 0.022, round: 0.075 };

/** A banner: so flat that text is beside the button, not above it. */
export function isStrip({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width / height > 3 && height < 200;
}

export function canvasOf({ width, height, safe }: Channel, corner: BrandCorner = "round"): Canvas {
  const base = Math.sqrt(width * height);
  const short = Math.min(width, height);
  const margin = Math.round(Math.min(0.062 * base, (isStrip({ width, height }) ? 0.11 : 0.1) * short));
  const left = Math.max(margin, safe?.left ?? 0);
  const top = Math.max(margin, safe?.top ?? 0);
  const inner = {
    x: left,
    y: top,
    width: width - left - Math.max(margin, safe?.right ?? 0),
    height: height - top - Math.max(margin, safe?.bottom ?? 0),
  };
  const open = {
    x: 0,
    y: safe?.top ?? 0,
    width,
    height: height - (safe?.top ?? 0) - (safe?.bottom ?? 0),
  };
  const radius = Math.round(Math.min(CORNERS[corner] * base, 0.3 * short));
  return { width, height, margin, radius, inner, open };
}

/** Least size of small print, px of the reader's screen and by the shorter side. */
const LEAST_LEGAL = { screen: 8.5, short: 0.0155 };

/** Least size of body text by the shorter side, and by a story's height, which phones show whole. */
const LEAST_BODY = { short: 0.026, story: 0.012 };

function leastBody({ width, height, safe }: Pick<Channel, "width" | "height" | "safe">): number {
  const isStory = safe !== undefined && height > 1.6 * width;
  return isStory ? LEAST_BODY.story * height : LEAST_BODY.short * Math.min(width, height);
}

/** The covered part looks like space around the text: letters grow with somewhat more than the open area. */
const OPEN_PART = 1.5;

/** Sizes for a canvas: they grow with the square root of its open area, or with a banner's height. */
export function typeScaleOf({ width, height, safe, density = 1 }: Channel): TypeScale {
  // Letters sized for a whole story would fill its open part.
  const open = {
    width: width - (safe?.left ?? 0) - (safe?.right ?? 0),
    height: height - (safe?.top ?? 0) - (safe?.bottom ?? 0),
  };
  const area = Math.min(width * height, OPEN_PART * open.width * open.height);
  const base = Math.min(Math.sqrt(area), 1.45 * Math.min(width, height) + 60);
  const tiny = height < 70;
  const least = leastBody({ width, height, safe });
  return {
    headline: 0.087 * base,
    short: Math.min(width, height),
    body: Math.max(0.036 * base, 12.5 * density, least),
    cta: Math.max(0.032 * base, (tiny ? 10.5 : 12) * density),
    legal: Math.max(
      LEAST_LEGAL.screen * density * (tiny ? 0.9 : 1),
      LEAST_LEGAL.short * Math.min(width, height, 1.2 * height),
    ),
    logoHeight: Math.max(0.034 * base, (tiny ? 9 : 11) * density),
    gap: 0.034 * base,
    floors: {
      headline: (tiny ? 11 : 15) * density,
      body: Math.max((tiny ? 10 : 11) * density, least),
      cta: (tiny ? 10 : 11) * density,
    },
  };
}
