import type { Box, Point } from "../../faces/index.ts";
import { clamp, type Rect } from "./rect.ts";

/** The whole head, hair and chin, from a face's landmarks: a crop must not cut it and text must not cover it. */

export interface Head {
  /** Upright box around the head, px of the photo; it may extend beyond the photo if the head does. */
  readonly bounds: Rect;
  /** Between the eyes. */
  readonly eyes: Point;
  /** Height of the face, brows to chin, px of the photo. */
  readonly face: number;
  /** Area of the face's box, px² of the photo. */
  readonly area: number;
  /** Where the face looks, from -1 (full profile to the picture's left) to 1; 0: straight ahead. */
  readonly gaze: number;
}

/**
 * Extent of the head in units of the face's height (brow line to chin), along the face's own axes. The skull's
 * top lies about as far above the brows as two thirds of that height; hair adds to it, upwards and sideways.
 * Checked by drawing on group photos and portraits with long, curly, pinned-up and no hair.
 */
const ABOVE_BROWS = 0.88;
const BELOW_CHIN = 0.1;
/** Half the head's width with hair. */
const HALF_WIDTH = 0.83;
/** Distance of the nose tip from the middle of the jaw, in jaw widths, up to which a face is seen from the front. */
const STRAIGHT_TURN = 0.12;
const BEHIND_PER_TURN = 1.6;
/** In profile, distance of the nose from the middle of the jaw, in jaw widths. */
const PROFILE_TURN = 0.5;
/** Landmarks that span less of the box than this have collapsed, as on faces that the photo's edge cuts in half. */
const LEAST_SPAN = 0.4;

const JAW_LEFT = 0;
const CHIN = 8;
const JAW_RIGHT = 16;
const NOSE_TIP = 30;
const BROWS = [17, 27] as const;
const LEFT_EYE = [36, 42] as const;
const RIGHT_EYE = [42, 48] as const;

/**
 * Estimates the whole head, with hair and ears, from a face's landmarks.
 *
 * @param landmarks 68 points in iBUG order; with any other number, or if they span no face, the box is used
 *
 * @example
 * const heads = faces.map(headOf);
 */
export function headOf(face: { readonly box: Box; readonly landmarks: readonly Point[] }): Head {
  if (face.landmarks.length !== 68 || !spansFace(face)) return headOfBox(face.box);
  const leftEye = mean(face.landmarks.slice(...LEFT_EYE));
  const rightEye = mean(face.landmarks.slice(...RIGHT_EYE));
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]);
  const eyes: Point = [(leftEye[0] + rightEye[0]) / 2, (leftEye[1] + rightEye[1]) / 2];

  const upright = face.landmarks.map((point) => rotate(point, eyes, -roll));
  const at = (index: number): Point => upright[index] ?? eyes;
  const chin = at(CHIN)[1];
  const jawWidth = at(JAW_RIGHT)[0] - at(JAW_LEFT)[0];
  const faceHeight = trueFaceHeight(face.box, upright);
  if (!(faceHeight > 0 && jawWidth > 0)) return headOfBox(face.box);

  const top = chin - (1 + ABOVE_BROWS) * faceHeight;
  const base = chin + BELOW_CHIN * faceHeight;
  const middle = (at(JAW_LEFT)[0] + at(JAW_RIGHT)[0]) / 2;
  // A face turned aside shows the back of its head on the side opposite the nose.
  const turn = (middle - at(NOSE_TIP)[0]) / jawWidth;
  const behind = Math.max(0, Math.abs(turn) - STRAIGHT_TURN) * BEHIND_PER_TURN * faceHeight;
  const halfWidth = HALF_WIDTH * faceHeight + behind / 2;
  const centre = rotate([middle + (Math.sign(turn) * behind) / 2, (top + base) / 2], eyes, roll);
  const gaze = clamp(-turn / PROFILE_TURN, -1, 1);
  return {
    bounds: ellipseBounds(centre, halfWidth, (base - top) / 2, roll),
    eyes,
    gaze,
    face: faceOf(face.box),
    area: face.box.width * face.box.height,
  };
}

function spansFace({ box, landmarks }: { readonly box: Box; readonly landmarks: readonly Point[] }): boolean {
  const span = (axis: 0 | 1) => {
    const places = landmarks.map((point) => point[axis]);
    return Math.max(...places) - Math.min(...places);
  };
  return Math.max(span(0), span(1)) >= LEAST_SPAN * Math.max(box.width, box.height);
}

/**
 * Brow line to chin, with the foreshortening of a bowed head undone: the detector's box and the distance of the
 * eyes' outer corners do not shrink with it.
 */
function trueFaceHeight(box: Box, upright: readonly Point[]): number {
  const brow = Math.min(...upright.slice(...BROWS).map((point) => point[1]));
  const chin = upright[CHIN]?.[1] ?? 0;
  const corners = (upright[RIGHT_EYE[0] + 3]?.[0] ?? 0) - (upright[LEFT_EYE[0]]?.[0] ?? 0);
  return Math.max(chin - brow, 0.72 * box.height, 1.45 * corners);
}

/** A detector's box spans about brows to chin; if the photo's edge cuts it, its longer side gives the size. */
function headOfBox(box: Box): Head {
  const side = Math.max(box.width, box.height);
  const middle = box.x + box.width / 2;
  const bounds = {
    x: middle - 0.75 * side,
    y: box.y - 0.55 * side,
    width: 1.5 * side,
    height: box.height + 0.7 * side,
  };
  return {
    bounds,
    eyes: [middle, box.y + 0.3 * side],
    gaze: 0,
    face: faceOf(box),
    area: box.width * box.height,
  };
}

/** A detector's box is as high as the face; if the photo's edge cuts it, its width is used. */
function faceOf({ width, height }: Box): number {
  return Math.max(width, height);
}

/** Upright box around an ellipse turned by `angle`. */
function ellipseBounds(centre: Point, halfWidth: number, halfHeight: number, angle: number): Rect {
  const dx = Math.hypot(halfWidth * Math.cos(angle), halfHeight * Math.sin(angle));
  const dy = Math.hypot(halfWidth * Math.sin(angle), halfHeight * Math.cos(angle));
  return { x: centre[0] - dx, y: centre[1] - dy, width: 2 * dx, height: 2 * dy };
}

function rotate(point: Point, around: Point, angle: number): Point {
  const x = point[0] - around[0];
  const y = point[1] - around[1];
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return [around[0] + x * cos - y * sin, around[1] + x * sin + y * cos];
}

function mean(points: readonly Point[]): Point {
  const sum = points.reduce<[number, number]>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
