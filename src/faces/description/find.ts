import type { RgbImage } from "../../image/index.ts";
import { mapBox, mergeSightings, overlap, turnedSquare } from "../pictures/geometry.ts";
import { allocateBatch, batchItem } from "../pictures/pixels.ts";
import { warp } from "../pictures/warp.ts";
import type { Box, Detection, FaceNetworks, Point } from "../types.ts";

/**
 * Where the detector looks. SSD was trained on 512-px pictures whose faces are mostly small; measured on LFW it
 * misses 5 % of faces that fill such a picture, and almost none of them when it sees the photo at 256 px, at a
 * quarter of the cost. So the first look is coarse, and finer or other looks follow only where they are needed.
 */

/** A face as the detector saw it. */
export interface Sighting extends Detection {
  /** Quarter turns clockwise of the face against the photo: 0 to 3. */
  readonly turn: number;
  /** Quarter turns at which the detector looked when it saw the face. */
  readonly lookTurn: number;
  /** The box is taller than wide, as boxes of upright faces are; those of faces on their side are not. */
  readonly upright: boolean;
}

/** Side of the picture that a look shows to the detector, px. */
const COARSE = 256;
const FINE = 512;
/** A score from which a face is beyond doubt. */
const CONVINCING = 0.5;
/** A convincing face this large (share of the photo's shorter side) makes it a portrait: no finer look. */
const PORTRAIT_SHARE = 0.3;
/** Faces under this size in the fine look (px) promise more that are smaller still. */
const SMALL_FACE = 40;
/** A finer look pays from this enlargement on. */
const WORTHWHILE = 1.25;
/** Most tiles along the longer side. */
const MAX_TILES = 4;

/**
 * Noise and coarse textures show the detector a face as large as the picture, which is gone as soon as the picture
 * lies a little differently; a real one stays (docs/decisions/011). Large faces (share of the photo's shorter side)
 * under this score are therefore believed only when they are seen again.
 */
const LARGE_SHARE = 0.5;
const UNDOUBTED = 0.7;
/** How they are framed then, in sides of their box: the window's side, and its shift to the right. */
const OTHER_FRAMES = [
  { side: 1.8, shift: 0.1 },
  { side: 2.4, shift: -0.1 },
] as const;
/** The score and the overlap at which it is the same face again. */
const SEEN_AGAIN = 0.1;
const SAME_PLACE = 0.4;

export interface FindOptions {
  readonly minScore: number;
  /** Quarter turns clockwise of the people in the photo, where that is known; default: found out. */
  readonly turn?: number | undefined;
}

/** All faces of a photo, boxes in its px, overlaps merged, best first. */
export async function findFaces(
  photo: RgbImage,
  networks: FaceNetworks,
  { minScore, turn }: FindOptions,
): Promise<Sighting[]> {
  const look = createLook(photo, networks, minScore);
  if (turn !== undefined) return mergeSightings(await lookAtWhole(photo, look, turn));
  const upright = await lookAtWhole(photo, look, 0);
  if (isSettled(upright)) return mergeSightings(upright);
  const closer = [...upright, ...(await look(padded(photo), COARSE, 0)), ...(await lookAtTiles(photo, look))];
  if (isSettled(closer)) return mergeSightings(closer);
  const turned = await lookTurned(photo, look);
  return mergeSightings(bestScore(turned) > bestScore(closer) ? turned : closer);
}

type Look = (window: Box, size: number, turn: number) => Promise<Sighting[]>;

/** The whole photo, coarse, and fine where it may hold smaller faces; then its parts if those are small indeed. */
async function lookAtWhole(photo: RgbImage, look: Look, turn: number): Promise<Sighting[]> {
  const side = Math.max(photo.width, photo.height);
  const whole = centredSquare(photo, side);
  const coarse = await look(whole, COARSE, turn);
  if (side <= COARSE * WORTHWHILE || isPortrait(coarse, photo)) return coarse;
  const fine = await look(whole, FINE, turn);
  const small = fine.some(({ box }) => Math.min(box.width, box.height) * (FINE / side) < SMALL_FACE);
  const tiles = small && turn === 0 ? await lookAtTiles(photo, look) : [];
  return [...coarse, ...fine, ...tiles];
}

/** Photos that lost their EXIF orientation: what is seen at the turn whose best face is the most convincing. */
async function lookTurned(photo: RgbImage, look: Look): Promise<Sighting[]> {
  let best: Sighting[] = [];
  for (const turn of [1, 3, 2]) {
    const seen = await lookAtWhole(photo, look, turn);
    const all = isSettled(seen) ? seen : [...seen, ...(await look(padded(photo), COARSE, turn))];
    if (bestScore(all) > bestScore(best)) best = all;
  }
  return best;
}

/** A convincing face was seen, and none lying on its side more clearly: the photo is the right way up. */
function isSettled(seen: readonly Sighting[]): boolean {
  const best = bestScore(seen);
  return best > 0 && seen.every(({ upright, score }) => upright || score <= best);
}

function bestScore(seen: readonly Sighting[]): number {
  return Math.max(0, ...seen.filter(isConvincing).map(({ score }) => score));
}

/** Overlapping tiles in which a photo is seen at its own resolution, up to `MAX_TILES` a side. */
async function lookAtTiles(photo: RgbImage, look: Look): Promise<Sighting[]> {
  const longer = Math.max(photo.width, photo.height);
  if (longer <= FINE * WORTHWHILE) return [];
  const side = Math.max(FINE, longer / (1 + (MAX_TILES - 1) * 0.75));
  const found: Sighting[] = [];
  for (const y of tileStarts(photo.height, side)) {
    for (const x of tileStarts(photo.width, side)) {
      found.push(...(await look({ x, y, width: side, height: side }, FINE, 0)));
    }
  }
  return found;
}

function tileStarts(length: number, side: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - side) / (side * 0.75)) + 1;
  return Array.from({ length: count }, (_, i) => (i * (length - side)) / (count - 1));
}

function createLook(photo: RgbImage, networks: FaceNetworks, minScore: number): Look {
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

const BLACK = 0;
const GREY = 127;

/** The photo with half its size around it. */
function padded(photo: RgbImage): Box {
  return centredSquare(photo, 2 * Math.max(photo.width, photo.height));
}

function centredSquare({ width, height }: RgbImage, side: number): Box {
  return squareAround([width / 2, height / 2], side);
}

function squareAround([x, y]: Point, side: number, shift = 0): Box {
  return { x: x + shift - side / 2, y: y - side / 2, width: side, height: side };
}

function middle({ x, y, width, height }: Box): Point {
  return [x + width / 2, y + height / 2];
}

/** The detector sometimes fires on the padding. */
function isInside(box: Box, photo: RgbImage): boolean {
  const [x, y] = middle(box);
  return x >= 0 && y >= 0 && x < photo.width && y < photo.height;
}

function isTall({ width, height }: Box): boolean {
  return height > width * 0.95;
}

function isConvincing({ score, upright }: Sighting): boolean {
  return upright && score >= CONVINCING;
}

function isPortrait(seen: readonly Sighting[], { width, height }: RgbImage): boolean {
  const least = PORTRAIT_SHARE * Math.min(width, height);
  return seen.some((face) => isConvincing(face) && Math.max(face.box.width, face.box.height) >= least);
}
