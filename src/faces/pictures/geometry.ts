import type { Box, Detection, Point } from "../types.ts";

/** Intersection over union, in [0, 1]. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/** Greedy non-maximum suppression: best first, without boxes whose IoU with a better one exceeds `maxIou`. */
export function suppressOverlaps<T extends Detection>(detections: readonly T[], maxIou: number): T[] {
  const kept: T[] = [];
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((better) => overlap(better.box, candidate.box) <= maxIou)) kept.push(candidate);
  }
  return kept;
}

/**
 * Merges the detections of several looks: greedy, best first. Looks at different scales box one face
 * differently, so a box that lies mostly inside a better one, or around it, is the same face too.
 */
export function mergeSightings<T extends Detection>(detections: readonly T[]): T[] {
  const kept: T[] = [];
  for (const candidate of detections.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((better) => !sameFace(better.box, candidate.box))) kept.push(candidate);
  }
  return kept;
}

function sameFace(a: Box, b: Box): boolean {
  const iou = overlap(a, b);
  if (iou > 0.4) return true;
  const both = (iou * (a.width * a.height + b.width * b.height)) / (1 + iou);
  return both > 0.6 * Math.min(a.width * a.height, b.width * b.height);
}

export function middle({ x, y, width, height }: Box): Point {
  return [x + width / 2, y + height / 2];
}

/** A square by its centre and side, shifted to the right. */
export function squareAround([x, y]: Point, side: number, shift = 0): Box {
  return { x: x + shift - side / 2, y: y - side / 2, width: side, height: side };
}

export function centre(points: readonly Point[]): Point {
  let x = 0;
  let y = 0;
  for (const [px, py] of points) {
    x += px;
    y += py;
  }
  return [x / points.length, y / points.length];
}

export function boundingBox(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/**
 * A plane similarity or affine map: `[x, y] -> [a x + b y + c, d x + e y + f]`.
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export function apply({ a, b, c, d, e, f }: Affine, [x, y]: Point): Point {
  return [a * x + b * y + c, d * x + e * y + f];
}

export function invert({ a, b, c, d, e, f }: Affine): Affine {
  const determinant = a * e - b * d;
  const [ia, ib, id, ie] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return { a: ia, b: ib, c: -(ia * c + ib * f), d: id, e: ie, f: -(id * c + ie * f) };
}

/** The map that applies `first`, then `second`. */
export function compose(first: Affine, second: Affine): Affine {
  const { a, b, c, d, e, f } = second;
  return {
    a: a * first.a + b * first.d,
    b: a * first.b + b * first.e,
    c: a * first.c + b * first.f + c,
    d: d * first.a + e * first.d,
    e: d * first.b + e * first.e,
    f: d * first.c + e * first.f + f,
  };
}

/**
 * The similarity (rotation, uniform scale, shift; no reflection) that maps `from` onto `to` with the least
 * sum of squared distances (Umeyama 1991; in the plane the solution is closed).
 *
 * @param from at least two points that do not coincide
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Affine {
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  let dot = 0;
  let cross = 0;
  let spread = 0;
  from.forEach(([px, py], i) => {
    const [qx, qy] = to[i] ?? [0, 0];
    const [x, y, u, v] = [px - fromX, py - fromY, qx - toX, qy - toY];
    dot += x * u + y * v;
    cross += x * v - y * u;
    spread += x * x + y * y;
  });
  const a = dot / spread;
  const d = cross / spread;
  return { a, b: -d, c: toX - a * fromX + d * fromY, d, e: a, f: toY - d * fromX - a * fromY };
}

/**
 * The map from a `size`-px picture to a square window of the photo, turned by quarter turns about its centre.
 */
export function turnedSquare(window: Box, size: number, turn: number): Affine {
  const scale = window.width / size;
  const cos = [1, 0, -1, 0][turn] ?? 1;
  const sin = [0, 1, 0, -1][turn] ?? 0;
  const half = size / 2;
  return {
    a: scale * cos,
    b: -scale * sin,
    c: window.x + window.width / 2 - scale * (cos - sin) * half,
    d: scale * sin,
    e: scale * cos,
    f: window.y + window.height / 2 - scale * (sin + cos) * half,
  };
}

/** The bounding box of a mapped box. */
export function mapBox({ x, y, width, height }: Box, map: Affine): Box {
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
  return boundingBox(corners.map((corner) => apply(map, corner)));
}

/** The whole pixels that a box covers, clipped to a picture. */
export function wholePixels(box: Box, picture: { readonly width: number; readonly height: number }): Box {
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  const right = Math.min(picture.width, Math.ceil(box.x + box.width));
  const bottom = Math.min(picture.height, Math.ceil(box.y + box.height));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}
