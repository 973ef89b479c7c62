import type { RgbImage } from "../../io/image/index.ts";
import type { Sighting } from "../description/detect.ts";
import { centre } from "../pictures/geometry.ts";
import { allocateBatch, batchItem } from "../pictures/pixels.ts";
import type { FaceNetworks, Point } from "../types.ts";
import { CROP_SIZE, cropAligned, cropFace, mapPoints, mirror, mirrorLandmarks } from "./align.ts";
import { estimatePose } from "./pose.ts";

/**
 * From this roll on (degrees) the landmarks of the first pass are too inaccurate to average with the
 * second's.
 */
const STRONG_ROLL = 12;

/** 68 landmarks per face, in px of the photo. */
export async function locateLandmarks(
  photo: RgbImage,
  faces: readonly Sighting[],
  networks: FaceNetworks,
): Promise<Point[][]> {
  if (faces.length === 0) return [];
  const crops = allocateBatch(faces.length, CROP_SIZE);
  const toPhoto = faces.map((face, i) => cropFace(photo, face, batchItem(crops, i)));
  const points = await networks.landmarks(crops);
  const first = toPhoto.map((map, i) => mapPoints(points[i] ?? [], map));
  const second = await locateUpright(photo, first, networks);
  return first.map((landmarks, i) => {
    const views = second[i] ?? [];
    return Math.abs(estimatePose(landmarks).roll) > STRONG_ROLL
      ? average(views)
      : average([landmarks, ...views]);
  });
}

/**
 * Locates the landmarks again on every face cut out upright, and on its mirror image: the network was trained
 * on upright, centred faces, and its errors on the two views differ.
 */
async function locateUpright(
  photo: RgbImage,
  first: readonly (readonly Point[])[],
  networks: FaceNetworks,
): Promise<Point[][][]> {
  const crops = allocateBatch(first.length * 2, CROP_SIZE);
  const toPhoto = first.map((landmarks, i) => {
    const map = cropAligned(photo, landmarks, batchItem(crops, 2 * i));
    mirror(batchItem(crops, 2 * i), batchItem(crops, 2 * i + 1));
    return map;
  });
  const points = await networks.landmarks(crops);
  return toPhoto.map((map, i) => [
    mapPoints(points[2 * i] ?? [], map),
    mapPoints(mirrorLandmarks(points[2 * i + 1] ?? [], CROP_SIZE), map),
  ]);
}

function average(views: readonly (readonly Point[])[]): Point[] {
  return (views[0] ?? []).map((_, index) => centre(views.map((points) => points[index] ?? [0, 0])));
}
