import { type Rgb, toHex } from "../color.ts";
import { bottom, type Rect, right, slantCut, slantRise } from "../layout/rect.ts";
import type { Ground, Side } from "../templates/types.ts";

/** SVG of the shapes of ads. */

export function rectSvg(rect: Rect, fill: Rgb, radius = 0): string {
  return `<rect x="${px(rect.x)}" y="${px(rect.y)}" width="${px(rect.width)}" height="${px(rect.height)}" rx="${px(radius)}" fill="${toHex(fill)}"/>`;
}

/** The ground under the text, its open side towards the photo. */
export function groundSvg(
  rect: Rect,
  ground: Ground,
  look: { side: Side; radius: number; fill: Rgb },
): string {
  const { side, radius, fill } = look;
  if (ground.shape === "card") {
    const corner = Math.min(radius * 0.55, rect.height / 2);
    return shadowSvg(rect, corner) + rectSvg(rect, fill, corner);
  }
  if (ground.shape === "slant") return `<path d="${slantPath(rect, side)}" fill="${toHex(fill)}"/>`;
  if (ground.shape === "open") {
    return `<path d="${openPath(rect, side, radius)}" fill="${toHex(fill)}"/>`;
  }
  return rectSvg(rect, fill);
}

/** One rounded corner: the one that is inside the photo. */
function openPath(rect: Rect, side: Side, radius: number): string {
  const r = Math.min(radius, rect.width, rect.height);
  const { x, y } = rect;
  const x2 = right(rect);
  const y2 = bottom(rect);
  return {
    bottom: `M${x} ${y}H${x2 - r}A${r} ${r} 0 0 1 ${x2} ${y + r}V${y2}H${x}Z`,
    top: `M${x} ${y}H${x2}V${y2 - r}A${r} ${r} 0 0 1 ${x2 - r} ${y2}H${x}Z`,
    left: `M${x} ${y}H${x2}V${y2 - r}A${r} ${r} 0 0 1 ${x2 - r} ${y2}H${x}Z`,
    right: `M${x + r} ${y}H${x2}V${y2}H${x}V${y + r}A${r} ${r} 0 0 1 ${x + r} ${y}Z`,
  }[side];
}

function slantPath(rect: Rect, side: Side): string {
  const { x, y } = rect;
  const x2 = right(rect);
  const y2 = bottom(rect);
  const rise = slantRise(rect);
  if (side === "bottom") return `M${x} ${y + rise}L${x2} ${y}V${y2}H${x}Z`;
  if (side === "top") return `M${x} ${y}H${x2}V${y2 - rise}L${x} ${y2}Z`;
  const cut = slantCut(rect);
  if (side === "left") return `M${x} ${y}H${x2}L${x2 - cut} ${y2}H${x}Z`;
  return `M${x + cut} ${y}H${x2}V${y2}H${x}Z`;
}

/** Soft shadow of a few faint outlines: a blur filter would take more time than the rest of the drawing. */
function shadowSvg(rect: Rect, radius: number): string {
  const depth = Math.max(4, Math.min(rect.width, rect.height) * 0.05);
  const steps = 7;
  return Array.from({ length: steps }, (_, index) => {
    const by = (depth * (steps - index)) / steps;
    const y = rect.y - by + depth * 0.35;
    return `<rect x="${px(rect.x - by)}" y="${px(y)}" width="${px(rect.width + 2 * by)}" height="${px(rect.height + 2 * by)}" rx="${px(radius + by)}" fill="#000" fill-opacity="0.02"/>`;
  }).join("");
}

/** Rounds a picture's corners by painting the area around it. */
export function cornerMaskSvg(rect: Rect, radius: number, fill: Rgb): string {
  if (radius < 0.5) return "";
  const { x, y, width, height } = rect;
  const r = Math.min(radius, width / 2, height / 2);
  const inner = `M${x + r} ${y}H${x + width - r}A${r} ${r} 0 0 1 ${x + width} ${y + r}V${y + height - r}A${r} ${r} 0 0 1 ${x + width - r} ${y + height}H${x + r}A${r} ${r} 0 0 1 ${x} ${y + height - r}V${y + r}A${r} ${r} 0 0 1 ${x + r} ${y}Z`;
  return `<path fill-rule="evenodd" fill="${toHex(fill)}" d="M${x - 1} ${y - 1}h${width + 2}v${height + 2}h${-width - 2}Z${inner}"/>`;
}

function px(value: number): number {
  return Math.round(value * 100) / 100;
}
