import type { RgbImage } from "../../image.ts";
import type { Box } from "../types.ts";
import type { Affine } from "./geometry.ts";

/**
 * Fills `target` with `source` seen through a plane map, with area sampling: where the source is shrunk it is
 * first halved until less than two source px fall on a target px, then each target px averages enough bilinear
 * samples to touch every source px.
 *
 * @param toSource maps target px to source px (pixel centres at .5)
 * @param background the grey level outside of the source, 0 to 255
 */
export function warp(source: RgbImage, toSource: Affine, target: RgbImage, background = 0): void {
  let scale = Math.sqrt(Math.abs(toSource.a * toSource.e - toSource.b * toSource.d));
  let picture: Region = { image: source, x: 0, y: 0 };
  let map = toSource;
  if (scale >= 2) picture = cut(source, map, target);
  map = shift(map, -picture.x, -picture.y);
  while (scale >= 2) {
    picture = { image: halve(picture.image), x: 0, y: 0 };
    map = { a: map.a / 2, b: map.b / 2, c: map.c / 2, d: map.d / 2, e: map.e / 2, f: map.f / 2 };
    scale /= 2;
  }
  const grid = Math.max(1, Math.ceil(scale - 0.05));
  sample(picture.image, map, target, { grid, background });
}

/** A part of a picture. */
export interface Region {
  readonly image: RgbImage;
  /** Of its top left px in the source. */
  readonly x: number;
  readonly y: number;
}

/** The part of the source that the target sees, so that halving does not touch the rest. */
function cut(source: RgbImage, { a, b, c, d, e, f }: Affine, { width, height }: RgbImage): Region {
  const xs = [0, a * width, b * height, a * width + b * height].map((x) => x + c);
  const ys = [0, d * width, e * height, d * width + e * height].map((y) => y + f);
  const [x, y] = [Math.min(...xs) - 2, Math.min(...ys) - 2];
  return cutOut(source, { x, y, width: Math.max(...xs) + 2 - x, height: Math.max(...ys) + 2 - y });
}

/** A copy of the whole pixels that a box covers, as far as they are in the picture. */
export function cutOut(source: RgbImage, box: Box): Region {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const right = Math.min(source.width, Math.ceil(box.x + box.width));
  const bottom = Math.min(source.height, Math.ceil(box.y + box.height));
  const width = Math.max(0, right - left);
  const height = Math.max(0, bottom - top);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * source.width + left) * 3;
    data.set(source.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { image: { width, height, data }, x: left, y: top };
}

function shift(map: Affine, x: number, y: number): Affine {
  return { ...map, c: map.c + x, f: map.f + y };
}

/** Half the size, each px the mean of four; an odd last row or column is averaged with itself. */
function halve({ width, height, data }: RgbImage): RgbImage {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    const row0 = 2 * y * width * 3;
    const row1 = Math.min(2 * y + 1, height - 1) * width * 3;
    for (let x = 0; x < w; x++) {
      const x0 = 2 * x * 3;
      const x1 = Math.min(2 * x + 1, width - 1) * 3;
      const to = (y * w + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const sum =
          (data[row0 + x0 + channel] as number) +
          (data[row0 + x1 + channel] as number) +
          (data[row1 + x0 + channel] as number) +
          (data[row1 + x1 + channel] as number);
        out[to + channel] = (sum + 2) >> 2;
      }
    }
  }
  return { width: w, height: h, data: out };
}

interface Sampling {
  /** `grid` x `grid` bilinear samples per target px. */
  readonly grid: number;
  readonly background: number;
}

function sample(source: RgbImage, map: Affine, target: RgbImage, { grid, background }: Sampling): void {
  const { a, b, c, d, e, f } = map;
  const { width, height, data } = source;
  const weight = 1 / (grid * grid);
  let to = 0;
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < grid; j++) {
        const v = y + (j + 0.5) / grid;
        for (let i = 0; i < grid; i++) {
          const u = x + (i + 0.5) / grid;
          const sx = a * u + b * v + c - 0.5;
          const sy = d * u + e * v + f - 0.5;
          const x0 = Math.floor(sx);
          const y0 = Math.floor(sy);
          const fx = sx - x0;
          const fy = sy - y0;
          if (x0 >= 0 && y0 >= 0 && x0 < width - 1 && y0 < height - 1) {
            const at = (y0 * width + x0) * 3;
            const below = at + width * 3;
            const w00 = (1 - fx) * (1 - fy);
            const w10 = fx * (1 - fy);
            const w01 = (1 - fx) * fy;
            const w11 = fx * fy;
            red +=
              w00 * pixel(data, at) +
              w10 * pixel(data, at + 3) +
              w01 * pixel(data, below) +
              w11 * pixel(data, below + 3);
            green +=
              w00 * pixel(data, at + 1) +
              w10 * pixel(data, at + 4) +
              w01 * pixel(data, below + 1) +
              w11 * pixel(data, below + 4);
            blue +=
              w00 * pixel(data, at + 2) +
              w10 * pixel(data, at + 5) +
              w01 * pixel(data, below + 2) +
              w11 * pixel(data, below + 5);
            continue;
          }
          for (let k = 0; k < 4; k++) {
            const px = x0 + (k & 1);
            const py = y0 + (k >> 1);
            const share = ((k & 1) === 0 ? 1 - fx : fx) * (k >> 1 === 0 ? 1 - fy : fy);
            const outside = px < 0 || py < 0 || px >= width || py >= height;
            const at = (py * width + px) * 3;
            red += share * (outside ? background : pixel(data, at));
            green += share * (outside ? background : pixel(data, at + 1));
            blue += share * (outside ? background : pixel(data, at + 2));
          }
        }
      }
      target.data[to++] = red * weight + 0.5;
      target.data[to++] = green * weight + 0.5;
      target.data[to++] = blue * weight + 0.5;
    }
  }
}

function pixel(data: Uint8Array, index: number): number {
  return data[index] as number;
}
