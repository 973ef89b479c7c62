import { isStrip, isTall, isWide, readable, strips } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** A paper card that floats on the photo; it leans on the photo's edge where heads leave no room. */
export const CARD: Template = {
  id: "card",
  arrange: (canvas) =>
    isStrip(canvas) ? strips(canvas, { surface: "paper" }) : [...floating(canvas), ...leaning(canvas)],
};

/** Where the photo ends below a card that leans on it. */
const LEAN_SHARES = [0.74, 0.66, 0.58, 0.5, 0.42, 0.34];
const SIDE_SHARES = [0.4, 0.46, 0.52, 0.58, 0.66, 0.72];

function floating(canvas: Canvas): Arrangement[] {
  const { width, height, inner, margin } = canvas;
  const edge = margin * 0.75;
  const padding = margin;
  const whole = { x: 0, y: 0, width, height };
  const room = {
    x: Math.max(edge, inner.x - edge) + padding,
    y: Math.max(edge, inner.y - edge) + padding,
    right: Math.min(width - edge, inner.x + inner.width + edge) - padding,
    bottom: Math.min(height - edge, inner.y + inner.height + edge) - padding,
  };
  const full = { x: room.x, y: room.y, width: room.right - room.x, height: room.bottom - room.y };
  const card = { rect: full, surface: "paper", shape: "card", hug: padding } as const;
  const shared = { slot: whole, ground: card, flow: "stack" } as const;
  const logos = ["beside-button", "above"] as const;
  const bottoms = isTall(canvas)
    ? logos.map((logo, index): Arrangement => {
        const bias = 0.35 * index;
        return { ...shared, side: "bottom", textBox: full, logo, anchor: "end", bias };
      })
    : [];
  const columns = isWide(canvas)
    ? SIDE_SHARES.flatMap((share): Arrangement[] => {
        const column = Math.min(full.width, Math.round(width * share) - 2 * padding);
        const left = { ...full, width: column };
        const right = { ...left, x: full.x + full.width - column };
        return [
          { ...shared, side: "left", textBox: left, logo: "above", anchor: "end", bias: 0.2 },
          { ...shared, side: "right", textBox: right, logo: "above", anchor: "end", bias: 0.2 },
        ];
      })
    : [];
  return [...bottoms, ...columns];
}

/** The photo gives way: a tinted ground below or beside it carries the card's free part. */
function leaning(canvas: Canvas): Arrangement[] {
  const { width, height, margin, inner } = canvas;
  const edge = margin * 0.75;
  const lap = Math.round(margin * 1.1);
  // What the platform covers carries no card.
  const foot = Math.min(height - edge, inner.y + inner.height + margin);
  const shared = { base: "tint", flow: "stack", anchor: "middle" } as const;
  const bottoms = isTall(canvas)
    ? LEAN_SHARES.flatMap((share): Arrangement[] => {
        const y = Math.round(height * share);
        const rect = { x: edge, y: y - lap, width: width - 2 * edge, height: foot - y + lap };
        const below = {
          ...shared,
          side: "bottom",
          slot: { x: 0, y: 0, width, height: y },
          ground: { rect, surface: "paper", shape: "card" },
          textBox: readable(canvas, rect, margin * 0.8),
        } as const;
        return [
          { ...below, logo: "beside-button", bias: 1.2 },
          { ...below, logo: "above", bias: 1.5 },
        ];
      })
    : [];
  const sides = isWide(canvas)
    ? SIDE_SHARES.flatMap((share): Arrangement[] => {
        const column = Math.round(width * share);
        const rect = { x: edge, y: edge, width: column - edge + lap, height: height - 2 * edge };
        const mirror = { ...rect, x: width - rect.x - rect.width };
        const slot = { x: column, y: 0, width: width - column, height };
        const beside = { ...shared, logo: "apart", bias: 1.3 + Math.abs(share - 0.5) } as const;
        return [
          {
            ...beside,
            side: "left",
            slot,
            ground: { rect, surface: "paper", shape: "card" },
            textBox: readable(canvas, rect, margin * 0.9),
          },
          {
            ...beside,
            side: "right",
            slot: { ...slot, x: 0 },
            ground: { rect: mirror, surface: "paper", shape: "card" },
            textBox: readable(canvas, mirror, margin * 0.9),
          },
        ];
      })
    : [];
  return [...bottoms, ...sides];
}
