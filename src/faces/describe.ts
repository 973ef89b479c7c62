import { type DecodedPhoto, decodePhoto, type RgbImage } from "../image.ts";
import { alignChip, CHIP_SIZE, mirror } from "./align.ts";
import { averageDescriptors } from "./descriptor.ts";
import { findFaces } from "./find.ts";
import { locateLandmarks } from "./locate.ts";
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
  return landmarks.map((_, i) => averageDescriptors(descriptors.slice(2 * i, 2 * i + 2)));
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
