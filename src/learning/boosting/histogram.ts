import type { BinnedRows } from "../features/bins.ts";

/** Size of a feature's bins in a histogram: 256 pairs of (gradient, curvature). */
export const BINS_STRIDE = 512;

/** Length of a histogram over all features. */
export function histogramSize({ stride }: BinnedRows): number {
  return stride * 4 * BINS_STRIDE;
}

/** The input of a histogram. */
export interface HistogramSource {
  readonly binned: BinnedRows;
  /** Interleaved gradient and curvature of each row of `binned`. */
  readonly statistics: Float64Array;
  /** Number of features; the padding of the last word is skipped. */
  readonly width: number;
}

/**
 * Sums gradients and curvatures per feature and bin over the rows. Both are whole numbers (see `quantum`), whose sums
 * are exact in any order: the histogram of a leaf minus that of one child is the other child's, to the last bit.
 */
export function fillHistogram(
  histogram: Float64Array,
  { binned, statistics, width }: HistogramSource,
  rows: Uint32Array,
): void {
  const { stride, words } = binned;
  histogram.fill(0);
  const whole = width >> 2;
  const rest = width & 3;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const g = statistics[2 * row] as number;
    const h = statistics[2 * row + 1] as number;
    let at = row * stride;
    let base = 0;
    // Four features per word: one load, four sums. Twice as fast as one byte or one column at a time.
    for (const end = at + whole; at < end; at++, base += 4 * BINS_STRIDE) {
      const bins = words[at] as number;
      const a = base + ((bins & 255) << 1);
      histogram[a] = (histogram[a] as number) + g;
      histogram[a + 1] = (histogram[a + 1] as number) + h;
      const b = base + BINS_STRIDE + ((bins >>> 7) & 510);
      histogram[b] = (histogram[b] as number) + g;
      histogram[b + 1] = (histogram[b + 1] as number) + h;
      const c = base + 2 * BINS_STRIDE + ((bins >>> 15) & 510);
      histogram[c] = (histogram[c] as number) + g;
      histogram[c + 1] = (histogram[c + 1] as number) + h;
      const d = base + 3 * BINS_STRIDE + ((bins >>> 23) & 510);
      histogram[d] = (histogram[d] as number) + g;
      histogram[d + 1] = (histogram[d + 1] as number) + h;
    }
    if (rest === 0) continue;
    let bins = words[at] as number;
    for (let k = 0; k < rest; k++, base += BINS_STRIDE, bins >>>= 8) {
      const a = base + ((bins & 255) << 1);
      histogram[a] = (histogram[a] as number) + g;
      histogram[a + 1] = (histogram[a + 1] as number) + h;
    }
  }
}

/** Turns `parent` into the histogram of the child that is not `child`. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i] = (parent[i] as number) - (child[i] as number);
}

/**
 * The factor, a power of two, for scaling numbers of at most `largest` before rounding, so that `count` of
 * them add up exactly: whole numbers below 2^53 are exact.
 */
export function quantum(largest: number, count: number): number {
  if (!(largest > 0)) return 1;
  return 2 ** Math.floor(51 - Math.log2(largest) - Math.log2(Math.max(1, count)));
}
