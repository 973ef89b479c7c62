import type { Size } from "./candidates.ts";
import type { Head } from "./head.ts";
import { FACE_RANGE, isRival } from "./leading.ts";
import { bottom, clamp, contains, hull, type Rect } from "./rect.ts";
import { roomy, type Scene } from "./scene.ts";

/** Penalty of the composition of a crop that keeps all rules; 0 is flawless. Pure. */

/** Space around a head if the photo allows it, in heads. */
const BREATHING_ROOM = 0.08;
/** Room below the chin, in heads. */
const SHOULDERS = 0.3;
/** Head in the free area, as a share of its height: alone and with others. */
const ALONE = 0.62;
const IN_COMPANY = 0.5;
const TOO_LARGE = 0.78;
/** With more of the free height than this above them, heads look too low. */
const MUCH_HEADROOM = 0.2;
/** Heads at the bottom of an empty backdrop: a larger head is better. */
const SUNK = 0.36;
/** The leading face's best height by the creative's shorter side, and in banners, so that it has some pixels. */
const BEST_FACE = { share: 0.32, px: 48, most: 0.42 };
/** Penalty of each other face that is about as large as the leading one: the leading one alone is better, even small. */
const EQUAL = 5;
/** Offset from the middle of a face that looks aside, so that it looks into the picture. */
const GAZE_ROOM = 0.17;
/** Faces that turn by less look straight ahead. */
const STRAIGHT = 0.15;
/** Thirds and the middle. */
const LINES = [1 / 3, 1 / 2, 2 / 3] as const;

export interface Composition {
  readonly scene: Scene;
  /** The head that the picture is about. */
  readonly first: Head;
  readonly shown: readonly Head[];
  readonly region: Rect;
  /** From the photo to the creative. */
  readonly place: (rect: Rect) => Rect;
  /** The part of the slot without text: readers see it as the picture. */
  readonly free: Rect;
  /** The creative's shorter side, px. */
  readonly short: number;
}

export function compositionPenalty(composition: Composition): number {
  const { scene, first, shown, region, place, free, short } = composition;
  const head = place(first.bounds);
  const group = place(hull(shown.map((one) => one.bounds)));
  const eyesY = (place({ x: first.eyes[0], y: first.eyes[1], width: 0, height: 0 }).y - free.y) / free.height;
  const headX = (head.x + head.width / 2 - free.x) / free.width;
  const groupX = (group.x + group.width / 2 - free.x) / free.width;
  const above = (group.y - free.y) / free.height;
  const headroom =
    Math.max(0, 0.05 - above) + Math.max(0, above - MUCH_HEADROOM) + 3 * Math.max(0, above - SUNK);
  return (
    headPenalty(head, free, shown.length) +
    asidePenalty(first, headX, shown.length) +
    2 * Math.abs(groupX - 0.5) +
    eyesPenalty(eyesY) +
    6 * headroom +
    shouldersPenalty(head, free) +
    sizePenalty((first.face * place(region).height) / (region.height * short), short) +
    EQUAL * rivals(first, shown) +
    squeezed(scene, shown, region)
  );
}

/** Penalty of a head that is too small or too large for the free area; both are in px of the creative. */
export function headPenalty(head: Size, free: Size, heads: number): number {
  const size = Math.max(head.height / free.height, (head.width / free.width) * 0.8);
  const tooSmall = Math.max(0, Math.log2((heads === 1 ? ALONE : IN_COMPANY) / size));
  const tooLarge = Math.max(0, Math.log2(size / TOO_LARGE));
  return 0.9 * Math.min(tooSmall, 1.6) + 1.5 * tooLarge;
}

/** @param eyesY height of the eyes in the free area, from 0, top, to 1 */
export function eyesPenalty(eyesY: number): number {
  return 1.8 * Math.abs(eyesY - 0.4);
}

/** A head without neck and shoulders seems to float on the panel. */
export function shouldersPenalty(head: Rect, free: Rect): number {
  return 4 * Math.max(0, SHOULDERS - (bottom(free) - bottom(head)) / head.height);
}

/** Penalty of the leading face's height, a share of the creative's shorter side, px. */
export function sizePenalty(share: number, short: number): number {
  const [least, most] = FACE_RANGE;
  const outside = Math.max(0, Math.log2(least / share), Math.log2(share / most));
  const best = clamp(BEST_FACE.px / short, BEST_FACE.share, BEST_FACE.most);
  return 0.5 * Math.abs(Math.log2(share / best)) + 5 * outside;
}

function rivals(first: Head, shown: readonly Head[]): number {
  return shown.filter((head) => isRival(head, first)).length;
}

/**
 * Thirds or the middle for a face that looks at the reader; space in front of one that looks aside.
 *
 * @param headX middle of the head in the free area, from 0, left, to 1
 */
export function asidePenalty({ gaze }: Head, headX: number, heads: number): number {
  if (Math.abs(gaze) < STRAIGHT || heads > 1) {
    const [left, middle, right] = LINES;
    return 1.2 * Math.min(Math.abs(headX - left), Math.abs(headX - middle), Math.abs(headX - right));
  }
  const ideal = 0.5 - GAZE_ROOM * clamp(gaze * 2.5, -1, 1);
  return 1.2 * Math.abs(headX - ideal);
}

/** Heads that touch the frame look squeezed, and hair may extend beyond the landmarks' estimate. */
function squeezed(scene: Scene, shown: readonly Head[], region: Rect): number {
  const tight = shown.filter((head) => !contains(region, roomy(scene, head, BREATHING_ROOM)));
  return Math.min(2, 1.2 * tight.length);
}

/** A photo without faces: as much of it as possible, around its middle. */
export function emptyPenalty(scene: Scene, region: Rect): number {
  const lost = 1 - (region.width * region.height) / (scene.width * scene.height);
  const dx = Math.abs(region.x + region.width / 2 - scene.width / 2) / scene.width;
  const dy = Math.abs(region.y + region.height / 2 - scene.height / 2) / scene.height;
  return 4 * lost + dx + dy;
}
