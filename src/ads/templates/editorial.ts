import { isStrip, isTall, isWide, readable, strips } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A magazine page: paper, a framed photo, a serif headline under a short bar in the brand's colour. */
export const EDITORIAL: Template = {
  id: "editorial",
  voice: "serif",
  arrange: (canvas) =>
    isStrip(canvas)
      ? strips(canvas, { surface: "paper", accent: true })
      : [...stacked(canvas), ...split(canvas)],
};

const PHOTO_SHARES = [0.68, 0.62, 0.56, 0.5, 0.44, 0.38, 0.32];
const COLUMN_SHARES = [0.38, 0.44, 0.5, 0.56, 0.62, 0.7];

function stacked(canvas: Canvas): Arrangement[] {
  if (!isTall(canvas)) return [];
  const { width, height, margin, radius } = canvas;
  const frame = Math.round(margin * 0.6);
  return PHOTO_SHARES.flatMap((share): Arrangement[] => {
    const y = Math.round(height * share);
    const rect = { x: 0, y, width, height: height - y };
    const shared = {
      side: "bottom",
      slot: { x: frame, y: frame, width: width - 2 * frame, height: y - frame },
      slotRadius: radius * 0.3,
      ground: { rect, surface: "paper", shape: "plain" },
      textBox: readable(
        canvas,
        { ...rect, y: y + margin * 0.2, height: rect.height - margin * 0.2 },
        margin * 0.8,
      ),
      flow: "stack",
      accent: true,
    } as const;
    const bias = Math.abs(share - 0.56) * 2;
    return [
      { ...shared, logo: "beside-button", bias },
      { ...shared, logo: "above", bias: bias + 0.4 },
    ];
  });
}

function split(canvas: Canvas): Arrangement[] {
  if (!isWide(canvas)) return [];
  const { width, height, margin, radius } = canvas;
  const frame = Math.round(margin * 0.6);
  return COLUMN_SHARES.flatMap((share): Arrangement[] => {
    const column = Math.round(width * share);
    const slot = { x: column, y: frame, width: width - column - frame, height: height - 2 * frame };
    const left = { x: 0, y: 0, width: column, height };
    const right = { ...left, x: width - column };
    const shared = { slotRadius: radius * 0.3, flow: "stack", logo: "apart", accent: true } as const;
    const bias = Math.abs(share - 0.46) * 2 + 0.1;
    return [
      {
        ...shared,
        side: "left",
        slot,
        ground: { rect: left, surface: "paper", shape: "plain" },
        textBox: readable(canvas, left),
        bias,
      },
      {
        ...shared,
        side: "right",
        slot: { ...slot, x: frame },
        ground: { rect: right, surface: "paper", shape: "plain" },
        textBox: readable(canvas, right),
        bias: bias + 0.15,
      },
    ];
  });
}
