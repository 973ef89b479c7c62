import type { CreativeLayout } from "../../src/ads/index.ts";
import type { Point } from "../../src/faces/index.ts";

/** The few questions about rectangles that the check asks, written anew: it must not share the layout's mistakes. */

export type Box = CreativeLayout["headline"];

export function inside([x, y]: Point, box: Box, slack = 0): boolean {
  return (
    x >= box.x - slack &&
    x <= box.x + box.width + slack &&
    y >= box.y - slack &&
    y <= box.y + box.height + slack
  );
}

/** Common area. */
export function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

export function grown(box: Box, by: number, byHeight = by): Box {
  return {
    x: box.x - by,
    y: box.y - byHeight,
    width: box.width + 2 * by,
    height: box.height + 2 * byHeight,
  };
}
