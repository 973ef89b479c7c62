import type { Arrangement, Canvas } from "../templates/types.ts";
import type { Draft } from "./draft.ts";
import { bottom, grow, type Rect, right, slantRise } from "./rect.ts";

/** What of a creative no head may lie under; `covers` and `corners` as in `CropOptions`. */
export interface Obstacles {
  readonly obstacles: readonly Rect[];
  readonly covers: readonly Rect[];
  readonly corners: readonly Rect[];
}

export function obstaclesOf(draft: Draft, canvas: Canvas): Obstacles {
  const { arrangement, ground, parts } = draft;
  const faded = arrangement.veil === "fade" ? [fadedPart(draft, canvas)] : [];
  const panel = ground ? coveredBy(ground, arrangement) : [];
  const texts = ground ? [] : parts.map((part) => grow(part, canvas.margin / 2));
  const corners = roundedOff(arrangement);
  // A body shows through a fade.
  return { obstacles: [...texts, ...panel, ...faded], covers: [...panel, ...corners], corners };
}

/** Distance from the text at which a fading photo is half transparent, as a share of the canvas: nearly half of the fade. */
const HALF_GONE = 0.045;

/** Where a photo that runs out into a dark ground shows no longer: from the canvas's edge to the text's far one. */
export function fadedPart(
  { arrangement: { side, slot }, column }: Pick<Draft, "arrangement" | "column">,
  { width, height }: Canvas,
): Rect {
  const whole = { x: 0, y: 0, width, height };
  const { x, y } = { x: HALF_GONE * width, y: HALF_GONE * height };
  if (side === "bottom") {
    const top = Math.min(column.y, bottom(slot)) - y;
    return { ...whole, y: top, height: height - top };
  }
  if (side === "top") return { ...whole, height: Math.max(bottom(column), slot.y) + y };
  if (side === "left") return { ...whole, width: Math.max(right(column), slot.x) + x };
  const start = Math.min(column.x, right(slot)) - x;
  return { ...whole, x: start, width: width - start };
}

/** The squares in the corners of a round photo that its circle leaves out, in its width: (1 - 1/√2) / 2. */
const CORNER = 0.146;

function roundedOff({ slot, slotRadius = 0 }: Arrangement): Rect[] {
  if (slotRadius < 0.45 * Math.min(slot.width, slot.height)) return [];
  const size = CORNER * slot.width;
  const ends = { x: right(slot) - size, y: bottom(slot) - size };
  return [slot.x, ends.x].flatMap((x) => [slot.y, ends.y].map((y) => ({ x, y, width: size, height: size })));
}

/** A slanted edge in steps: what of the photo's side a ground really covers. */
const STEPS = 6;

function coveredBy(rect: Rect, { ground, side }: Arrangement): Rect[] {
  if (ground?.shape !== "slant" || side !== "bottom") return [rect];
  const rise = slantRise(rect);
  return Array.from({ length: STEPS }, (_, index) => {
    const lower = rise * (1 - (index + 1) / STEPS);
    const width = rect.width / STEPS;
    return { x: rect.x + index * width, y: rect.y + lower, width, height: rect.height - lower };
  });
}
