import type { RgbImage } from "../../io/image/index.ts";

/**
 * A photo's plain backdrop is continued beyond its edges: each row keeps the mean colour of its outermost pixels, each
 * column above the photo that of its uppermost ones, smoothed along the edge and blended into the photo, with grain so
 * that the new part does not look flatter than the old one.
 */

export interface ExtendOptions {
  /** Size of the whole, px. */
  readonly width: number;
  readonly height: number;
  /** Position of the photo's part; it extends to the lower edge. */
  readonly left: number;
  readonly top: number;
}

/**
 * Pixels that an edge's colour is the mean of, in the part's shorter side, and how far it is smoothed along the edge.
 */
const STRIP = 0.05;
const SMOOTH = 0.04;
const SMOOTH_ABOVE = 0.16;
/** Grain, at most this many levels up or down. */
const GRAIN = 2;

export function extendPicture(part: RgbImage, { width, height, left, top }: ExtendOptions): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const picture = { width, height, data };
  for (let y = 0; y < part.height; y++) {
    data.set(
      part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3),
      ((y + top) * width + left) * 3,
    );
  }
  const foot = top + part.height;
  const right = left + part.width;
  const strip = Math.max(2, Math.round(STRIP * Math.min(part.width, part.height)));
  const smooth = Math.max(1, Math.round(SMOOTH * Math.min(part.width, part.height)));
  const grain = grainOf(left * 31 + top * 17 + width);
  // Sides first: the row above the photo then spans the whole width.
  if (left > 0) {
    const line = edgeColors(picture, { from: top, to: foot, smooth }, (i, k) => i * width + left + k, strip);
    fillRows(picture, line, { top, x0: 0, x1: left, seam: left, step: 1, strip, grain });
  }
  if (right < width) {
    const line = edgeColors(
      picture,
      { from: top, to: foot, smooth },
      (i, k) => i * width + right - 1 - k,
      strip,
    );
    fillRows(picture, line, { top, x0: right, x1: width, seam: right - 1, step: -1, strip, grain });
  }
  if (top > 0) {
    const above = { from: 0, to: width, smooth: Math.round((smooth * SMOOTH_ABOVE) / SMOOTH) };
    const line = edgeColors(picture, above, (i, k) => (top + k) * width + i, strip);
    fillAbove(picture, line, { top, strip, grain });
  }
  return picture;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly smooth: number;
}

/** Mean colours along an edge: `at(i, k)` is the k-th pixel inwards of place i. */
function edgeColors(
  { data }: RgbImage,
  { from, to, smooth }: Span,
  at: (i: number, k: number) => number,
  strip: number,
): Float64Array {
  const raw = new Float64Array((to - from) * 3);
  for (let i = from; i < to; i++) {
    for (let k = 0; k < strip; k++) {
      const pixel = at(i, k) * 3;
      for (let c = 0; c < 3; c++)
        raw[(i - from) * 3 + c] = (raw[(i - from) * 3 + c] ?? 0) + (data[pixel + c] ?? 0) / strip;
    }
  }
  return smoothed(raw, smooth);
}

/** The mean of `reach` neighbours on each side, as far as there are any. */
function smoothed(colors: Float64Array, reach: number): Float64Array {
  const count = colors.length / 3;
  const out = new Float64Array(colors.length);
  for (let c = 0; c < 3; c++) {
    let sum = 0;
    let inside = 0;
    for (let i = -reach; i < count; i++) {
      const enters = i + reach;
      const leaves = i - reach - 1;
      if (enters < count) {
        sum += colors[enters * 3 + c] ?? 0;
        inside++;
      }
      if (leaves >= 0) {
        sum -= colors[leaves * 3 + c] ?? 0;
        inside--;
      }
      if (i >= 0) out[i * 3 + c] = sum / inside;
    }
  }
  return out;
}

interface Fill {
  readonly strip: number;
  readonly grain: () => number;
  readonly top: number;
}

function fillRows(
  { data, width }: RgbImage,
  line: Float64Array,
  fill: Fill & { readonly x0: number; readonly x1: number; readonly seam: number; readonly step: 1 | -1 },
): void {
  const { top, x0, x1, seam, step, strip, grain } = fill;
  for (const [row, color] of colorsOf(line).entries()) {
    const start = (row + top) * width;
    for (let x = x0; x < x1; x++) paint(data, (start + x) * 3, color, grain());
    for (let k = 0; k < strip; k++) mix(data, (start + seam + step * k) * 3, color, share(k, strip));
  }
}

function fillAbove({ data, width }: RgbImage, line: Float64Array, { top, strip, grain }: Fill): void {
  const colors = colorsOf(line);
  for (let y = 0; y < top; y++) {
    for (const [x, color] of colors.entries()) paint(data, (y * width + x) * 3, color, grain());
  }
  for (let k = 0; k < strip; k++) {
    for (const [x, color] of colors.entries()) mix(data, ((top + k) * width + x) * 3, color, share(k, strip));
  }
}

/** The colours of a line, each as red, green, blue. */
function colorsOf(line: Float64Array): Float64Array[] {
  return Array.from({ length: line.length / 3 }, (_, i) => line.subarray(3 * i, 3 * i + 3));
}

/** How much of the edge's colour shows `k` pixels inside of the seam: eased from all to nothing. */
function share(k: number, strip: number): number {
  const t = k / strip;
  return 1 - t * t * (3 - 2 * t);
}

function paint(data: Uint8Array, at: number, color: Float64Array, grain: number): void {
  for (let c = 0; c < 3; c++) data[at + c] = Math.max(0, Math.min(255, Math.round((color[c] ?? 0) + grain)));
}

function mix(data: Uint8Array, at: number, color: Float64Array, part: number): void {
  for (let c = 0; c < 3; c++) {
    data[at + c] = Math.round((color[c] ?? 0) * part + (data[at + c] ?? 0) * (1 - part));
  }
}

/** The same grain for the same place on every machine: a linear congruential sequence (Numerical Recipes). */
function grainOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 2 * GRAIN;
  };
}
