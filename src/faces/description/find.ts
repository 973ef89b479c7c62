import type { RgbImage } from "../../io/image/index.ts";
import { mergeSightings, overlap, squareAround } from "../pictures/geometry.ts";
import type { Box, FaceNetworks } from "../types.ts";
import { COARSE, createDetector, type Detect, FINE, isLarger, type Sighting } from "./detect.ts";
import { detectInTiles, WORTHWHILE } from "./tiles.ts";

/**
 * Where faces are searched for. SSD was trained on 512-px pictures with mostly small faces. Measured on LFW, it
 * misses 5 % of faces that fill such a picture, and almost none if it gets the photo at 256 px, at a quarter
 * of the cost. So the first pass is coarse, and finer or other passes follow only if needed.
 */

/** A detection with this score or more is certainly a face. */
export const CONVINCING = 0.5;
/** A convincing face this large (share of the photo's shorter side) makes it a portrait: no finer pass. */
const PORTRAIT_SHARE = 0.3;
/** If the fine pass finds faces under this size (px), the photo probably has smaller ones. */
const SMALL_FACE = 40;
/**
 * In the coarse pass, boxes of faces under this size (px of the picture it gets) are off by half a face, and
 * half of the detections are not faces (docs/decisions/011): a finer pass decides, if there is one.
 */
const BLURRED_IN_COARSE = 12;
/**
 * The same for the fine pass if there are tiles. The fine pass finds some faces of 10 to 12 px that no tile
 * shows at twice the size.
 */
const BLURRED_IN_FINE = 16;

/** Passes at a smaller scale are for faces that take at least this share of the photo's shorter side. */
const FILLS_PHOTO = 0.4;

export interface FindOptions {
  readonly minScore: number;
  /** Quarter turns clockwise of the people in the photo, if known; default: detected. */
  readonly turn?: number | undefined;
}

/** All faces of a photo, boxes in px of the photo, overlaps merged, best first. */
export async function findFaces(
  photo: RgbImage,
  networks: FaceNetworks,
  { minScore, turn }: FindOptions,
): Promise<Sighting[]> {
  const detect = createDetector(photo, networks, minScore);
  if (turn !== undefined) return mergeSightings(await detectInWhole(photo, detect, turn));
  const upright = await detectInWhole(photo, detect, 0);
  if (isSettled(upright)) return mergeSightings(upright);
  const closer = [
    ...upright,
    ...(await detectPadded(photo, detect, 0)),
    ...(await detectInTiles(photo, detect)),
  ];
  if (isSettled(closer)) return mergeSightings(closer);
  const far = [...closer, ...(await detectSmaller(photo, detect))];
  if (isSettled(far)) return mergeSightings(far);
  const turned = await detectTurned(photo, detect);
  return mergeSightings(bestScore(turned) > bestScore(far) ? turned : far);
}

/**
 * Searches the whole photo, coarse, and fine if it may contain smaller faces; then at its tiles if they are
 * very small.
 */
async function detectInWhole(photo: RgbImage, detect: Detect, turn: number): Promise<Sighting[]> {
  const side = Math.max(photo.width, photo.height);
  const whole = centredSquare(photo, side);
  const coarse = await detect(whole, COARSE, turn);
  if (!isWorthFine(photo) || isPortrait(coarse, photo)) return coarse;
  const fine = await detect(whole, FINE, turn);
  const hasSmall = !fine.every(isLarger((SMALL_FACE * side) / FINE));
  const tiles = hasSmall && turn === 0 ? await detectInTiles(photo, detect) : [];
  return [
    ...coarse.filter(isLarger((BLURRED_IN_COARSE * side) / COARSE)),
    ...besideTiles(fine, tiles, side),
    ...tiles,
  ];
}

/** What the fine pass adds to the tiles: clear faces, and blurred ones that no tile shows. */
function besideTiles(fine: readonly Sighting[], tiles: readonly Sighting[], side: number): Sighting[] {
  const isClear = isLarger((BLURRED_IN_FINE * side) / FINE);
  return fine.filter((face) => isClear(face) || tiles.every(({ box }) => overlap(box, face.box) === 0));
}

/** Searches the photo with half its size of grey around it, coarse. */
async function detectPadded(photo: RgbImage, detect: Detect, turn: number): Promise<Sighting[]> {
  const side = 2 * Math.max(photo.width, photo.height);
  const seen = await detect(centredSquare(photo, side), COARSE, turn);
  return isWorthFine(photo) ? seen.filter(isLarger((BLURRED_IN_COARSE * side) / COARSE)) : seen;
}

/**
 * Side of the picture of a pass at a smaller scale, in sides of the photo: faces that fill a photo are then 64 to 85 px
 * (docs/decisions/142).
 */
const SIDES = [4, 3] as const;

/**
 * Searches the photo with much grey around it, so that faces that fill it, which the detector often misses,
 * become small.
 */
async function detectSmaller(photo: RgbImage, detect: Detect): Promise<Sighting[]> {
  const least = isLarger(FILLS_PHOTO * Math.min(photo.width, photo.height));
  const found: Sighting[] = [];
  for (const sides of SIDES) {
    const side = sides * Math.max(photo.width, photo.height);
    found.push(...(await detect(centredSquare(photo, side), COARSE, 0)).filter(least));
    if (isSettled(found)) break;
  }
  return found;
}

function isWorthFine({ width, height }: RgbImage): boolean {
  return Math.max(width, height) > COARSE * WORTHWHILE;
}

/** For photos without EXIF orientation: the faces at the rotation with the best score. */
async function detectTurned(photo: RgbImage, detect: Detect): Promise<Sighting[]> {
  let best: Sighting[] = [];
  for (const turn of [1, 3, 2]) {
    const seen = await detectInWhole(photo, detect, turn);
    const all = isSettled(seen) ? seen : [...seen, ...(await detectPadded(photo, detect, turn))];
    if (bestScore(all) > bestScore(best)) best = all;
  }
  return best;
}

/**
 * Whether a convincing face was found, and none on its side with a better score: the photo is the right way
 * up.
 */
function isSettled(seen: readonly Sighting[]): boolean {
  const best = bestScore(seen);
  return best > 0 && seen.every(({ upright, score }) => upright || score <= best);
}

function bestScore(seen: readonly Sighting[]): number {
  return Math.max(0, ...seen.filter(isConvincing).map(({ score }) => score));
}

function centredSquare({ width, height }: RgbImage, side: number): Box {
  return squareAround([width / 2, height / 2], side);
}

function isConvincing({ score, upright }: Sighting): boolean {
  return upright && score >= CONVINCING;
}

function isPortrait(seen: readonly Sighting[], { width, height }: RgbImage): boolean {
  const least = PORTRAIT_SHARE * Math.min(width, height);
  return seen.some((face) => isConvincing(face) && Math.max(face.box.width, face.box.height) >= least);
}
