import type { RgbImage } from "../../io/image/index.ts";
import { mapBox, middle, overlap, squareAround, turnedSquare } from "../pictures/geometry.ts";
import { allocateBatch, batchItem } from "../pictures/pixels.ts";
import { warp } from "../pictures/warp.ts";
import type { Box, Detection, FaceNetworks } from "../types.ts";

/** A face as the detector saw it. */
export interface Sighting extends Detection {
  /** Quarter turns clockwise of the face relative to the photo: 0 to 3. */
  readonly turn: number;
  /** Quarter turns of the picture in which the face was found. */
  readonly pictureTurn: number;
  /** The box is taller than wide, as boxes of upright faces are; boxes of faces on their side are not. */
  readonly upright: boolean;
}

/** Sides of the pictures that the detector gets, px. */
export const COARSE = 256;
export const FINE = 512;

/**
 * In noise and coarse textures the detector finds a face as large as the picture, and no longer finds it if
 * the picture is shifted a little; a real face is found again (docs/decisions/011). Large faces (share of the
 * photo's shorter side) under this score are therefore accepted only if they are found again.
 */
const LARGE_SHARE = 0.5;
const UNDOUBTED = 0.85;
/**
 * The windows in which such a face is searched for again, in sides of the face's box: the window's side, and its shift to the right.
 */
const OTHER_FRAMES = [
  { side: 1.8, shift: 0.1 },
  { side: 2.4, shift: -0.1 },
] as const;
/** The score and the overlap at which a detection is the same face again. */
const SEEN_AGAIN = 0.1;
const SAME_PLACE = 0.4;

const BLACK = 0;
const GREY = 127;

/**
 * Runs the detector on a square window of the photo, scaled to `size` px and turned, and returns the accepted
 * detections, in px of the photo.
 */
export type Detect = (window: Box, size: number, turn: number) => Promise<Sighting[]>;

export function createDetector(photo: RgbImage, networks: FaceNetworks, minScore: number): Detect {
  async function detectIn(window: Box, size: number, turn: number, least: number): Promise<Sighting[]> {
    const pictures = allocateBatch(1, size);
    const picture = batchItem(pictures, 0);
    const reachesOut = window.x < 0 && window.y < 0;
    const toPhoto = turnedSquare(window, size, turn);
    warp(photo, toPhoto, picture, { background: reachesOut ? GREY : BLACK });
    const [detections = []] = await networks.detect(pictures, least);
    return detections
      .map(({ score, box }) => ({
        score,
        turn,
        pictureTurn: turn,
        upright: isTall(box),
        box: mapBox(box, toPhoto),
      }))
      .filter(({ box }) => isInside(box, photo));
  }

  async function isBelievable({ box, score, pictureTurn }: Sighting): Promise<boolean> {
    const side = Math.max(box.width, box.height);
    if (score >= UNDOUBTED || side < LARGE_SHARE * Math.min(photo.width, photo.height)) return true;
    for (const frame of OTHER_FRAMES) {
      const window = squareAround(middle(box), side * frame.side, side * frame.shift);
      const again = await detectIn(window, COARSE, pictureTurn, SEEN_AGAIN);
      if (again.some((face) => overlap(face.box, box) > SAME_PLACE)) return true;
    }
    return false;
  }

  return async (window, size, turn) => {
    const convincing: Sighting[] = [];
    for (const sighting of await detectIn(window, size, turn, minScore)) {
      if (await isBelievable(sighting)) convincing.push(sighting);
    }
    return convincing;
  };
}

/** Rejects false detections on the padding. */
function isInside(box: Box, photo: RgbImage): boolean {
  const [x, y] = middle(box);
  return x >= 0 && y >= 0 && x < photo.width && y < photo.height;
}

function isTall({ width, height }: Box): boolean {
  return height > width * 0.95;
}

/** A filter for detections whose box has at least this size, px of the photo. */
export function isLarger(px: number): (sighting: Sighting) => boolean {
  return ({ box }) => Math.min(box.width, box.height) >= px;
}
