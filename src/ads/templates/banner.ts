import { slantRise } from "../layout/rect.ts";
import { isFootCovered, isLandscape, isStrip, isTall, readable, strips } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A slanted band in the brand's colour at the bottom: text at its start, button at its end. */
export const BANNER: Template = {
  id: "banner",
  arrange: (canvas) => {
    // Under a face, a flat canvas has no space for a band.
    const isFlat = canvas.width / canvas.height > 1.6;
    if (isStrip(canvas) || isFlat) return slanted(canvas);
    const isNarrow = canvas.width < 280 || canvas.width / canvas.height < 0.6;
    return [...(isNarrow ? [] : bands(canvas, "row")), ...bands(canvas, "stack")];
  },
};

/** Space between the band's edge, where the text begins, and the text, by the margin. */
const AIR = 0.5;
const BAND_SHARES = [0.24, 0.28, 0.32, 0.36, 0.4, 0.45, 0.5, 0.56, 0.62, 0.68];

function bands(canvas: Canvas, flow: "row" | "stack"): Arrangement[] {
  const { width, height: whole, margin, open } = canvas;
  const last = isFootCovered(canvas) ? open.y + open.height : whole;
  const shares = BAND_SHARES.filter((share) => isTall(canvas) || share < 0.52);
  return shares.flatMap((share): Arrangement[] => {
    const y = Math.round(last * (1 - share));
    const rect = { x: 0, y, width, height: whole - y };
    const rise = slantRise(rect);
    // The edge is lowest at the left.
    const fall = rise * (1 - canvas.inner.x / width);
    const flat = { ...rect, y: y + fall, height: rect.height - fall };
    const shared = {
      side: "bottom",
      slot: { x: 0, y: 0, width, height: Math.ceil(y + rise) + 1 },
      ground: { rect, surface: "brand", shape: "slant" },
      textBox: readable(canvas, flat, margin * AIR),
      flow,
    } as const;
    const bias = Math.abs(share - 0.36) * 2;
    if (flow === "row") return [{ ...shared, logo: "above", bias: bias + (isLandscape(canvas) ? 0 : 0.5) }];
    return [
      { ...shared, logo: "beside-button", bias: bias + 0.5 },
      { ...shared, logo: "above", bias: bias + 0.9 },
    ];
  });
}

/** The slant is vertical, beside the photo. */
function slanted(canvas: Canvas): Arrangement[] {
  if (isStrip(canvas)) return strips(canvas, { surface: "brand", shape: "slant" });
  const { width, height } = canvas;
  return [0.5, 0.56, 0.62, 0.68].map((share, index) => {
    const rect = { x: Math.round(width * (1 - share)), y: 0, width: Math.round(width * share), height };
    const cut = Math.round(0.3 * height);
    const text = { ...rect, x: rect.x + cut, width: rect.width - cut };
    return {
      side: "right",
      slot: { x: 0, y: 0, width: rect.x + cut, height },
      ground: { rect, surface: "brand", shape: "slant" },
      textBox: readable(canvas, text),
      flow: "stack",
      logo: "beside-button",
      bias: 0.3 * index,
    };
  });
}
