import { isStrip } from "../layout/canvas.ts";
import { clip, grow, type Rect } from "../layout/rect.ts";
import type { Arrangement, Canvas, LogoPlace, Surface } from "./types.ts";

/** Divisions of a canvas common to templates. */

/** Wider than high: text may be beside the photo. */
export function isWide({ width, height }: Canvas): boolean {
  return width / height > 0.85;
}

/** So flat that the text should be beside the photo. */
export function isLandscape({ width, height }: Canvas): boolean {
  return width / height > 1.12;
}

/** Text may be below the photo. */
export function isTall({ width, height }: Canvas): boolean {
  return width / height < 1.6;
}

/** The platform's own buttons cover much of the bottom. */
export function isFootCovered({ height, open }: Canvas): boolean {
  return open.y + open.height < 0.8 * height;
}

/** The brand has round corners, not soft or square ones. */
export function isRoundCornered({ width, height, radius }: Canvas): boolean {
  return radius > 0.04 * Math.sqrt(width * height) || radius >= 0.29 * Math.min(width, height);
}

export { isStrip };

/** The part of a region for text: `padding` inside the region, and inside the canvas's readable part. */
export function readable(canvas: Canvas, region: Rect, padding = canvas.margin): Rect {
  const inside = clip(grow(region, -padding), canvas.inner);
  return inside ?? { ...region, width: 1, height: 1 };
}

/**
 * A column of text beside the photo, on the left and on the right, with the places of the logo that suit its height.
 *
 * @param make the arrangement with the text on the left, by what puts a rectangle on the side that is meant
 */
export function besidePhoto(
  canvas: Canvas,
  make: (place: (left: Rect) => Rect) => Omit<Arrangement, "side" | "logo">,
): Arrangement[] {
  return (["left", "right"] as const).flatMap((side, index) => {
    const arrangement = make((left) => (side === "left" ? left : flipped(canvas, left)));
    return sideLogos(canvas).map(({ logo, cost }) => {
      return { ...arrangement, side, logo, bias: arrangement.bias + 0.15 * index + cost };
    });
  });
}

/**
 * At the top of the column; in low ones beside the button, or above the headline where the column is too narrow for
 * button and logo in a row. With what it costs.
 */
function sideLogos({ height }: Canvas): readonly { readonly logo: LogoPlace; readonly cost: number }[] {
  if (height >= 260) return [{ logo: "apart", cost: 0 }];
  return [
    { logo: "beside-button", cost: 0 },
    { logo: "above", cost: 0.2 },
  ];
}

export function wholeOf({ width, height }: Canvas): Rect {
  return { x: 0, y: 0, width, height };
}

/** A rectangle seen from the other side of the canvas. */
export function flipped({ width }: Canvas, rect: Rect): Rect {
  return { ...rect, x: width - rect.x - rect.width };
}

export interface StripLook {
  readonly surface: Surface;
  readonly accent?: boolean;
  readonly shape?: "plain" | "open" | "slant";
}

/** Photo to canvas height of a banner's photo. */
const STRIP_PHOTOS = [1.35, 1, 1.7, 2.1, 2.6];

/** A banner: the photo at its start, text and button in a row beside it. */
export function strips(
  canvas: Canvas,
  { surface, accent = false, shape = "plain" }: StripLook,
): Arrangement[] {
  return stripPhotos(canvas).map(({ photo, bias }) => {
    const { width, height, margin } = canvas;
    const under = shape === "plain" ? 0 : Math.round(height * 0.3);
    const rect = { x: photo, y: 0, width: width - photo, height };
    const indent = shape === "slant" ? under : 0;
    return {
      side: "right",
      slot: { x: 0, y: 0, width: photo + under, height },
      ground: { rect, surface, shape },
      textBox: readable(canvas, {
        ...rect,
        x: rect.x + margin * 0.4 + indent,
        width: rect.width - margin * 0.4 - indent,
      }),
      flow: "row",
      logo: "above",
      accent,
      bias,
    };
  });
}

/** Widths that a banner's photo may have, px, the preferred first. */
export function stripPhotos({ width, height }: Canvas): { readonly photo: number; readonly bias: number }[] {
  return STRIP_PHOTOS.filter((share) => share * height < 0.42 * width).map((share, index) => ({
    photo: Math.round(share * height),
    bias: 0.4 * index,
  }));
}
