import type { RgbImage } from "../../io/image/index.ts";
import { mapBox, middle, overlap, squareAround, turnedSquare } from "../pictures/geometry.ts";
import { allocateBatch, batchItem } from "../pictures/pixels.ts";
import { warp } from "../pictures/warp.ts";
import type { Box, Detection, FaceNetworks } from "../types.ts";

/** A face as the detector saw it. */
export interface Sighting extends Detection {
  /** Quarter turns clockwise of the face against the photo: 0 to 3. */
  readonly turn: number;
  /** Quarter turns at which the detector looked when it saw the face. */
  readonly lookTurn: number;
  /** The box is taller than wide, as boxes of upright faces are; those of faces on their side are not. */
  readonly upright: boolean;
}

/** Sides of the pictures that looks show to the detector, px. */
export const COARSE = 256;
export const FINE = 512;

/**
 * Noise and coarse textures show the detector a face as large as the picture, which is gone as soon as the picture
 * lies a little differently; a real one stays (docs/decisions/011). Large faces (share of the photo's shorter side)
 * under this score are therefore believed only when they are seen again.
 */
const LARGE_SHARE = 0.5;
const UNDOUBTED = 0.85;
/** How they are framed then, in sides of their box: the window's side, and its shift to the right. */
const OTHER_FRAMES = [
  { side: 1.8, shift: 0.1 },
  { side: 2.4, shift: -0.1 },
] as const;
/** The score and the overlap at which it is the same face again. */
const SEEN_AGAIN = 0.1;
const SAME_PLACE = 0.4;

const BLACK = 0;
const GREY = 127;

/**
 * One look at a square window of the photo, shown at a size in px and a turn: what is believed of it, in px of the
 * photo.
 */
export type Look = (window: Box, size: number, turn: number) => Promise<Sighting[]>;

export function createLook(photo: RgbImage, networks: FaceNetworks, minScore: number): Look {
  async function detect(window: Box, size: number, turn: number, least: number): Promise<Sighting[]> {
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
        lookTurn: turn,
        upright: isTall(box),
        box: mapBox(box, toPhoto),
      }))
      .filter(({ box }) => isInside(box, photo));
  }

  async function isBelievable({ box, score, lookTurn }: Sighting): Promise<boolean> {
    const side = Math.max(box.width, box.height);
    if (score >= UNDOUBTED || side < LARGE_SHARE * Math.min(photo.width, photo.height)) return true;
    for (const frame of OTHER_FRAMES) {
      const window = squareAround(middle(box), side * frame.side, side * frame.shift);
      const again = await detect(window, COARSE, lookTurn, SEEN_AGAIN);
      if (again.some((face) => overlap(face.box, box) > SAME_PLACE)) return true;
    }
    return false;
  }

  return async (window, size, turn) => {
    const believed: Sighting[] = [];
    for (const sighting of await detect(window, size, turn, minScore)) {
      if (await isBelievable(sighting)) believed.push(sighting);
    }
    return believed;
  };
}

/** The detector sometimes fires on the padding. */
function isInside(box: Box, photo: RgbImage): boolean {
  const [x, y] = middle(box);
  return x >= 0 && y >= 0 && x < photo.width && y < photo.height;
}

function isTall({ width, height }: Box): boolean {
  return height > width * 0.95;
}

/** The detections whose box has at least this size, px of the photo. */
export function isLarger(px: number): (sighting: Sighting) => boolean {
  return ({ box }) => Math.min(box.width, box.height) >= px;
}
