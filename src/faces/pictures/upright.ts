import type { RgbImage } from "../../io/image/index.ts";
import type { Affine } from "./geometry.ts";

export interface Sampling {
  /** Maps target px to source px. */
  readonly map: Affine;
  /** `grid` x `grid` bilinear samples per target px. */
  readonly grid: number;
  /** The grey level outside of the window. */
  readonly background: number;
  readonly window: Window;
}

/** The visible part of the source. Whole px: from (included), to (excluded). */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Samples a map without rotation: one axis after the other gives the same sums with far fewer products. */
export function sampleUpright(source: RgbImage, target: RgbImage, sampling: Sampling): void {
  const { map, grid, background, window } = sampling;
  const columns = findTaps(target.width, { scale: map.a, shift: map.c, grid }, window.left, window.right);
  const rows = findTaps(target.height, { scale: map.e, shift: map.f, grid }, window.top, window.bottom);
  const width = target.width * 3;
  const ring = createRing(rows.taps + 1, width, (row, out) => {
    squeezeRow(source, columns, { row, background }, out);
  });
  const sums = new Float32Array(width);
  for (let y = 0; y < target.height; y++) {
    sums.fill((rows.outside[y] as number) * background + 0.5);
    for (let tap = 0; tap < rows.taps; tap++) {
      const weight = rows.weights[y * rows.taps + tap] as number;
      if (weight === 0) continue;
      const line = ring((rows.first[y] as number) + tap);
      for (let i = 0; i < width; i++) sums[i] = (sums[i] as number) + weight * (line[i] as number);
    }
    target.data.set(sums, y * width);
  }
}

/** The source px and weights that one axis of a target px is made of; weights and `outside` add up to 1. */
interface Taps {
  readonly taps: number;
  /** The first source px of each target px. */
  readonly first: Int32Array;
  /** `taps` per target px; 0 for source px outside of the window. */
  readonly weights: Float32Array;
  /** The weight of the background. */
  readonly outside: Float32Array;
}

interface Axis {
  readonly scale: number;
  readonly shift: number;
  readonly grid: number;
}

function findTaps(length: number, { scale, shift, grid }: Axis, from: number, to: number): Taps {
  const taps = Math.ceil(Math.abs(scale)) + 2;
  const first = new Int32Array(length);
  const weights = new Float32Array(length * taps);
  const outside = new Float32Array(length);
  for (let t = 0; t < length; t++) {
    const samples = Array.from({ length: grid }, (_, i) => scale * (t + (i + 0.5) / grid) + shift - 0.5);
    const start = Math.floor(Math.min(...samples));
    first[t] = start;
    for (const sample of samples) {
      const whole = Math.floor(sample);
      for (const [index, share] of [
        [whole, 1 - (sample - whole)],
        [whole + 1, sample - whole],
      ] as const) {
        const counts = index >= from && index < to ? weights : outside;
        const at = counts === weights ? t * taps + index - start : t;
        counts[at] = (counts[at] as number) + share / grid;
      }
    }
  }
  return { taps, first, weights, outside };
}

/** Resamples one source row to the target's width. */
function squeezeRow(
  { width, data }: RgbImage,
  { taps, first, weights, outside }: Taps,
  { row, background }: { readonly row: number; readonly background: number },
  out: Float32Array,
): void {
  let to = 0;
  for (let x = 0; x < first.length; x++) {
    let red = (outside[x] as number) * background;
    let green = red;
    let blue = red;
    let from = (row * width + (first[x] as number)) * 3;
    for (let tap = x * taps; tap < (x + 1) * taps; tap++, from += 3) {
      const weight = weights[tap] as number;
      if (weight === 0) continue;
      red += weight * (data[from] as number);
      green += weight * (data[from + 1] as number);
      blue += weight * (data[from + 2] as number);
    }
    out[to++] = red;
    out[to++] = green;
    out[to++] = blue;
  }
}

/** Keeps the rows that were resampled last: consecutive target rows share theirs. */
function createRing(
  size: number,
  width: number,
  fill: (row: number, out: Float32Array) => void,
): (row: number) => Float32Array {
  const lines = Array.from({ length: size }, () => ({ row: -1, values: new Float32Array(width) }));
  return (row) => {
    const line = lines[row % size] as (typeof lines)[number];
    if (line.row !== row) {
      fill(row, line.values);
      line.row = row;
    }
    return line.values;
  };
}
