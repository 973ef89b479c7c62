import { isStrip, isTall, isWide, readable, strips } from "./grid.ts";
import { panels } from "./panel.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A slanted band in the brand's colour across the foot: text at its start, button at its end. */
export const BANNER: Template = {
  id: "banner",
  arrange: (canvas) => {
    if (isStrip(canvas)) return strips(canvas, { surface: "brand", shape: "slant" });
    const narrow = canvas.width < 280 || canvas.width / canvas.height < 0.55;
    return [...(narrow ? [] : bands(canvas, "row")), ...bands(canvas, "stack"), ...beside(canvas)];
  },
};

const BAND_SHARES = [0.2, 0.24, 0.28, 0.32, 0.36, 0.41, 0.46, 0.52, 0.58, 0.64, 0.7];

/** How far the band's edge rises, of the canvas's width. */
const RISE = 0.075;

function bands(canvas: Canvas, flow: "row" | "stack"): Arrangement[] {
  const { width, margin } = canvas;
  const rise = Math.round(Math.min(width * RISE, canvas.height * 0.12));
  const shares = BAND_SHARES.filter((share) => isTall(canvas) || share < 0.5);
  return shares.flatMap((share): Arrangement[] => {
    const height = Math.round(canvas.height * share);
    const y = canvas.height - height;
    const rect = { x: 0, y, width, height };
    const flat = { ...rect, y: y + rise * 0.8, height: height - rise * 0.8 };
    const shared = {
      side: "bottom",
      slot: { x: 0, y: 0, width, height: y + rise },
      ground: { rect, surface: "brand", shape: "slant" },
      textBox: readable(canvas, flat, margin * 0.9),
      flow,
    } as const;
    const bias = Math.abs(share - 0.3) * 2;
    if (flow === "row") return [{ ...shared, logo: "above", bias }];
    return [
      { ...shared, logo: "beside-button", bias: bias + 0.5 },
      { ...shared, logo: "above", bias: bias + 0.9 },
    ];
  });
}

/** Beside the photo, where a band would leave it too flat. */
function beside(canvas: Canvas): Arrangement[] {
  if (!isWide(canvas)) return [];
  const sides = panels(canvas).filter((arrangement) => arrangement.side !== "bottom");
  return sides.map((arrangement) => ({ ...arrangement, bias: arrangement.bias + 1.2 }));
}
