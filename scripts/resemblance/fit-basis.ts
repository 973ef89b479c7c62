import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { euclideanDistance } from "../../src/faces/index.ts";
import { BASES, project } from "../../src/faces/resemblance/basis.ts";
import { deepOf, middleOf } from "../../src/faces/resemblance/look.ts";
import { landmarkShape } from "../../src/faces/resemblance/shape.ts";
import type { PhotoEvidence } from "./evidence.ts";
import { lfwFaces } from "./lfw-faces.ts";
import {
  dot,
  meanOf,
  meanSquare,
  minus,
  multiply,
  principalComponents,
  type Rows,
  secondMoments,
  whitening,
} from "./principal.ts";

/**
 * Fits src/faces/resemblance/basis-data.ts: for each descriptor the mean and the components that features are projected
 * on, out of photos of Labeled Faces in the Wild. Needs ../shared/data/lfw and `@vladmandic/human`.
 *
 *     npx tsx scripts/resemblance/fit-basis.ts [--cache folder] [--jobs 2] [--write]
 *
 * It says how far distances under the fitted basis are from those under the present file: the same up to rounding, unless
 * photos, networks or recipes changed. `--write` replaces the file; FEATURES_VERSION and the means of `features.ts` then
 * have to follow.
 */
const { values } = parseArgs({
  options: {
    cache: { type: "string" },
    jobs: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
  },
});
const TARGET = resolve(import.meta.dirname, "../../src/faces/resemblance/basis-data.ts");

interface Recipe {
  readonly name: keyof typeof BASES;
  readonly rank: number;
  readonly of: (face: PhotoEvidence) => Float32Array | null;
  /**
   * `flatten`: each component is divided by its variance to so much of a half; 1 whitens. `within`: the covariance
   * within people is whitened, shrunk by so much towards a multiple of the identity (WCCN; Hatch et al. 2006).
   */
  readonly how:
    | { readonly kind: "flatten"; readonly power: number }
    | { readonly kind: "within"; readonly shrinkage: number };
}

/** Chosen on the pairs of look-alikes (docs/decisions/140). */
const RECIPES: readonly Recipe[] = [
  { name: "identity", rank: 96, of: ({ embedding }) => embedding, how: { kind: "flatten", power: 0.15 } },
  {
    name: "shape",
    rank: 20,
    of: ({ landmarks }) => landmarkShape(landmarks),
    how: { kind: "within", shrinkage: 0.1 },
  },
  { name: "traits", rank: 16, of: ({ traits }) => traits, how: { kind: "flatten", power: 0.5 } },
  { name: "look", rank: 96, of: ({ look }) => look && deepOf(look), how: { kind: "within", shrinkage: 0.6 } },
  {
    name: "middle",
    rank: 32,
    of: ({ look }) => look && middleOf(look),
    how: { kind: "within", shrinkage: 0.3 },
  },
];

/** A hundredth of the mean variance keeps the last components from being blown up. */
const RIDGE = 0.01;

const people = await lfwFaces({ jobs: Number(values.jobs), cache: values.cache ?? null });
const first = people.flatMap((faces) => faces.slice(0, 1));
const both = people.filter((faces) => faces.length > 1);
console.log(`${first.length} people, ${both.length} of them with two photos`);
const parts = RECIPES.map((recipe) => ({ ...recipe, ...fit(recipe) }));
for (const part of parts) {
  const { rows, mean } = part.basis;
  console.log(
    `${part.name}: ${rows.length} x ${mean.length}; distances of people ${comparedWithPresent(part)}`,
  );
}
const ages = first.flatMap(({ attributes }) => (attributes === null ? [] : [attributes.age]));
const smiles = first.flatMap(({ attributes }) => (attributes === null ? [] : [attributes.smiling]));
console.log("age", describe(ages), "smile", describe(smiles));
if (values.write) {
  writeFileSync(TARGET, toModule());
  console.log(`written: ${TARGET}`);
}
process.exit(0);

function fit({ name, rank, of, how }: Recipe): { readonly basis: { mean: Float64Array; rows: Rows } } {
  const data = first.map((face) => numbers(of(face), name));
  const { mean, rows, variances } = principalComponents(data, rank);
  const turned =
    how.kind === "flatten" ? flatten(rows, variances, how.power) : within(rows, { of, name, ...how });
  // Two different people are then 1 apart, squared, on average.
  const spread =
    2 * turned.reduce((sum, row) => sum + meanSquare(data.map((point) => dot(minus(point, mean), row))), 0);
  return { basis: { mean, rows: turned.map((row) => row.map((value) => value / Math.sqrt(spread))) } };
}

