import type { AgeGenderFeatures, Point } from "../types.ts";

/** Splits values into rows. Rows are copies, so that none keeps the runtime's whole output in memory. */
export function splitRows(values: Float32Array | undefined, rows: number): Float32Array[] {
  if (!values) throw new Error("the network gave no output");
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, i) => values.slice(i * width, (i + 1) * width));
}

/** A network's outputs by name: numbers of all pictures, one picture behind the other. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** The outputs of all pictures from those of some at a time. */
export function joinOutputs(parts: readonly Outputs[]): Outputs {
  const [first = {}] = parts;
  if (parts.length === 1) return first;
  return Object.fromEntries(
    Object.keys(first).map((name) => {
      const each = parts.map((part) => part[name] ?? new Float32Array(0));
      const joined = new Float32Array(each.reduce((sum, { length }) => sum + length, 0));
      let offset = 0;
      for (const values of each) {
        joined.set(values, offset);
        offset += values.length;
      }
      return [name, joined];
    }),
  );
}

/** Converts 136 fractions of the crop to 68 points in px of the crop. */
export function toPoints(row: Float32Array, size: number): Point[] {
  return Array.from({ length: 68 }, (_, i) => [(row[i * 2] ?? 0) * size, (row[i * 2 + 1] ?? 0) * size]);
}

/** Combines one age per face, P(male) and P(female), and the features that both come from. */
export function toAgeGender(
  outputs: Readonly<Record<"age" | "gender" | "traits", Float32Array | undefined>>,
  faces: number,
): AgeGenderFeatures[] {
  const genders = splitRows(outputs.gender, faces);
  const traits = splitRows(outputs.traits, faces);
  return splitRows(outputs.age, faces).map(([years = 0], i) => ({
    age: years,
    female: genders[i]?.[1] ?? 0,
    traits: traits[i] ?? new Float32Array(0),
  }));
}
