import type { RgbImage } from "../../io/image/index.ts";

/** Square pictures of one size, one behind the other: the input of the networks. */
export interface PixelBatch {
  readonly count: number;
  /** Width and height in px. */
  readonly size: number;
  /** `count * size * size * 3` bytes, RGB interleaved, row by row. */
  readonly data: Uint8Array;
}

export function allocateBatch(count: number, size: number): PixelBatch {
  return { count, size, data: new Uint8Array(count * size * size * 3) };
}

export function allocateImage(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** A view of the batch's picture at `index`: writing to it writes to the batch. */
export function batchItem({ count, size, data }: PixelBatch, index: number): RgbImage {
  if (index < 0 || index >= count) throw new RangeError(`picture ${index} of ${count}`);
  const bytes = size * size * 3;
  return { width: size, height: size, data: data.subarray(index * bytes, (index + 1) * bytes) };
}
