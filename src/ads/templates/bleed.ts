import { besidePhoto, isLandscape, isStrip, isWide, stripPhotos, wholeOf } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** The photo fills the canvas; if its people leave no space for the text, it fades into a dark ground. */
export const BLEED: Template = {
  id: "bleed",
  arrange: (canvas) => (isStrip(canvas) ? bands(canvas) : [...feet(canvas), ...columns(canvas)]),
};

/** Where the photo ends behind the text, by the canvas; 1: it fills the canvas. */
const FOOT_SHARES = [1, 0.82, 0.74, 0.66, 0.58, 0.5];
const SIDE_SHARES = [1, 0.74, 0.66, 0.58, 0.5];
const COLUMN = 0.5;
/** How far the text may reach above the photo's end: the more of the photo shows, the smaller the text. */
const LAP = 0.1;

function feet(canvas: Canvas): Arrangement[] {
  if (isLandscape(canvas) && canvas.width / canvas.height > 1.6) return [];
  const { inner, open, height } = canvas;
  // The part that the platform covers at the bottom shows the dark ground: shares are of the open part.
  const last = open.y + open.height;
  return FOOT_SHARES.flatMap((share) =>
    (["beside-button", "above"] as const).map((logo, index): Arrangement => {
      const slot = { ...wholeOf(canvas), height: share === 1 ? height : Math.round(last * share) };
      const bias = (share === 1 ? 0 : 0.3) + 0.4 * index + (isLandscape(canvas) ? 1.2 : 0);
      const veil = share === 1 ? "scrim" : "fade";
      const top = inner.height * (share === 1 ? 0.32 : Math.max(0.32, share - LAP));
      return {
        side: "bottom",
        slot,
        ground: null,
        veil,
        textBox: { ...inner, y: inner.y + top, height: inner.height - top },
        flow: "stack",
        logo,
        anchor: "end",
        bias,
      };
    }),
  );
}

function columns(canvas: Canvas): Arrangement[] {
  if (!isWide(canvas)) return [];
  const { width, inner } = canvas;
  const left = { ...inner, width: Math.round(width * COLUMN) - inner.x };
  const from = isLandscape(canvas) ? 0 : 1.4;
  return SIDE_SHARES.flatMap((share) => {
    const slot = { ...wholeOf(canvas), x: Math.round(width * (1 - share)), width: Math.round(width * share) };
    return besidePhoto(canvas, (place) => ({
      slot: place(slot),
      ground: null,
      veil: share === 1 ? "scrim" : "fade",
      textBox: place(left),
      flow: "stack",
      bias: from + (share === 1 ? 0 : 0.3),
    }));
  });
}

/** A banner: the photo at its start fades out under the text. */
function bands(canvas: Canvas): Arrangement[] {
  const { height, margin, inner } = canvas;
  return stripPhotos(canvas).map(({ photo, bias }) => {
    const x = photo + Math.round(0.5 * height) + margin * 0.4;
    return {
      side: "right",
      slot: { x: 0, y: 0, width: photo + height, height },
      ground: null,
      veil: "fade",
      textBox: { ...inner, x, width: inner.x + inner.width - x },
      flow: "row",
      logo: "above",
      bias,
    };
  });
}
