import { BLEED } from "./bleed.ts";
import { flipped, isFootCovered, isStrip, isWide, stripPhotos, wholeOf } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/**
 * The portrait fills the canvas, and the text is on its plain backdrop, without a panel or scrim.
 */
export const PORTRAIT: Template = {
  id: "portrait",
  arrange: (canvas) => [...own(canvas), ...lent(canvas)],
};

const COLUMNS = [0.46, 0.52, 0.58];
const TOPS = [0.36, 0.42, 0.48, 0.54, 0.6];
/** In a banner, a small head is lost on a wide backdrop; it has to stand well there. */
const LOST = 1.6;
/** Penalty of the composition of `bleed`, for photos without a plain backdrop. */
const LENT = 7.5;

function own(canvas: Canvas): Arrangement[] {
  if (isStrip(canvas)) return rows(canvas);
  return isWide(canvas) ? columns(canvas) : tops(canvas);
}

function columns(canvas: Canvas): Arrangement[] {
  const { width, inner } = canvas;
  return COLUMNS.flatMap((share, index) =>
    (["left", "right"] as const).map((side, turn): Arrangement => {
      const left = { ...inner, width: Math.round(width * share) - inner.x };
      return {
        side,
        slot: wholeOf(canvas),
        ground: null,
        veil: "quiet",
        textBox: side === "left" ? left : flipped(canvas, left),
        flow: "stack",
        logo: "above",
        bias: 0.4 * index + 0.15 * turn,
      };
    }),
  );
}

function tops(canvas: Canvas): Arrangement[] {
  const { width, height, inner, open } = canvas;
  // Below the open part, the brand's colour replaces the missing body of the photo.
  const foot = isFootCovered(canvas) ? open.y + open.height + Math.round(0.06 * height) : height;
  return TOPS.map((share, index) => ({
    side: "top",
    slot: { x: 0, y: 0, width, height: foot },
    ground: null,
    veil: "quiet",
    textBox: { ...inner, height: Math.round(inner.height * share) },
    base: "brand",
    flow: "stack",
    logo: "beside-button",
    anchor: "start",
    bias: 0.2 * index,
  }));
}

function rows(canvas: Canvas): Arrangement[] {
  const { height, inner } = canvas;
  return stripPhotos(canvas).map(({ photo, bias }) => {
    const x = photo + Math.round(0.15 * height);
    return {
      side: "right",
      slot: wholeOf(canvas),
      ground: null,
      veil: "quiet",
      textBox: { ...inner, x, width: inner.x + inner.width - x },
      flow: "row",
      logo: "above",
      bias: bias + LOST,
    };
  });
}

function lent(canvas: Canvas): Arrangement[] {
  return BLEED.arrange(canvas).map((arrangement) => ({
    ...arrangement,
    from: BLEED.id,
    bias: arrangement.bias + LENT,
  }));
}
