import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/core/index.ts";
import { DEFAULT_WEIGHTS, FEATURE_COUNT, PART_RANGES, PARTS } from "../../src/faces/index.ts";
import { assembleFeatures } from "../../src/faces/resemblance/features.ts";
import { lfwFaces } from "./lfw-faces.ts";

/**
 * Fits src/faces/resemblance/reference-data.ts: a mixture of normal distributions over the features of photos of Labeled
 * Faces in the Wild, from which `referenceFeatures` draws faces that belong to nobody.
 *
 *     npx tsx scripts/resemblance/fit-reference.ts [--cache folder] [--jobs 2] [--write]
 *
 * Groups come from k-means under the default weights, each group of at least 20 photos with its own mean and spread per
 * feature.
 */
const { values } = parseArgs({
  options: {
    cache: { type: "string" },
    jobs: { type: "string", default: "2" },
    write: { type: "boolean", default: false },
  },
});
const TARGET = resolve(import.meta.dirname, "../../src/faces/resemblance/reference-data.ts");
const GROUPS = 24;
const LEAST = 20;
const ROUNDS = 30;

const people = await lfwFaces({ jobs: Number(values.jobs), cache: values.cache ?? null });
const features = people.flatMap((faces) => faces.slice(0, 1)).map(assembleFeatures);
const factors = Float32Array.from({ length: FEATURE_COUNT }, (_, i) => Math.sqrt(weightAt(i)));
const groups = cluster(features).filter((members) => members.length >= LEAST);
const kept = groups.reduce((sum, { length }) => sum + length, 0);
console.log(`${features.length} people; ${groups.length} groups with ${kept} of them`);
const means = groups.map((members) => columns(members, (column) => mean(column)));
const spreads = groups.map((members) => columns(members, spreadOf));
if (values.write) {
  writeFileSync(TARGET, toModule());
  console.log(`written: ${TARGET}`);
}
process.exit(0);

function weightAt(i: number): number {
  const part = PARTS.find(({ name }) => i >= PART_RANGES[name][0] && i < PART_RANGES[name][1]);
  return part === undefined ? 0 : DEFAULT_WEIGHTS.withLook[part.name];
}

/** Lloyd's algorithm. */
function cluster(faces: readonly Float32Array[]): Float32Array[][] {
  const random = createRandom(1);
  let centres = Array.from({ length: GROUPS }, () => faces[Math.floor(random() * faces.length)]);
  let members: Float32Array[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    members = centres.map(() => []);
    for (const face of faces) members[nearest(face, centres)]?.push(face);
    centres = members.map((own, k) => (own.length === 0 ? centres[k] : columns(own, mean)));
  }
  return members;
}

function nearest(face: Float32Array, centres: readonly (Float32Array | undefined)[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  centres.forEach((centre, k) => {
    let sum = 0;
    for (let i = 0; i < FEATURE_COUNT; i++)
      sum += (factors[i] as number) ** 2 * ((face[i] as number) - (centre?.[i] ?? 0)) ** 2;
    if (sum < least) [best, least] = [k, sum];
  });
  return best;
}

function columns(rows: readonly Float32Array[], of: (column: readonly number[]) => number): Float32Array {
  return Float32Array.from({ length: FEATURE_COUNT }, (_, i) => of(rows.map((row) => row[i] as number)));
}

function mean(column: readonly number[]): number {
  return column.reduce((sum, value) => sum + value, 0) / column.length;
}

function spreadOf(column: readonly number[]): number {
  const middle = mean(column);
  return Math.sqrt(mean(column.map((value) => (value - middle) ** 2)));
}

function toModule(): string {
  const shares = Float32Array.from(groups, ({ length }) => length / kept);
  return `/**
 * Made by scripts/resemblance/fit-reference.ts out of photos of ${kept} people of Labeled Faces in the Wild; do not edit.
 * Shares, means and spreads of ${groups.length} groups of faces, of at least ${LEAST} photos each; 32-bit floats in base64.
 */
export const REFERENCE_DATA = {
  shares: "${base64([shares])}",
  means:
    "${base64(means)}",
  spreads:
    "${base64(spreads)}",
} as const;
`;
}

function base64(rows: readonly Float32Array[]): string {
  return Buffer.from(Float32Array.from(rows.flatMap((row) => [...row])).buffer).toString("base64");
}
