import { centre } from "../pictures/geometry.ts";
import type { Point } from "../types.ts";

/** The rotation of a head, degrees. */
export interface HeadPose {
  /** Rotation to the side; positive towards the picture's right. 0 is frontal. */
  readonly yaw: number;
  /** Rotation up or down; positive is down. 0 is the mean face's. */
  readonly pitch: number;
  /** Rotation in the picture's plane; positive is clockwise. */
  readonly roll: number;
}

/**
 * Positions of stable landmarks on a mean head, in interocular distances: x to the picture's right, y down, z
 * towards the camera, origin between the eyes. Rounded from the anthropometric means of Farkas (1994).
 */
const HEAD: readonly (readonly [points: readonly number[], x: number, y: number, z: number])[] = [
  [[36, 39], -0.5, 0, 0],
  [[42, 45], 0.5, 0, 0],
  [[30], 0, 0.62, 0.42],
  [[48], -0.4, 1.05, 0.06],
  [[54], 0.4, 1.05, 0.06],
  [[8], 0, 1.8, 0.05],
];

/**
 * Head pose from 68 landmarks by weak perspective: the head above is turned, scaled and shifted so that it
 * projects onto the landmarks with the least squares (DeMenthon & Davis 1995 without the perspective iteration).
 *
 * @returns zeros for degenerate landmarks
 */
export function estimatePose(landmarks: readonly Point[]): HeadPose {
  const image = HEAD.map(([points]) => centre(points.map((index) => landmarks[index] ?? [0, 0])));
  const head = HEAD.map(([, x, y, z]) => [x, y, z] as const);
  const rowX = solveRow(
    head,
    image.map(([x]) => x),
  );
  const rowY = solveRow(
    head,
    image.map(([, y]) => y),
  );
  const scale = (norm(rowX) + norm(rowY)) / 2;
  if (!(scale > 0)) return { yaw: 0, pitch: 0, roll: 0 };
  // The first two rows of the rotation; the head's z axis in camera coordinates is its direction.
  const [r00, , r02] = rowX.map((value) => value / scale) as [number, number, number];
  const [r10, , r12] = rowY.map((value) => value / scale) as [number, number, number];
  return {
    yaw: degrees(Math.asin(clamp(r02))),
    pitch: degrees(Math.asin(clamp(r12))),
    roll: degrees(Math.atan2(r10, r00)),
  };
}

/** Least squares of `values = a x + b y + c z + shift`: gives [a, b, c]. */
function solveRow(head: readonly (readonly [number, number, number])[], values: readonly number[]): number[] {
  const means = [0, 1, 2].map(
    (axis) => head.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / head.length,
  );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const normal = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) =>
      head.reduce((sum, p) => sum + ((p[i] ?? 0) - (means[i] ?? 0)) * ((p[j] ?? 0) - (means[j] ?? 0)), 0),
    ),
    head.reduce((sum, p, k) => sum + ((p[i] ?? 0) - (means[i] ?? 0)) * ((values[k] ?? 0) - mean), 0),
  ]);
  return solve3(normal);
}

/** Cramer's rule on three rows [a, b, c | d]. */
function solve3(rows: readonly (readonly number[])[]): number[] {
  const column = (j: number) => rows.map((row) => row[j] ?? 0) as [number, number, number];
  const [a, b, c, d] = [column(0), column(1), column(2), column(3)];
  const whole = determinant(a, b, c);
  return [determinant(d, b, c) / whole, determinant(a, d, c) / whole, determinant(a, b, d) / whole];
}

type Triple = readonly [number, number, number];

function determinant(a: Triple, b: Triple, c: Triple): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    b[0] * (a[1] * c[2] - a[2] * c[1]) +
    c[0] * (a[1] * b[2] - a[2] * b[1])
  );
}

function norm(row: readonly number[]): number {
  return Math.hypot(...row);
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
