import type { RgbImage } from "../../io/image/index.ts";

/**
 * Half-size copies of pictures, kept as long as the picture: all faces of a photo are cut out of the same
 * few.
 */
const HALVES = new WeakMap<RgbImage, RgbImage>();

/**
 * The picture at half its size.
 *
 * @param picture must not change afterwards: the copy is kept
 */
export function halved(picture: RgbImage): RgbImage {
  const known = HALVES.get(picture);
  if (known !== undefined) return known;
  const half = halve(picture);
  HALVES.set(picture, half);
  return half;
}

/** Each px is the mean of four; an odd last row or column is averaged with itself. */
function halve({ width, height, data }: RgbImage): RgbImage {
  const w = (width + 1) >> 1;
  const h = (height + 1) >> 1;
  const out = new Uint8Array(w * h * 3);
  // Columns with a neighbour to the right.
  const paired = width >> 1;
  let to = 0;
  for (let y = 0; y < h; y++) {
    let above = 2 * y * width * 3;
    let below = Math.min(2 * y + 1, height - 1) * width * 3;
    for (let x = 0; x < paired; x++) {
      out[to] = (at(data, above) + at(data, above + 3) + at(data, below) + at(data, below + 3) + 2) >> 2;
      out[to + 1] =
        (at(data, above + 1) + at(data, above + 4) + at(data, below + 1) + at(data, below + 4) + 2) >> 2;
      out[to + 2] =
        (at(data, above + 2) + at(data, above + 5) + at(data, below + 2) + at(data, below + 5) + 2) >> 2;
      to += 3;
      above += 6;
      below += 6;
    }
    if (paired === w) continue;
    for (let channel = 0; channel < 3; channel++) {
      out[to++] = (at(data, above + channel) + at(data, below + channel) + 1) >> 1;
    }
  }
  return { width: w, height: h, data: out };
}

function at(data: Uint8Array, index: number): number {
  return data[index] as number;
}
