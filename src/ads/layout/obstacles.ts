import type { Arrangement, Canvas } from "../templates/types.ts";
import type { Draft } from "./draft.ts";
import { bottom, grow, type Rect, right, slantCut, slantRise } from "./rect.ts";

/** Parts of a creative that no head may lie under; `covers` and `corners` as in `CropOptions`. */
export interface Obstacles {
  readonly obstacles: readonly Rect[];
  readonly covers: readonly Rect[];
  readonly corners: readonly Rect[];
}

export function obstaclesOf(draft: Draft, canvas: Canvas): Obstacles {
  const { arrangement, ground, parts } = draft;
  const faded = arrangement.veil === "fade" ? [fadedPart(draft, canvas)] : [];
  const panel = ground ? reachedBy(ground, arrangement) : [];
  const hidden = ground ? hiddenBy(ground, arrangement) : [];
  const texts = ground ? [] : parts.map((part) => grow(part, canvas.margin / 2));
  const corners = roundedOff(arrangement);
  // A body shows through a fade.
  return { obstacles: [...texts, ...panel, ...faded], covers: [...hidden, ...corners], corners };
}

/** Distance from the text at which a fading photo is half transparent, as a share of the canvas: nearly half of the fade. */
const HALF_GONE = 0.06;

/** Where a photo that fades into a dark ground no longer shows: from the canvas's edge to the far edge of the text. */
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

/** Side of the largest squares in the corners of a round photo outside its circle, by its width: (1 - 1/√2) / 2. */
const CORNER = 0.146;

function roundedOff({ slot, slotRadius = 0 }: Arrangement): Rect[] {
  if (slotRadius < 0.45 * Math.min(slot.width, slot.height)) return [];
  const size = CORNER * slot.width;
  const ends = { x: right(slot) - size, y: bottom(slot) - size };
  return [slot.x, ends.x].flatMap((x) => [slot.y, ends.y].map((y) => ({ x, y, width: size, height: size })));
}

/** Number of rectangles that stand for a ground with a slanted edge. */
const STEPS = 6;

/** Rectangles that contain the whole ground: no head may be there. */
function reachedBy(rect: Rect, { ground, side }: Arrangement): Rect[] {
  return ground?.shape === "slant" && side === "bottom" ? columnsBelow(rect, 1) : [rect];
}

/** Rectangles without overlap inside the ground: nothing of the photo shows there. */
function hiddenBy(rect: Rect, { ground, side }: Arrangement): Rect[] {
  if (ground?.shape !== "slant") return [rect];
  if (side === "bottom") return columnsBelow(rect, 0);
  const [rise, cut] = [slantRise(rect), slantCut(rect)];
  return Array.from({ length: STEPS }, (_, index) => {
    const [from, to] = [index / STEPS, (index + 1) / STEPS];
    if (side === "top") {
      return {
        ...rect,
        x: rect.x + from * rect.width,
        width: rect.width / STEPS,
        height: rect.height - rise * to,
      };
    }
    const row = { ...rect, y: rect.y + from * rect.height, height: rect.height / STEPS };
    const lost = cut * (side === "left" ? to : 1 - from);
    return { ...row, x: side === "left" ? rect.x : rect.x + lost, width: rect.width - lost };
  });
}

/** Columns below an edge that rises to the right; `end` 0: as low as each column's left end, 1: as high as its right. */
function columnsBelow(rect: Rect, end: 0 | 1): Rect[] {
  const [rise, width] = [slantRise(rect), rect.width / STEPS];
  return Array.from({ length: STEPS }, (_, index) => {
    const lower = rise * (1 - (index + end) / STEPS);
    return { x: rect.x + index * width, y: rect.y + lower, width, height: rect.height - lower };
  });
}
