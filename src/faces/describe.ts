import { type DecodedPhoto, decodePhoto, type RgbImage } from "../image.ts";
import { alignChip, CHIP_SIZE, CROP_SIZE, cropSquare, mapPoints, mirror } from "./align.ts";
import { findFaces } from "./find.ts";
import { allocateBatch, batchItem } from "./pixels.ts";
import { measureQuality } from "./quality.ts";
import type { Box, Detection, Face, FaceNetworks, PhotoFaces, PhotoSource, Point } from "./types.ts";

/** Photos are decoded to at most this many px on the longest side: enough for the chips of all but tiny faces. */
const DECODE_SIDE = 1600;

export interface DescribeSettings {
  /** Detections below this score are dropped, in (0, 1). */
  readonly minScore: number;
  /** Refuse photos of more pixels than this. */
  readonly maxPixels: number;
}

/**
 * One photo from file to faces: decode, detect, landmarks, align, embed.
 *
 * @returns faces by box area, largest first
 */
export async function describePhoto(
  source: PhotoSource,
  networks: FaceNetworks,
  settings: DescribeSettings,
): Promise<PhotoFaces> {
  const photo = await decodePhoto(source, { maxSide: DECODE_SIDE, maxPixels: settings.maxPixels });
  const detections = await findFaces(photo.image, networks, settings.minScore);
  const landmarks = await locateLandmarks(photo.image, detections, networks);
  const embeddings = await embedFaces(photo.image, landmarks, networks);
  const faces = detections.map((detection, i) => {
    const points = landmarks[i] ?? [];
    return toFace(photo, detection, points, embeddings[i] ?? new Float32Array());
  });
  return {
    width: photo.width,
    height: photo.height,
    faces: faces.toSorted((a, b) => area(b.box) - area(a.box)),
  };
}

async function locateLandmarks(
  photo: RgbImage,
  faces: readonly Detection[],
  networks: FaceNetworks,
): Promise<Point[][]> {
  if (faces.length === 0) return [];
  const crops = allocateBatch(faces.length, CROP_SIZE);
  const toPhoto = faces.map(({ box }, i) => cropSquare(photo, box, batchItem(crops, i)));
  const points = await networks.landmarks(crops);
  return toPhoto.map((map, i) => mapPoints(points[i] ?? [], map));
}

/**
 * The mean of the descriptors of the aligned chip and of its mirror image, scaled to the mean of their two
 * lengths. Averaging cancels what pose and light do to one side only; scaling keeps distances comparable with
 * dlib's and face-api's thresholds (0.6), because the mean of two vectors is shorter than either.
 */
async function embedFaces(
  photo: RgbImage,
  landmarks: readonly (readonly Point[])[],
  networks: FaceNetworks,
): Promise<Float32Array[]> {
  if (landmarks.length === 0) return [];
  const chips = allocateBatch(landmarks.length * 2, CHIP_SIZE);
  landmarks.forEach((points, i) => {
    alignChip(photo, points, batchItem(chips, 2 * i));
    mirror(batchItem(chips, 2 * i), batchItem(chips, 2 * i + 1));
  });
  const descriptors = await networks.embed(chips);
  return landmarks.map((_, i) => meanDescriptor(descriptors[2 * i], descriptors[2 * i + 1]));
}

function meanDescriptor(a: Float32Array | undefined, b: Float32Array | undefined): Float32Array {
  if (!a || !b) throw new Error("the recognition network gave no output");
  const sum = a.map((value, i) => value + (b[i] ?? 0));
  const scale = (length(a) + length(b)) / 2 / length(sum);
  return sum.map((value) => value * scale);
}

function length(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function toFace(
  photo: DecodedPhoto,
  detection: Detection,
  points: readonly Point[],
  embedding: Float32Array,
): Face {
  const { scaleX, scaleY } = photo;
  const { x, y, width, height } = detection.box;
  const box: Box = { x: x * scaleX, y: y * scaleY, width: width * scaleX, height: height * scaleY };
  const landmarks = points.map(([px, py]): Point => [px * scaleX, py * scaleY]);
  return { box, score: detection.score, landmarks, embedding, quality: measureQuality(landmarks) };
}

function area({ width, height }: Box): number {
  return width * height;
}
