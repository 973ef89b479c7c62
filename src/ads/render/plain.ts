import type { DecodedPhoto, RgbImage } from "../../io/image/index.ts";
import type { PlainEdges } from "../layout/scene.ts";

/** Where a photo shows a plain backdrop at its edges, such as a studio's: measured flatness of its outermost strips. */

/** Strips and their cells, in the photo's shorter side. */
const STRIP = 0.025;
/** Spread of a cell's brightness, and steps between neighbouring cells, that still count as plain (0 to 255). */
const MOST_SPREAD = 7;
const MOST_STEP = 6;
/** A backdrop that changes more than this along an edge is a scene. */
const MOST_CHANGE = 70;
/** An edge that is plain over less of its length than this is not worth continuing. */
const LEAST_PLAIN = 0.45;

/** @returns rows in px of the upright original */
export function plainEdgesOf({ image, scaleY }: DecodedPhoto): PlainEdges {
  const cell = Math.max(4, Math.round(STRIP * Math.min(image.width, image.height)));
  const down = (x: number) => {
    const length = plainLength(image, cell, { x, y: 0, dx: 0, dy: cell });
    return length < LEAST_PLAIN * image.height ? 0 : length * scaleY;
  };
  const across = plainLength(image, cell, { x: 0, y: 0, dx: cell, dy: 0 });
  return { left: down(0), right: down(image.width - cell), top: across >= image.width };
}

interface Walk {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** How far cells along an edge stay plain, px. */
function plainLength(image: RgbImage, cell: number, { x, y, dx, dy }: Walk): number {
  const whole = dx > 0 ? image.width : image.height;
  const count = Math.floor(whole / cell);
  let first: CellLook | null = null;
  let last: CellLook | null = null;
  for (let index = 0; index < count; index++) {
    const look = lookOf(image, cell, { x: x + index * dx, y: y + index * dy });
    first ??= look;
    const isPlain =
      !isPadding(look) &&
      look.spread <= MOST_SPREAD &&
      difference(look, last ?? look) <= MOST_STEP &&
      difference(look, first) <= MOST_CHANGE;
    if (!isPlain) return index * cell;
    last = look;
  }
  return whole;
}

/** Pure black without any grain is no backdrop: some tool put it there. */
function isPadding({ mean, spread }: CellLook): boolean {
  return spread < 0.8 && Math.max(...mean) < 4;
}

interface CellLook {
  readonly mean: readonly [number, number, number];
  /** Standard deviation of the brightness. */
  readonly spread: number;
}

function lookOf({ data, width }: RgbImage, cell: number, at: { x: number; y: number }): CellLook {
  const sums: [number, number, number] = [0, 0, 0];
  let squares = 0;
  let light = 0;
  for (let y = at.y; y < at.y + cell; y++) {
    for (let x = at.x; x < at.x + cell; x++) {
      const from = (y * width + x) * 3;
      const red = data[from] ?? 0;
      const green = data[from + 1] ?? 0;
      const blue = data[from + 2] ?? 0;
      sums[0] += red;
      sums[1] += green;
      sums[2] += blue;
      const value = 0.3 * red + 0.6 * green + 0.1 * blue;
      light += value;
      squares += value * value;
    }
  }
  const pixels = cell * cell;
  const spread = Math.sqrt(Math.max(0, squares / pixels - (light / pixels) ** 2));
  return { mean: [sums[0] / pixels, sums[1] / pixels, sums[2] / pixels], spread };
}

function difference(a: CellLook, b: CellLook): number {
  return Math.max(
    Math.abs(a.mean[0] - b.mean[0]),
    Math.abs(a.mean[1] - b.mean[1]),
    Math.abs(a.mean[2] - b.mean[2]),
  );
}
