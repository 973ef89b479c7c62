import { decodePhoto } from "./photo.ts";
import type { RgbImage } from "./types.ts";

/**
 * Distinguishes copies of one picture from other pictures. The hash is the signs of the picture's lowest
 * frequencies (Zauner 2010, 'Implementation and Benchmarking of Perceptual Image Hash Functions', DCT based
 * hash). It uses 16 x 16 of them without the mean, because portraits from one studio share the lowest 8 x 8.
 * Saving again, scaling, sharpening and changed brightness flip few signs; mirroring flips those of every
 * second column; cropping flips many.
 */
export type PictureHash = Uint8Array;

/** Cells per side to which the picture is averaged. */
const CELLS = 64;
/** Frequencies along each axis. */
const FREQUENCIES = 16;
/** Least contrast (standard deviation, 0 to 255) of the cells for which a hash has meaning. */
const LEAST_CONTRAST = 2;
/**
 * Two hashes of 255 bits that differ in at most this many bits are of one picture; docs/faces.md, "Copies of
 * a picture", has the figures.
 */
export const COPY_BITS = 26;

const BITS = FREQUENCIES * FREQUENCIES - 1;

/**
 * The hash of a picture, 32 bytes; null if it shows only a plain surface.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE
 */
export async function hashPicture(source: string | Uint8Array): Promise<PictureHash | null> {
  const { image } = await decodePhoto(source, { maxSide: 4 * CELLS });
  const cells = averageCells(image);
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const variance = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  if (variance < LEAST_CONTRAST ** 2) return null;
  const lowest = transform(cells);
  const hash = new Uint8Array(Math.ceil(BITS / 8));
  for (let bit = 0; bit < BITS; bit++) {
    if ((lowest[bit + 1] ?? 0) > 0) hash[bit >> 3] = (hash[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return hash;
}

/**
 * The number of bits in which two hashes differ, the smaller of both: as they are and with one mirrored; 0 to
 * 255.
 */
export function hashDistance(a: PictureHash, b: PictureHash): number {
  let same = 0;
  let mirrored = 0;
  for (let i = 0; i < MIRROR.length; i++) {
    const changed = (a[i] ?? 0) ^ (b[i] ?? 0);
    same += ONES[changed] ?? 0;
    mirrored += ONES[changed ^ (MIRROR[i] ?? 0)] ?? 0;
  }
  return Math.min(same, mirrored);
}

/** Whether two hashes are of copies of one picture. */
export function isCopy(a: PictureHash, b: PictureHash): boolean {
  return hashDistance(a, b) <= COPY_BITS;
}

/** The bits that mirroring left to right flips: odd frequencies along a row. */
const MIRROR = Uint8Array.from({ length: Math.ceil(BITS / 8) }, (_, byte) => {
  let mask = 0;
  for (let i = 0; i < 8; i++) {
    const bit = byte * 8 + i;
    if (bit < BITS && ((bit + 1) % FREQUENCIES) % 2 === 1) mask |= 1 << i;
  }
  return mask;
});

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** Mean luminance (ITU-R BT.601) per cell, row by row. */
function averageCells({ width, height, data }: RgbImage): Float64Array {
  const cells = new Float64Array(CELLS * CELLS);
  for (let row = 0; row < CELLS; row++) {
    const [top, bottom] = spanOf(row, height);
    for (let column = 0; column < CELLS; column++) {
      const [left, right] = spanOf(column, width);
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = (y * width + x) * 3;
          sum += 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
        }
      }
      cells[row * CELLS + column] = sum / ((bottom - top) * (right - left));
    }
  }
  return cells;
}

/** The pixels of a cell along one side, at least one. */
function spanOf(cell: number, pixels: number): readonly [from: number, to: number] {
  const from = Math.min(pixels - 1, Math.floor((cell * pixels) / CELLS));
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * pixels) / CELLS))];
}

/** Cosines of the type II transform, by frequency and cell. */
const COSINES = Float64Array.from({ length: FREQUENCIES * CELLS }, (_, i) => {
  const [frequency, cell] = [Math.floor(i / CELLS), i % CELLS];
  return Math.cos((Math.PI * frequency * (2 * cell + 1)) / (2 * CELLS));
});

/** The lowest frequencies of the two-dimensional cosine transform, row by row; the first is the mean. */
function transform(cells: Float64Array): Float64Array {
  const rows = new Float64Array(CELLS * FREQUENCIES);
  for (let y = 0; y < CELLS; y++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let x = 0; x < CELLS; x++) sum += (cells[y * CELLS + x] ?? 0) * (COSINES[u * CELLS + x] ?? 0);
      rows[y * FREQUENCIES + u] = sum;
    }
  }
  const lowest = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let v = 0; v < FREQUENCIES; v++) {
    for (let u = 0; u < FREQUENCIES; u++) {
      let sum = 0;
      for (let y = 0; y < CELLS; y++) sum += (rows[y * FREQUENCIES + u] ?? 0) * (COSINES[v * CELLS + y] ?? 0);
      lowest[v * FREQUENCIES + u] = sum;
    }
  }
  return lowest;
}
