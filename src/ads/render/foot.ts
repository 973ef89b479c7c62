import { blend, toHex } from "../color.ts";
import { bottom } from "../layout/rect.ts";
import type { Plan } from "../layout/search.ts";
import { isFootCovered } from "../templates/grid.ts";
import type { Canvas } from "../templates/types.ts";
import type { SurfaceColors } from "./theme.ts";

/**
 * The foot of a story lies under the platform's own buttons: nothing is read there, and a plain ground leaves a third of
 * the picture empty. A band in a second tone of the ground closes it.
 */

/** Of the text's colour in the ground's. */
const TONE = 0.11;
/** Distance from what may be read, in margins. */
const APART = 0.55;

export function footSvg(plan: Plan, canvas: Canvas, { fill, headline }: SurfaceColors): string {
  const { width, height, margin, radius, inner } = canvas;
  const { ground, veil, side } = plan.arrangement;
  const isPlainFoot = ground ? side === "bottom" && ground.shape !== "card" : veil === "page";
  if (!isFootCovered(canvas) || !isPlainFoot) return "";
  const y = Math.round(bottom(inner) + APART * margin);
  const { target } = plan.crop;
  // A photo that reaches into the foot is closed by itself.
  if (bottom(target) > y) return "";
  const r = Math.min(radius, height - y);
  return `<path d="M0 ${y + r}A${r} ${r} 0 0 1 ${r} ${y}H${width}V${height}H0Z" fill="${toHex(blend(headline, fill, TONE))}"/>`;
}
