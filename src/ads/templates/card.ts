import { besidePhoto, isLandscape, isStrip, isTall, isWide, readable, stripPhotos, wholeOf } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A paper card over the photo; if heads leave no space, it overlaps the photo's edge. */
export const CARD: Template = {
  id: "card",
  arrange: (canvas) => {
    if (isStrip(canvas)) return stripCards(canvas);
    return [...floating(canvas), ...leaningBelow(canvas), ...leaningBeside(canvas)];
  },
};

/** Distance of a card from the canvas's edge, by the margin. */
const EDGE = 0.7;
/** Where the photo ends below a card that overlaps its edge, by the open part. */
const LEAN_SHARES = [0.72, 0.66, 0.6, 0.54, 0.48, 0.42, 0.36];
const SIDE_SHARES = [0.46, 0.52, 0.58, 0.64, 0.7];

/** Cards over a photo that fills the canvas, beside the person. */
function floating(canvas: Canvas): Arrangement[] {
  if (!isLandscape(canvas)) return [];
  const { width, height, margin } = canvas;
  const edge = margin * EDGE;
  return [0.46, 0.52, 0.58].flatMap((share) => {
    const left = { x: edge, y: edge, width: Math.round(width * share) - edge, height: height - 2 * edge };
    return besidePhoto(canvas, (place) => ({
      slot: wholeOf(canvas),
      ground: { rect: place(left), surface: "paper", shape: "card" },
      textBox: readable(canvas, place(left), margin * 0.85),
      flow: "stack",
      bias: Math.abs(share - 0.52),
    }));
  });
}

/** The photo ends behind the card; a tinted ground is below it. */
function leaningBelow(canvas: Canvas): Arrangement[] {
  if (!isTall(canvas)) return [];
  const { width, height, margin, inner, open } = canvas;
  const edge = margin * EDGE;
  const lap = Math.round(margin * 1.1);
  // The card ends above the part that the platform covers.
  const foot = Math.min(height - edge, inner.y + inner.height + margin * 0.8);
  return LEAN_SHARES.flatMap((share) => {
    const y = Math.round((open.y + open.height) * share);
    const rect = { x: edge, y: y - lap, width: width - 2 * edge, height: foot - y + lap };
    const below = {
      side: "bottom",
      slot: { x: 0, y: 0, width, height: y },
      ground: { rect, surface: "paper", shape: "card" },
      textBox: readable(canvas, rect, margin * 0.8),
      base: "tint",
      flow: "stack",
      anchor: "middle",
    } as const;
    const bias = Math.abs(share - 0.56) + (isLandscape(canvas) ? 1.6 : 0);
    return [
      { ...below, logo: "beside-button", bias },
      { ...below, logo: "above", bias: bias + 0.3 },
    ] as const;
  });
}

function leaningBeside(canvas: Canvas): Arrangement[] {
  if (!isWide(canvas)) return [];
  const { width, height, margin } = canvas;
  const edge = margin * EDGE;
  const lap = Math.round(margin * 1.1);
  return SIDE_SHARES.flatMap((share) => {
    const column = Math.round(width * share);
    const left = { x: edge, y: edge, width: column - edge, height: height - 2 * edge };
    const slot = { x: column - lap, y: 0, width: width - column + lap, height };
    const bias = 0.9 + Math.abs(share - 0.52) + (isLandscape(canvas) ? 0 : 1.4);
    return besidePhoto(canvas, (place) => ({
      slot: place(slot),
      ground: { rect: place(left), surface: "paper", shape: "card" },
      textBox: readable(canvas, place(left), margin * 0.85),
      base: "tint",
      flow: "stack",
      bias,
    }));
  });
}

/** A banner: the card beside the photo, on the brand's colour. */
function stripCards(canvas: Canvas): Arrangement[] {
  const { width, height, margin } = canvas;
  const edge = Math.round((height < 70 ? 0.06 : 0.09) * height);
  return stripPhotos(canvas).map(({ photo, bias }) => {
    const rect = { x: photo - 2 * edge, y: edge, width: width - photo + edge, height: height - 2 * edge };
    return {
      side: "right",
      slot: { x: 0, y: 0, width: photo, height },
      ground: { rect, surface: "paper", shape: "card" },
      textBox: readable(
        canvas,
        { ...rect, x: rect.x + margin * 0.5, width: rect.width - margin },
        height < 70 ? 2 : edge,
      ),
      base: "brand",
      flow: "row",
      logo: "above",
      bias,
    };
  });
}
