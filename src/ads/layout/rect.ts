/** A rectangle, px; x to the right, y downwards. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function right(rect: Rect): number {
  return rect.x + rect.width;
}

export function bottom(rect: Rect): number {
  return rect.y + rect.height;
}

export function area(rect: Rect): number {
  return rect.width * rect.height;
}

/** Common area; 0 if they only touch. */
export function overlap(a: Rect, b: Rect): number {
  const width = Math.min(right(a), right(b)) - Math.max(a.x, b.x);
  const height = Math.min(bottom(a), bottom(b)) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Whether `inner` lies in `outer`, with half a pixel of tolerance for rounding. */
export function contains(outer: Rect, inner: Rect): boolean {
  const slack = 0.5;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    right(inner) <= right(outer) + slack &&
    bottom(inner) <= bottom(outer) + slack
  );
}

/** The part of `rect` inside `frame`; null if there is none. */
export function clip(rect: Rect, frame: Rect): Rect | null {
  const x = Math.max(rect.x, frame.x);
  const y = Math.max(rect.y, frame.y);
  const width = Math.min(right(rect), right(frame)) - x;
  const height = Math.min(bottom(rect), bottom(frame)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Grown by `by` px on each side. */
export function grow(rect: Rect, by: number): Rect {
  return { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by };
}

/** Position of a rectangle of the photo if the region `crop` of the photo fills `slot`. */
export function project(rect: Rect, crop: Rect, slot: Rect): Rect {
  const scaleX = slot.width / crop.width;
  const scaleY = slot.height / crop.height;
  return {
    x: slot.x + (rect.x - crop.x) * scaleX,
    y: slot.y + (rect.y - crop.y) * scaleY,
    width: rect.width * scaleX,
    height: rect.height * scaleY,
  };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** The smallest rectangle around all. */
export function hull(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  return { x, y, width: Math.max(...rects.map(right)) - x, height: Math.max(...rects.map(bottom)) - y };
}

/** The largest part of `slot` without the obstacles. */
export function freeArea(slot: Rect, obstacles: readonly Rect[]): Rect {
  let free = slot;
  for (const obstacle of obstacles) {
    const hidden = clip(obstacle, free);
    if (!hidden) continue;
    const parts = [
      { ...free, width: hidden.x - free.x },
      { ...free, x: right(hidden), width: right(free) - right(hidden) },
      { ...free, height: hidden.y - free.y },
      { ...free, y: bottom(hidden), height: bottom(free) - bottom(hidden) },
    ];
    free = parts.reduce((a, b) => (area(b) > area(a) ? b : a));
  }
  return free;
}

/** Width of a vertical slanted edge, by the ground's height. */
const CUT = 0.3;

export function slantCut({ height }: Rect): number {
  return CUT * height;
}

/** Rise of a slanted edge, by the ground's width; at most a share of the ground's height. */
const SLANT = 0.06;
/** The same in towers, where a flat slant looks like a level edge. */
const SLANT_HIGH = 0.2;
const STEEPEST = 0.17;

export function slantRise({ width, height }: Rect): number {
  return Math.min(width * (height > width ? SLANT_HIGH : SLANT), height * STEEPEST);
}