function flatten(rows: Rows, variances: readonly number[], power: number): Rows {
  const ridge = (RIDGE * variances.reduce((sum, value) => sum + value, 0)) / variances.length;
  return rows.map((row, k) => {
    const factor = ((variances[k] ?? 0) + ridge) ** (-power / 2);
    return row.map((value) => value * factor);
  });
}

function within(
  rows: Rows,
  { of, name, shrinkage }: Pick<Recipe, "of" | "name"> & { readonly shrinkage: number },
): Rows {
  const differences = both.map(([a, b]) => {
    const difference = minus(numbers(a && of(a), name), numbers(b && of(b), name));
    return Float64Array.from(rows, (row) => dot(row, difference) / Math.SQRT2);
  });
  const covariance = secondMoments(differences);
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / rows.length;
  const shrunk = covariance.map((row, i) =>
    row.map((value, j) => (1 - shrinkage) * value + (i === j ? shrinkage * trace : 0)),
  );
  return multiply(whitening(shrunk), rows);
}

function numbers(values: Float32Array | null | undefined, name: string): Float64Array {
  if (values == null) throw new Error(`a photo has no ${name}: is @vladmandic/human installed?`);
  return Float64Array.from(values);
}

/** Spread and greatest difference of the distances between people under both bases. */
function comparedWithPresent({ name, of, basis: { mean, rows } }: (typeof parts)[number]): string {
  const some = first.filter((_, i) => i % 4 === 0).map((face) => numbers(of(face), name));
  const fitted = some.map((point) => Float32Array.from(rows, (row) => dot(minus(point, mean), row)));
  const present = some.map((point) => project(BASES[name], Float32Array.from(point)));
  const differences = some.flatMap((_, i) =>
    some.slice(0, i).map((_, j) => distance(fitted, i, j) - distance(present, i, j)),
  );
  const greatest = differences.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return `differ by ${Math.sqrt(meanSquare(differences)).toFixed(4)} (root mean square), ${greatest.toFixed(4)} at most`;
}

function distance(points: readonly Float32Array[], i: number, j: number): number {
  const [a, b] = [points[i], points[j]];
  return a === undefined || b === undefined ? 0 : euclideanDistance(a, b);
}

function describe(values: readonly number[]): string {
  const [mean = 0] = meanOf(values.map((value) => Float64Array.of(value)));
  const spread = Math.sqrt(meanSquare(values.map((value) => value - mean)));
  return `mean ${mean.toFixed(3)}, standard deviation ${spread.toFixed(3)}`;
}

function toModule(): string {
  const [photos, persons] = [first.length + both.length, first.length];
  const lines = parts.map(({ name, basis: { mean, rows } }) => {
    const scales = rows.map((row) => row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127);
    const bytes = rows.flatMap((row, k) => [...row].map((value) => Math.round(value / (scales[k] || 1))));
    return [
      `  ${name}: {`,
      `    size: ${mean.length},`,
      `    rank: ${rows.length},`,
      ...property("mean", base64(Float32Array.from(mean))),
      ...property("scales", base64(Float32Array.from(scales))),
      ...property("components", base64(Int8Array.from(bytes))),
      "  },",
    ].join("\n");
  });
  return `/**
 * Made by scripts/resemblance/fit-basis.ts out of ${photos} photos of ${persons} people of Labeled Faces in the Wild; do not edit.
 * Means as 32-bit floats; components as signed bytes, each row with a factor; all in base64.
 */
export interface PackedBasis {
  readonly size: number;
  readonly rank: number;
  readonly mean: string;
  readonly scales: string;
  readonly components: string;
}

type PackedName = "identity" | "shape" | "traits" | "look" | "middle";

export const BASIS_DATA: Readonly<Record<PackedName, PackedBasis>> = {
${lines.join("\n")}
};
`;
}

/** As the formatter would write it. */
function property(name: string, text: string): string[] {
  const line = `    ${name}: "${text}",`;
  return line.length <= 110 ? [line] : [`    ${name}:`, `      "${text}",`];
}

function base64(values: Float32Array | Int8Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}
