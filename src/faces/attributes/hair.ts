import type { RgbImage } from "../../io/image/index.ts";
import { alignment } from "../landmarks/align.ts";
import { apply, invert } from "../pictures/geometry.ts";
import { warp } from "../pictures/warp.ts";
import type { HairColor, Point } from "../types.ts";
import { toLab } from "./lab.ts";

/**
 * Hair colour from pixels: what is neither skin nor background around the upper head is hair, and the median
 * of its L*a*b* colour gives the name. Coordinates are those of the unit face that landmarks are aligned on
 * (align.ts): x from 0 to 1 across the eyes, y down, the brows at 0, the mouth at 0.8.
 */

/** Side of the picture that is examined, px, and the room around the unit face in it. */
const SIZE = 96;
const ROOM = 1.1;

/** The head with its hair: an ellipse, down to the brows and without the middle of the forehead. */
const HEAD = { x: 0.49, y: 0.15, halfWidth: 0.68, halfHeight: 1.05, bottom: -0.05 } as const;
const FOREHEAD = { halfWidth: 0.4, top: -0.38 } as const;
/** Cheeks and nose: always skin. */
const SKIN = { left: 0.2, right: 0.8, top: 0.3, bottom: 0.62 } as const;
/** Areas beside the head: background, in several patches because it may have several colours. */
const BESIDE = { left: -0.75, right: 1.75, bottom: 0.1, patches: 4 } as const;

/** Colours nearer than these count as skin or background; lightness has half the weight, because of shadows. */
const SKIN_DISTANCE = 9;
const BACKGROUND_DISTANCE = 8;

/**
 * Less hair than this share of the head means bald; heads with less than the second share in the photo are
 * not judged.
 */
const BALD_BELOW = 0.3;
const VISIBLE_FROM = 0.6;
/** A bald head shows skin on more than this share. */
const BARE_FROM = 0.2;

const CORNERS: readonly Point[] = [
  [0, 0],
  [SIZE, 0],
  [0, SIZE],
  [SIZE, SIZE],
];

type Lab = readonly [lightness: number, a: number, b: number];

export function estimateHair(photo: RgbImage, landmarks: readonly Point[]): HairColor {
  const picture = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3) };
  const toPhoto = invert(alignment(landmarks, SIZE, ROOM));
  warp(photo, toPhoto, picture);
  const isInside = ([x, y]: Point) => x >= 0 && y >= 0 && x < photo.width && y < photo.height;
  const isWhole = CORNERS.every((corner) => isInside(apply(toPhoto, corner)));
  const isVisible = (index: number): boolean =>
    isWhole || isInside(apply(toPhoto, [(index % SIZE) + 0.5, Math.floor(index / SIZE) + 0.5]));
  const head = REGIONS.head.filter(isVisible);
  if (head.length < VISIBLE_FROM * REGIONS.head.length) return "unknown";
  const lab = toLab(picture.data);
  const skin = median(lab, REGIONS.skin);
  const backgrounds = REGIONS.beside
    .map((patch) => patch.filter(isVisible))
    .filter((patch) => patch.length > 0)
    .map((patch) => median(lab, patch));
  const isBackground = (color: Lab) =>
    backgrounds.some((background) => distance(color, background) < BACKGROUND_DISTANCE);
  const hair = head.filter((index) => {
    const color = at(lab, index);
    return !isBackground(color) && !isSkin(color, skin);
  });
  if (hair.length < BALD_BELOW * head.length) {
    // Hair is missing if skin shows, or if the background has the hair's own colour.
    const bare = head.filter((index) => isSkin(at(lab, index), skin)).length;
    return bare > BARE_FROM * head.length ? "bald" : "unknown";
  }
  return nameColor(median(lab, hair));
}

/** A colour like the cheeks', or of their hue and about as light or lighter: a forehead shines. */
function isSkin(color: Lab, skin: Lab): boolean {
  if (distance(color, skin) < SKIN_DISTANCE) return true;
  const squared = (color[1] - skin[1]) ** 2 + (color[2] - skin[2]) ** 2;
  return color[0] > skin[0] - 6 && squared < SKIN_DISTANCE ** 2;
}

/**
 * Pigment as colour: black hair has none, blond is light and yellow, red has more red than brown at any lightness,
 * grey is light without colour. The bounds were set on 42 people of the London set and measured on 60 others;
 * red and grey hair is too rare there, and their bounds come from painted pictures, not from people.
 */
function nameColor([lightness, a, b]: Lab): HairColor {
  if (lightness > 48 && Math.hypot(a, b) < 5) return "grey";
  if (b < 1.7) return "black";
  if (a > 12 && a > 0.6 * b) return "red";
  return lightness > 37 && b > 6.8 ? "blond" : "brown";
}

function distance(a: Lab, b: Lab): number {
  // Math.hypot guards against overflow, which cannot happen here, and takes ten times as long.
  return Math.sqrt(((a[0] - b[0]) / 2) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}

function at(lab: Float32Array, index: number): Lab {
  return [lab[index * 3] ?? 0, lab[index * 3 + 1] ?? 0, lab[index * 3 + 2] ?? 0];
}

function median(lab: Float32Array, pixels: readonly number[]): Lab {
  const middle = (channel: number) =>
    Float32Array.from(pixels, (index) => lab[index * 3 + channel] ?? 0).sort()[pixels.length >> 1] ?? 0;
  return [middle(0), middle(1), middle(2)];
}

interface Regions {
  readonly head: readonly number[];
  readonly skin: readonly number[];
  /** Patches beside the head, left and right, top to bottom. */
  readonly beside: readonly (readonly number[])[];
}

const REGIONS: Regions = findRegions();

function findRegions(): Regions {
  const head: number[] = [];
  const skin: number[] = [];
  const beside: number[][] = Array.from({ length: 2 * BESIDE.patches }, () => []);
  for (let index = 0; index < SIZE * SIZE; index++) {
    const x = (((index % SIZE) + 0.5) / SIZE) * (1 + 2 * ROOM) - ROOM;
    const y = ((Math.floor(index / SIZE) + 0.5) / SIZE) * (1 + 2 * ROOM) - ROOM;
    if (isHead(x, y)) head.push(index);
    if (x > SKIN.left && x < SKIN.right && y > SKIN.top && y < SKIN.bottom) skin.push(index);
    if (y < BESIDE.bottom && (x < BESIDE.left || x > BESIDE.right)) {
      const row = Math.floor(((y + ROOM) / (BESIDE.bottom + ROOM)) * BESIDE.patches);
      beside[2 * row + (x < BESIDE.left ? 0 : 1)]?.push(index);
    }
  }
  return { head, skin, beside };
}

function isHead(x: number, y: number): boolean {
  const inside = Math.hypot((x - HEAD.x) / HEAD.halfWidth, (y - HEAD.y) / HEAD.halfHeight) < 1;
  const isForehead = Math.abs(x - HEAD.x) < FOREHEAD.halfWidth && y > FOREHEAD.top;
  return inside && y < HEAD.bottom && !isForehead;
}
