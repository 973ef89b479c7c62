import type { AdPhoto, CreativeLayout } from "../../src/ads/index.ts";
import type { Box, Point } from "../../src/faces/index.ts";

/** Heads from raw landmarks, independent of the layout's measure. */

/** Crown above the brows and ears beside the jaw, in heights of the face from brows to chin. */
const CROWN = 0.66;
const EARS = 0.1;

/** Landmarks plus crown and ears, along the face's own axes, px of the photo. */
export function headPoints(landmarks: readonly Point[]): Point[] {
  const middle = (from: number, to: number): Point => {
    const part = landmarks.slice(from, to);
    const sum = (axis: 0 | 1) => part.reduce((total, point) => total + point[axis], 0) / part.length;
    return [sum(0), sum(1)];
  };
  const brows = middle(17, 27);
  const chin = landmarks[8] ?? brows;
  const up: Point = [brows[0] - chin[0], brows[1] - chin[1]];
  const crown: Point = [brows[0] + up[0] * CROWN, brows[1] + up[1] * CROWN];
  // A quarter turn of `up` points to the picture's right.
  const ear = ([x, y]: Point, side: 1 | -1): Point => [x - up[1] * EARS * side, y + up[0] * EARS * side];
  const left = landmarks[0] ?? brows;
  const right = landmarks[16] ?? brows;
  return [...landmarks, crown, ear(left, -1), ear(right, 1)];
}

/** Position of a point of the photo in the creative. */
export function placed([x, y]: Point, { region, target }: CreativeLayout["picture"]): Point {
  return [
    target.x + ((x - region.x) * target.width) / region.width,
    target.y + ((y - region.y) * target.height) / region.height,
  ];
}

/**
 * A head's points in the creative, without those outside the photo. If the landmarks have collapsed into a corner of the
 * detector's box, the corners of the box are used.
 */
export function placedHead(
  photo: AdPhoto,
  { box, landmarks }: { readonly box: Box; readonly landmarks: readonly Point[] },
  picture: CreativeLayout["picture"],
): Point[] {
  const xs = landmarks.map(([x]) => x);
  const hasCollapsed = Math.max(...xs) - Math.min(...xs) < box.width / 3;
  return (hasCollapsed ? corners(box) : headPoints(landmarks))
    .filter(([x, y]) => x >= 0 && y >= 0 && x <= photo.width && y <= photo.height)
    .map((point) => placed(point, picture));
}

function corners({ x, y, width, height }: Box): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
}
