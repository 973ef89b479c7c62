import { panels } from "./panel.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** The photo fills the canvas, text stands where no head is; a panel where heads leave no room. */
export const BLEED: Template = {
  id: "bleed",
  arrange: (canvas) => [
    ...overlays(canvas),
    ...panels(canvas).map((arrangement) => ({ ...arrangement, bias: arrangement.bias + 1.5 })),
  ],
};

const COLUMN_SHARES = [0.44, 0.52];

function overlays(canvas: Canvas): Arrangement[] {
  const { width, height, margin } = canvas;
  const slot = { x: 0, y: 0, width, height };
  const inner = { y: margin, height: height - 2 * margin };
  const bottom: Arrangement = {
    side: "bottom",
    slot,
    panel: null,
    textBox: {
      x: margin,
      y: margin + height * 0.4,
      width: width - 2 * margin,
      height: height * 0.6 - 2 * margin,
    },
    logo: "beside-button",
    bias: 0,
  };
  const columns = COLUMN_SHARES.flatMap((share): Arrangement[] => {
    const column = Math.round(width * share) - 1.5 * margin;
    const shared = { slot, panel: null, logo: "top", bias: 0.3 } as const;
    return [
      { ...shared, side: "left", textBox: { x: margin, width: column, ...inner } },
      { ...shared, side: "right", textBox: { x: width - margin - column, width: column, ...inner } },
    ];
  });
  return [bottom, ...columns];
}
