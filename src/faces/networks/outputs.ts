import type { AgeGender, Point } from "../types.ts";

/** Copies, so that no row keeps the runtime's whole output alive. */
export function splitRows(values: Float32Array | undefined, rows: number): Float32Array[] {
  if (!values) throw new Error("the network gave no output");
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, i) => values.slice(i * width, (i + 1) * width));
}

/** 136 fractions of the crop -> 68 points in its px. */
export function toPoints(row: Float32Array, size: number): Point[] {
  return Array.from({ length: 68 }, (_, i) => [(row[i * 2] ?? 0) * size, (row[i * 2 + 1] ?? 0) * size]);
}

/** One age per face, and P(male), P(female). */
export function toAgeGender(
  age: Float32Array | undefined,
  gender: Float32Array | undefined,
  faces: number,
): AgeGender[] {
  const genders = splitRows(gender, faces);
  return splitRows(age, faces).map(([years = 0], i) => ({ age: years, female: genders[i]?.[1] ?? 0 }));
}
