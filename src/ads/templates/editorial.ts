import { besidePhoto, isFootCovered, isLandscape, isStrip, isWide, readable, stripPhotos } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A magazine page: paper, a framed photo, a serif headline under a short rule in the brand's colour. */
export const EDITORIAL: Template = {
  id: "editorial",
  voice: "serif",
  arrange: (canvas) => {
    if (isStrip(canvas)) return stripPages(canvas);
    if (isLandscape(canvas)) return split(canvas);
    return [...stacked(canvas), ...(isWide(canvas) ? split(canvas) : [])];
  },
};

const PHOTO_SHARES = [0.66, 0.6, 0.54, 0.48, 0.42, 0.36];
const COLUMN_SHARES = [0.46, 0.5, 0.54, 0.6, 0.66];
/** The paper around the photo, in margins. */
const FRAME = 0.7;

function stacked(canvas: Canvas): Arrangement[] {
  const { width, height, margin, radius, open } = canvas;
  const frame = Math.round(margin * FRAME);
  const last = isFootCovered(canvas) ? open.y + open.height : height;
  const top = Math.max(frame, isFootCovered(canvas) ? Math.round(open.y * 0.85) : 0);
  return PHOTO_SHARES.flatMap((share): Arrangement[] => {
    const y = Math.round(last * share);
    const rect = { x: 0, y, width, height: height - y };
    const text = { ...rect, y: y + margin * 0.2, height: rect.height - margin * 0.2 };
    const shared = {
      side: "bottom",
      slot: { x: frame, y: top, width: width - 2 * frame, height: y - top },
      slotRadius: radius * 0.3,
      ground: { rect, surface: "paper", shape: "plain" },
      textBox: readable(canvas, text, margin * 0.8),
      flow: "stack",
      accent: true,
    } as const;
    const bias = Math.abs(share - 0.54) * 2;
    const beside: Arrangement = { ...shared, logo: "beside-button", bias };
    // Squares are wide enough for button and logo in a row.
    return isWide(canvas) ? [beside] : [beside, { ...shared, logo: "above", bias: bias + 0.4 }];
  });
}

function split(canvas: Canvas): Arrangement[] {
  const { width, height, margin, radius } = canvas;
  const frame = Math.round(margin * FRAME);
  return COLUMN_SHARES.flatMap((share) => {
    const column = Math.round(width * share);
    const slot = { x: column, y: frame, width: width - column - frame, height: height - 2 * frame };
    const left = { x: 0, y: 0, width: column, height };
    return besidePhoto(canvas, (place) => ({
      slot: place(slot),
      slotRadius: radius * 0.3,
      ground: { rect: place(left), surface: "paper", shape: "plain" },
      textBox: readable(canvas, place(left), margin * 0.9),
      flow: "stack",
      accent: true,
      bias: Math.abs(share - 0.5) * 2,
    }));
  });
}

function stripPages(canvas: Canvas): Arrangement[] {
  const { width, height, margin, radius } = canvas;
  const frame = Math.round(0.1 * height);
  return stripPhotos(canvas).map(({ photo, bias }) => {
    const rect = { x: photo, y: 0, width: width - photo, height };
    return {
      side: "right",
      slot: { x: frame, y: frame, width: photo - frame, height: height - 2 * frame },
      slotRadius: radius * 0.3,
      ground: { rect, surface: "paper", shape: "plain" },
      textBox: readable(canvas, { ...rect, x: rect.x + margin * 0.6, width: rect.width - margin * 0.6 }),
      base: "paper",
      flow: "row",
      logo: "above",
      accent: true,
      bias,
    };
  });
}
