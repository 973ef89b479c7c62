import type { RgbImage } from "../../io/image/index.ts";
import {
  type Affine,
  apply,
  compose,
  fitSimilarity,
  invert,
  turnedSquare,
  wholePixels,
} from "../pictures/geometry.ts";
import { warp } from "../pictures/warp.ts";
import type { Box, Point } from "../types.ts";

/** Side of the aligned face chip, px: the recognition network's input. */
export const CHIP_SIZE = 150;
/** Side of the crop for landmarks and attributes, px. */
export const CROP_SIZE = 112;
/** Room around the unit face, as a share of its size on each side (dlib's `get_face_chip_details`). */
export const CHIP_PADDING = 0.25;

/**
 * Mean positions of the landmarks that the chip is aligned on, in a unit face: nose (27-35), eyes (36-47) and
 * upper lip (48-54, 60-64) as dlib publishes them in `get_face_chip_details` (D. King, dlib
 * image_transforms/interpolation.h). Brows, chin and lower lip move too much with expression and are left out.
 */
const TEMPLATE: readonly (readonly [landmark: number, x: number, y: number])[] = [
  [27, 0.490127, 0.203352],
  [28, 0.490127, 0.307009],
  [29, 0.490127, 0.409805],
  [30, 0.490127, 0.515625],
  [31, 0.36688, 0.587326],
  [32, 0.426036, 0.609345],
  [33, 0.490127, 0.628106],
  [34, 0.554217, 0.609345],
  [35, 0.613373, 0.587326],
  [36, 0.121737, 0.216423],
  [37, 0.187122, 0.178758],
  [38, 0.265825, 0.179852],
  [39, 0.334606, 0.231733],
  [40, 0.260918, 0.245099],
  [41, 0.182743, 0.244077],
  [42, 0.645647, 0.231733],
  [43, 0.714428, 0.179852],
  [44, 0.793132, 0.178758],
  [45, 0.858516, 0.216423],
  [46, 0.79751, 0.244077],
  [47, 0.719335, 0.245099],
  [48, 0.254149, 0.780233],
  [49, 0.340985, 0.745405],
  [50, 0.428858, 0.727388],
  [51, 0.490127, 0.742578],
  [52, 0.551395, 0.727388],
  [53, 0.639268, 0.745405],
  [54, 0.726104, 0.780233],
  [60, 0.290379, 0.784792],
  [61, 0.428096, 0.778746],
  [62, 0.490127, 0.785343],
  [63, 0.552157, 0.778746],
  [64, 0.689874, 0.784792],
];

/** The similarity from the photo's px to a chip of `size` px with an upright face. */
export function alignment(landmarks: readonly Point[], size: number, padding: number): Affine {
  const from: Point[] = [];
  const to: Point[] = [];
  for (const [index, x, y] of TEMPLATE) {
    const point = landmarks[index];
    if (!point) continue;
    from.push(point);
    to.push([((padding + x) / (2 * padding + 1)) * size, ((padding + y) / (2 * padding + 1)) * size]);
  }
  return fitSimilarity(from, to);
}

/**
 * Root mean square distance of landmarks from the template, in unit faces: .03 is usual, more than .1 is not
 * a face.
 */
export function templateError(landmarks: readonly Point[]): number {
  const map = alignment(landmarks, 1, 0);
  let squares = 0;
  for (const [index, x, y] of TEMPLATE) {
    const [px, py] = apply(map, landmarks[index] ?? [0, 0]);
    squares += (px - x) ** 2 + (py - y) ** 2;
  }
  return Math.sqrt(squares / TEMPLATE.length);
}

/** Photo px per chip px; under 1 the chip is an enlargement. */
export function chipScale(landmarks: readonly Point[]): number {
  const { a, d } = invert(alignment(landmarks, CHIP_SIZE, CHIP_PADDING));
  return Math.hypot(a, d);
}

/**
 * Cuts the aligned, upright face chip out of the photo. A picture taller than wide shows as much more of the photo
 * above and below.
 */
export function alignChip(photo: RgbImage, landmarks: readonly Point[], chip: RgbImage): void {
  const toChip = alignment(landmarks, chip.width, CHIP_PADDING);
  const above = (chip.height - chip.width) / 2;
  warp(photo, invert({ ...toChip, f: toChip.f + above }), chip);
}

/**
 * Cuts out a face for the landmark network: only the box, upright, centred in a square, black beside it if
 * the box is not square (as that network was trained).
 *
 * @param turn quarter turns clockwise of the face relative to the photo
 * @returns the map from the crop's px to the photo's
 */
export function cropFace(photo: RgbImage, { box, turn }: { box: Box; turn: number }, crop: RgbImage): Affine {
  const seen = wholePixels(box, photo);
  const side = Math.max(seen.width, seen.height);
  const x = seen.x + (seen.width - side) / 2;
  const y = seen.y + (seen.height - side) / 2;
  const toPhoto = turnedSquare({ x, y, width: side, height: side }, crop.width, turn);
  warp(photo, toPhoto, crop, { within: seen });
  return toPhoto;
}

/**
 * Cuts out a face upright by known landmarks, framed as the detector would frame it.
 *
 * @returns the map from the crop's px to the photo's
 */
export function cropAligned(photo: RgbImage, landmarks: readonly Point[], crop: RgbImage): Affine {
  const size = crop.width;
  const toPhoto = invert(alignment(landmarks, size, (FRAME - 1) / 2));
  const down = FRAME_SHIFT * (size / FRAME);
  const framed = compose({ a: 1, b: 0, c: 0, d: 0, e: 1, f: down }, toPhoto);
  warp(photo, framed, crop);
  return framed;
}

/**
 * Side of the detector's box, and how far its middle is below the unit face's, in unit faces (mean over LFW).
 */
const FRAME = 1.3;
const FRAME_SHIFT = 0.05;

/** Mirrors a picture left to right. */
export function mirror(source: RgbImage, target: RgbImage): void {
  const { width, height } = source;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (y * width + (width - 1 - x)) * 3;
      target.data[to] = source.data[from] as number;
      target.data[to + 1] = source.data[from + 1] as number;
      target.data[to + 2] = source.data[from + 2] as number;
    }
  }
}

export function mapPoints(points: readonly Point[], map: Affine): Point[] {
  return points.map((point) => apply(map, point));
}

/** The index that each of the 68 landmarks gets when the picture is mirrored. */
const MIRRORED: readonly number[] = [
  ...range(16, 0),
  ...range(26, 17),
  ...range(27, 30),
  ...range(35, 31),
  ...[45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40],
  ...range(54, 48),
  ...range(59, 55),
  ...range(64, 60),
  ...[67, 66, 65],
];

function range(from: number, to: number): number[] {
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}

/** Converts landmarks of a mirrored picture to landmarks of the picture itself. */
export function mirrorLandmarks(points: readonly Point[], width: number): Point[] {
  return MIRRORED.map((index) => {
    const [x, y] = points[index] ?? [0, 0];
    return [width - x, y];
  });
}
