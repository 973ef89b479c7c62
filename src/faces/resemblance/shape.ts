import { centre } from "../pictures/geometry.ts";
import type { Point } from "../types.ts";

/**
 * The shape of a face: 68 landmarks centred, turned until the eyes are level, and scaled to unit norm (Procrustes form
 * without the reference shape; Dryden & Mardia 1998).
 *
 * @returns 136 numbers, x and y of each landmark; zeros for degenerate landmarks
 */
export function landmarkShape(landmarks: readonly Point[]): Float32Array {
  const [middleX, middleY] = centre(landmarks);
  const [leftX, leftY] = centre(landmarks.slice(36, 42));
  const [rightX, rightY] = centre(landmarks.slice(42, 48));
  const angle = Math.atan2(rightY - leftY, rightX - leftX);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const shape = new Float32Array(2 * landmarks.length);
  let squares = 0;
  landmarks.forEach(([px, py], i) => {
    const [x, y] = [px - middleX, py - middleY];
    shape[2 * i] = cos * x + sin * y;
    shape[2 * i + 1] = cos * y - sin * x;
    squares += x * x + y * y;
  });
  const norm = Math.sqrt(squares) || 1;
  return shape.map((value) => value / norm);
}
