import type { RgbImage } from "../image.ts";
import { cropSquare } from "./align.ts";
import { apply } from "./geometry.ts";
import { allocateBatch, batchItem } from "./pixels.ts";
import type { Box, Detection, FaceNetworks } from "./types.ts";

/** Side of the picture that the detector looks at, px. */
const LOOK_SIZE = 512;

/** All faces of a photo, boxes in its px. */
export async function findFaces(
  photo: RgbImage,
  networks: FaceNetworks,
  minScore: number,
): Promise<Detection[]> {
  const side = Math.max(photo.width, photo.height);
  return look(photo, { x: 0, y: 0, width: side, height: side }, networks, minScore);
}

/** Detects in one square window of the photo; the window may reach past it. */
async function look(
  photo: RgbImage,
  window: Box,
  networks: FaceNetworks,
  minScore: number,
): Promise<Detection[]> {
  const pictures = allocateBatch(1, LOOK_SIZE);
  const toPhoto = cropSquare(photo, window, batchItem(pictures, 0));
  const [detections = []] = await networks.detect(pictures, minScore);
  return detections.map(({ score, box }) => {
    const [x, y] = apply(toPhoto, [box.x, box.y]);
    return { score, box: { x, y, width: box.width * toPhoto.a, height: box.height * toPhoto.e } };
  });
}
