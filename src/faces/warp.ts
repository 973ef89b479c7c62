import type { RgbImage } from "../image.ts";
import type { Affine } from "./geometry.ts";

/** What stands where a picture does not reach. */
const BACKGROUND = 0;

/**
 * Fills `target` with `source` seen through a plane map, with area sampling: where the source is shrunk it is
 * first halved until less than two source px fall on a target px, then each target px averages enough bilinear
 * samples to touch every source px. Outside of the source is black.
 *
 * @param toSource maps target px to source px (pixel centres at .5)
 */
export function warp(source: RgbImage, toSource: Affine, target: RgbImage): void {
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
  sample(picture.image, map, target, Math.ceil(scale - 0.05));
}

interface Region {
  readonly image: RgbImage;
  /** Of its top left px in the source. */
  readonly x: number;
  readonly y: number;
}

/** The part of the source that the target sees, so that halving does not touch the rest. */
function cut(source: RgbImage, { a, b, c, d, e, f }: Affine, { width, height }: RgbImage): Region {
  const xs = [0, a * width, b * height, a * width + b * height].map((x) => x + c);
  const ys = [0, d * width, e * height, d * width + e * height].map((y) => y + f);
  const left = Math.max(0, Math.floor(Math.min(...xs)) - 2);
  const top = Math.max(0, Math.floor(Math.min(...ys)) - 2);
  const right = Math.min(source.width, Math.ceil(Math.max(...xs)) + 2);
  const bottom = Math.min(source.height, Math.ceil(Math.max(...ys)) + 2);
  if (right <= left || bottom <= top)
    return { image: { width: 0, height: 0, data: new Uint8Array() }, x: 0, y: 0 };
  const [w, h] = [right - left, bottom - top];
  const data = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    const start = ((top + y) * source.width + left) * 3;
    data.set(source.data.subarray(start, start + w * 3), y * w * 3);
  }
  return { image: { width: w, height: h, data }, x: left, y: top };
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

/** `grid` x `grid` bilinear samples per target px. */
function sample(source: RgbImage, { a, b, c, d, e, f }: Affine, target: RgbImage, grid: number): void {
  const n = Math.max(1, grid);
  const weight = 1 / (n * n);
  let to = 0;
  for (let y = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < n; j++) {
        const v = y + (j + 0.5) / n;
        for (let i = 0; i < n; i++) {
          const u = x + (i + 0.5) / n;
          const sx = a * u + b * v + c - 0.5;
          const sy = d * u + e * v + f - 0.5;
          const x0 = Math.floor(sx);
          const y0 = Math.floor(sy);
          const fx = sx - x0;
          const fy = sy - y0;
          for (let k = 0; k < 4; k++) {
            const px = x0 + (k & 1);
            const py = y0 + (k >> 1);
            const share = ((k & 1) === 0 ? 1 - fx : fx) * (k >> 1 === 0 ? 1 - fy : fy);
            if (px < 0 || py < 0 || px >= source.width || py >= source.height) {
              red += share * BACKGROUND;
              green += share * BACKGROUND;
              blue += share * BACKGROUND;
              continue;
            }
            const at = (py * source.width + px) * 3;
            red += share * (source.data[at] as number);
            green += share * (source.data[at + 1] as number);
            blue += share * (source.data[at + 2] as number);
          }
        }
      }
      target.data[to++] = red * weight + 0.5;
      target.data[to++] = green * weight + 0.5;
      target.data[to++] = blue * weight + 0.5;
    }
  }
}
