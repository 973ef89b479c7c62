import type { CreativeLayout } from "../../src/ads/index.ts";
import type { Point } from "../../src/faces/index.ts";

/** The check's own functions on rectangles: with the layout's it would share the layout's mistakes. */

export type Box = CreativeLayout["headline"];

export function inside([x, y]: Point, box: Box, slack = 0): boolean {
  return (
    x >= box.x - slack &&
    x <= box.x + box.width + slack &&
    y >= box.y - slack &&
    y <= box.y + box.height + slack
  );
}

/** The part that two boxes have in common; without width or height if they have none. */
export function common(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

/** Common area. */
export function shared(a: Box, b: Box): number {
  const { width, height } = common(a, b);
  return width * height;
}

export function grown(box: Box, by: number, byHeight = by): Box {
  return {
    x: box.x - by,
    y: box.y - byHeight,
    width: box.width + 2 * by,
    height: box.height + 2 * byHeight,
  };
}
