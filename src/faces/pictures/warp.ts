import type { RgbImage } from "../../io/image/index.ts";
import type { Box } from "../types.ts";
import type { Affine } from "./geometry.ts";
import { halved } from "./halves.ts";
import { type Sampling, sampleUpright, type Window } from "./upright.ts";

export interface WarpOptions {
  /** The grey level outside of the source, 0 to 255; default 0. */
  readonly background?: number;
  /** Only this part of the source is visible, to the whole pixel; default: all of it. */
  readonly within?: Box;
}

/**
 * Fills `target` with `source` under a plane map, with area sampling: where the source is shrunk it is first
 * halved until less than two source px fall on a target px, then each target px averages enough bilinear
 * samples to touch every source px.
 *
 * @param source must not change afterwards: its halves are kept for the next warp
 * @param toSource maps target px to source px (pixel centres at .5)
 */
export function warp(source: RgbImage, toSource: Affine, target: RgbImage, options: WarpOptions = {}): void {
  let scale = Math.sqrt(Math.abs(toSource.a * toSource.e - toSource.b * toSource.d));
  let picture = source;
  let shrunk = 1;
  for (; scale >= 2; scale /= 2) {
    picture = halved(picture);
    shrunk *= 2;
  }
  const { a, b, c, d, e, f } = toSource;
  const sampling: Sampling = {
    map: { a: a / shrunk, b: b / shrunk, c: c / shrunk, d: d / shrunk, e: e / shrunk, f: f / shrunk },
    grid: Math.max(1, Math.ceil(scale - 0.05)),
    background: options.background ?? 0,
    window: windowOf(picture, options.within, shrunk),
  };
  if (b === 0 && d === 0) sampleUpright(picture, target, sampling);
  else sample(picture, target, sampling);
}

function windowOf({ width, height }: RgbImage, within: Box | undefined, shrunk: number): Window {
  if (within === undefined) return { left: 0, top: 0, right: width, bottom: height };
  return {
    left: Math.max(0, Math.floor(within.x / shrunk)),
    top: Math.max(0, Math.floor(within.y / shrunk)),
    right: Math.min(width, Math.ceil((within.x + within.width) / shrunk)),
    bottom: Math.min(height, Math.ceil((within.y + within.height) / shrunk)),
  };
}

/** The sum of the weights of the four neighbours: 256 for each axis. */
const ONE = 65536;

/** A map that leads farther than this, px, shows only the background: positions have 32 bits, 8 of them for weights. */
const FARTHEST = 2 ** 21;

/** The greatest distance from the origin that a target reaches along an axis, px; NaN for a map that is not finite. */
function farthestPx({ a, b, c, d, e, f }: Affine, { width, height }: RgbImage): number {
  return Math.max(
    Math.abs(c) + Math.abs(a) * width + Math.abs(b) * height,
    Math.abs(f) + Math.abs(d) * width + Math.abs(e) * height,
  );
}

/**
 * Positions are fixed-point numbers, weights have 8 bits per axis, and sums are exact. `| 0` and `imul` keep the loop in
 * 32-bit integers: with `Math.ceil` and the like alone, V8 computes in floating point, at half the speed.
 */
