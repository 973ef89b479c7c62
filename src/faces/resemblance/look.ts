import type { RgbImage } from "../../io/image/index.ts";
import { alignment, mirror } from "../landmarks/align.ts";
import { LOOK_PARTS, LOOK_SIZE } from "../networks/onnx/look.ts";
import { invert } from "../pictures/geometry.ts";
import { allocateBatch, allocateImage, batchItem } from "../pictures/pixels.ts";
import { warp } from "../pictures/warp.ts";
import type { FaceNetworks, Point } from "../types.ts";

/**
 * The views of a face whose descriptors are averaged: the head with its hair, four eye distances wide, and
 * the mirror image of a wider crop. Two views cost two runs. In measurements they were as good as four, both
 * widths with their mirror images (docs/faces.md).
 */
const VIEWS = [
  { padding: 0.52, mirrored: false },
  { padding: 0.8, mirrored: true },
] as const;

/** Runs the second network, if it is installed and switched on. */
export type LookNetwork = NonNullable<FaceNetworks["look"]>;

/**
 * The second descriptor of each face: for each of the network's two layers the mean of the directions of its views'
 * descriptors, at length 1.
 *
 * @param faces 68 landmarks per face, px of `photo`
 * @returns 1,024 + 512 numbers per face
 */
export async function describeLooks(
  photo: RgbImage,
  faces: readonly (readonly Point[])[],
  network: LookNetwork,
): Promise<Float32Array[]> {
  if (faces.length === 0) return [];
  const crops = allocateBatch(faces.length * VIEWS.length, LOOK_SIZE);
  const scratch = allocateImage(LOOK_SIZE, LOOK_SIZE);
  faces.forEach((landmarks, i) => {
    VIEWS.forEach(({ padding, mirrored }, k) => {
      const crop = batchItem(crops, i * VIEWS.length + k);
      warp(photo, invert(alignment(landmarks, LOOK_SIZE, padding)), mirrored ? scratch : crop);
      if (mirrored) mirror(scratch, crop);
    });
  });
  const views = await network(crops);
  return faces.map((_, i) => {
    const own = views.slice(i * VIEWS.length, (i + 1) * VIEWS.length);
    const layers = [deepOf, middleOf].map((layer) => meanDirection(own.map(layer)));
    return Float32Array.from(layers.flatMap((layer) => [...layer]));
  });
}

/** The last layer's part of a second descriptor. */
export function deepOf(look: Float32Array): Float32Array {
  return look.subarray(0, LOOK_PARTS.deep);
}

/** The middle layer's part. */
export function middleOf(look: Float32Array): Float32Array {
  return look.subarray(LOOK_PARTS.deep);
}

/** The mean of the vectors' directions, at length 1. */
function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    const length = lengthOf(vector);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number) / length;
  }
  const length = lengthOf(sum);
  return sum.map((value) => value / length);
}

/** Never 0, so that a vector of zeros stays one. */
function lengthOf(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares) || 1;
}
