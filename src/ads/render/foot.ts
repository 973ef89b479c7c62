import { blend, type Rgb, toHex } from "../color.ts";
import { bottom } from "../layout/rect.ts";
import type { Plan } from "../layout/search.ts";
import { isFootCovered, isRoundCornered } from "../templates/grid.ts";
import type { Canvas } from "../templates/types.ts";
import type { SurfaceColors } from "./theme.ts";

/**
 * The foot of a story lies under the platform's own buttons: nothing is read there, and a plain ground leaves a third of
 * the picture empty. Nested shapes in tones of the ground rise from its lower end: circles where the brand likes round
 * corners, else squares.
 */

/** From the outermost shape inwards: half its width in the foot's height, and how much of the text's colour it has. */
const SHAPES = [
  { reach: 1.06, tone: 0.07 },
  { reach: 0.73, tone: 0.13 },
  { reach: 0.4, tone: 0.2 },
] as const;
/** Middle of the shapes: in the canvas's width, and below the canvas in the foot's height. */
const MIDDLE = { x: 0.84, below: 0.06 };
/** Corners of squares, in half their width, where the brand has soft ones. */
const SOFT = 0.16;
/** Distance from what may be read, and from a card, in margins. */
const APART = 0.55;
/** A foot that is lower than this share of the canvas needs no shapes. */
const LEAST = 0.12;

/** @param colors those of what shows at the foot */
export function footSvg(plan: Plan, canvas: Canvas, { fill, headline }: SurfaceColors): string {
  const { width, height, radius } = canvas;
  const y = footOf(plan, canvas);
  const foot = height - y;
  if (!isFootCovered(canvas) || foot < LEAST * height) return "";
  const x = (plan.block.rtl ? 1 - MIDDLE.x : MIDDLE.x) * width;
  const corner = radius > 0 ? SOFT : 0;
  return SHAPES.map(({ reach, tone }) => {
    const half = reach * foot;
    const rx = (isRoundCornered(canvas) ? 1 : corner) * half;
    return squareSvg([x, height + MIDDLE.below * foot], half, { rx, fill: blend(headline, fill, tone) });
  }).join("");
}

/** Where nothing but a plain ground is left, px from the top. */
function footOf({ arrangement, crop, ground }: Plan, { height, inner, margin }: Canvas): number {
  const apart = APART * margin;
  const read = bottom(inner) + apart;
  const card = ground && arrangement.ground?.shape === "card" ? bottom(ground) + apart : 0;
  return Math.min(height, Math.max(read, card, bottom(crop.target)));
}

function squareSvg(
  [x, y]: readonly [number, number],
  half: number,
  { rx, fill }: { readonly rx: number; readonly fill: Rgb },
): string {
  const [left, top, size, round] = [x - half, y - half, 2 * half, rx].map(Math.round);
  return `<rect x="${left}" y="${top}" width="${size}" height="${size}" rx="${round}" fill="${toHex(fill)}"/>`;
}
