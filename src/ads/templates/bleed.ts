import { isStrip, isWide, strips } from "./grid.ts";
import { panels } from "./panel.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** The photo fills the canvas, text stands where no head is; a panel where heads leave no room. */
export const BLEED: Template = {
  id: "bleed",
  arrange: (canvas) => {
    const beside = isStrip(canvas) ? strips(canvas, { surface: "brand" }) : panels(canvas);
    return [
      ...overlays(canvas),
      ...beside.map((arrangement) => ({ ...arrangement, bias: arrangement.bias + 1.5 })),
    ];
  },
};

const COLUMN_SHARES = [0.4, 0.5];

function overlays(canvas: Canvas): Arrangement[] {
  const { width, height, margin, inner } = canvas;
  const shared = { slot: { x: 0, y: 0, width, height }, ground: null, base: "brand", flow: "stack" } as const;
  const foot = { ...inner, y: inner.y + inner.height * 0.36, height: inner.height * 0.64 };
  const logos = ["beside-button", "above"] as const;
  const bottoms = logos.map((logo, index): Arrangement => {
    return { ...shared, side: "bottom", textBox: foot, logo, anchor: "end", bias: 0.4 * index };
  });
  if (!isWide(canvas) || isStrip(canvas)) return isStrip(canvas) ? [] : bottoms;
  const columns = COLUMN_SHARES.flatMap((share): Arrangement[] => {
    const column = Math.min(inner.width, Math.round(width * share) - margin);
    const left = { ...inner, width: column };
    const right = { ...left, x: inner.x + inner.width - column };
    return [
      { ...shared, side: "left", textBox: left, logo: "above", bias: 0.3 },
      { ...shared, side: "right", textBox: right, logo: "above", bias: 0.3 },
    ];
  });
  return [...bottoms, ...columns];
}