function sample(
  source: RgbImage,
  target: RgbImage,
  { map, background, window, ...sampling }: Sampling,
): void {
  const farthest = farthestPx(map, target);
  if (!(farthest < FARTHEST)) {
    target.data.fill(background);
    return;
  }
  const { a, b, c, d, e, f } = map;
  const { data } = source;
  const grid = sampling.grid | 0;
  const stride = (source.width * 3) | 0;
  const left = window.left | 0;
  const top = window.top | 0;
  // Samples whose four neighbours are all in the window start within this range of its corner, px.
  const columns = (window.right - left - 1) | 0;
  const rows = (window.bottom - top - 1) | 0;
  const outside = { data, stride, window, background };
  const parts = grid * grid;
  const step = 1 / grid;
  // As many as possible: 24, or fewer for distant positions.
  const bits = Math.min(24, 30 - Math.ceil(Math.log2(farthest + 2))) | 0;
  const unit = 2 ** bits;
  const toWeight = bits - 8;
  const stepX = Math.round(a * step * unit) | 0;
  const stepY = Math.round(d * step * unit) | 0;
  const out = target.data;
  let to = 0;
  // Where the samples of a row start; the next ones follow at a constant step.
  const startX = new Int32Array(grid);
  const startY = new Int32Array(grid);
  for (let y = 0; y < target.height; y++) {
    for (let j = 0; j < grid; j++) {
      const [u, v] = [0.5 * step, y + (j + 0.5) * step];
      // Rounded to the nearest weight, not down.
      startX[j] = Math.floor((a * u + b * v + c - 0.5 + 1 / 512) * unit);
      startY[j] = Math.floor((d * u + e * v + f - 0.5 + 1 / 512) * unit);
    }
    for (let x = 0; x < target.width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < grid; j++) {
        let sx = ((startX[j] as number) + Math.imul(x * grid, stepX)) | 0;
        let sy = ((startY[j] as number) + Math.imul(x * grid, stepY)) | 0;
        for (let i = 0; i < grid; i++) {
          const x0 = sx >> bits;
          const y0 = sy >> bits;
          const fx = (sx >> toWeight) & 255;
          const fy = (sy >> toWeight) & 255;
          const w11 = Math.imul(fx, fy);
          const w10 = (fx << 8) - w11;
          const w01 = (fy << 8) - w11;
          const w00 = ONE - w11 - w10 - w01;
          if ((x0 - left) >>> 0 < columns && (y0 - top) >>> 0 < rows) {
            const at = (Math.imul(y0, stride) + Math.imul(x0, 3)) | 0;
            const below = (at + stride) | 0;
            red =
              (red +
                Math.imul(w00, px(data, at)) +
                Math.imul(w10, px(data, at + 3)) +
                Math.imul(w01, px(data, below)) +
                Math.imul(w11, px(data, below + 3))) |
              0;
            green =
              (green +
                Math.imul(w00, px(data, at + 1)) +
                Math.imul(w10, px(data, at + 4)) +
                Math.imul(w01, px(data, below + 1)) +
                Math.imul(w11, px(data, below + 4))) |
              0;
            blue =
              (blue +
                Math.imul(w00, px(data, at + 2)) +
                Math.imul(w10, px(data, at + 5)) +
                Math.imul(w01, px(data, below + 2)) +
                Math.imul(w11, px(data, below + 5))) |
              0;
          } else {
            const sample = { x0, y0, weights: [w00, w10, w01, w11] };
            red += atBorder(outside, sample, 0);
            green += atBorder(outside, sample, 1);
            blue += atBorder(outside, sample, 2);
          }
          sx = (sx + stepX) | 0;
          sy = (sy + stepY) | 0;
        }
      }
      const scale = 1 / (parts * ONE);
      out[to++] = red * scale + 0.5;
      out[to++] = green * scale + 0.5;
      out[to++] = blue * scale + 0.5;
    }
  }
}

interface Surroundings {
  readonly data: Uint8Array;
  /** Bytes from one row to the next. */
  readonly stride: number;
  readonly window: Window;
  readonly background: number;
}

/** Four neighbours from (x0, y0) on, row by row, and their weights. */
interface BorderSample {
  readonly x0: number;
  readonly y0: number;
  readonly weights: readonly number[];
}

/** A weighted sample of one channel, some of whose four neighbours may lie outside. */
function atBorder(
  { data, stride, window, background }: Surroundings,
  { x0, y0, weights }: BorderSample,
  channel: number,
): number {
  let sum = 0;
  for (let k = 0; k < 4; k++) {
    const x = x0 + (k & 1);
    const y = y0 + (k >> 1);
    const isInside = x >= window.left && y >= window.top && x < window.right && y < window.bottom;
    sum += (weights[k] ?? 0) * (isInside ? px(data, y * stride + x * 3 + channel) : background);
  }
  return sum;
}

function px(data: Uint8Array, index: number): number {
  return data[index] as number;
}
