import type { RgbImage } from "../image.ts";
import { CROP_SIZE, cropAligned, cropFace, mapPoints, mirror, mirrorLandmarks } from "./align.ts";
import type { Sighting } from "./find.ts";
import { allocateBatch, batchItem } from "./pixels.ts";
import { estimatePose } from "./pose.ts";
import type { FaceNetworks, Point } from "./types.ts";

/** From this roll or yaw on (degrees) the landmarks of a first pass are found again on the upright face. */
const STRONG_ROLL = 12;
const STRONG_YAW = 25;

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
  return Promise.all(
    first.map((landmarks) => (isTurned(landmarks) ? refine(photo, landmarks, networks) : landmarks)),
  );
}

/** The landmark network was trained on upright faces: show it the face upright, and mirrored, and average. */
async function refine(
  photo: RgbImage,
  landmarks: readonly Point[],
  networks: FaceNetworks,
): Promise<Point[]> {
  const crops = allocateBatch(2, CROP_SIZE);
  const toPhoto = cropAligned(photo, landmarks, batchItem(crops, 0));
  mirror(batchItem(crops, 0), batchItem(crops, 1));
  const [upright = [], mirrored = []] = await networks.landmarks(crops);
  const back = mirrorLandmarks(mirrored, CROP_SIZE);
  const mean = upright.map(
    ([x, y], i): Point => [(x + (back[i]?.[0] ?? x)) / 2, (y + (back[i]?.[1] ?? y)) / 2],
  );
  return mapPoints(mean, toPhoto);
}

function isTurned(landmarks: readonly Point[]): boolean {
  const { roll, yaw } = estimatePose(landmarks);
  return Math.abs(roll) > STRONG_ROLL || Math.abs(yaw) > STRONG_YAW;
}
