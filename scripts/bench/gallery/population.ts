import { createRandom, type Random, randomNormal } from "../../../src/core/index.ts";
import { defaultMetric, partsOf, resemblanceVector, vectorSize } from "../../../src/faces/index.ts";
import { assembleFeatures } from "../../../src/faces/resemblance/features.ts";
import { principalDirections } from "../../../src/gallery/vectors/principal.ts";
import type { VectorSet } from "../../../src/gallery/vectors/types.ts";
import { gatherEvidence } from "../../resemblance/evidence.ts";
import { meanOf, minus, type Rows, secondMoments } from "../../resemblance/principal.ts";
import { lfw, lfwPerson } from "../faces/data.ts";

/**
 * Galleries of any size with the statistics of real faces, drawn as people with several photos each. A person is a draw
 * from a normal distribution with the mean and the full covariance between people of Labeled Faces in the Wild; a photo
 * adds a normal mixture of the real differences between photos of one person. A normal distribution is the least
 * structured one of its covariance, so real faces are no harder to search.
 *
 * Half of the people are the model; photos of the other half are probes that are real faces of nobody in the gallery.
 */
export interface Population {
  readonly dimensions: number;
  /** Real resemblance vectors of people who are not in the model. */
  readonly strangers: readonly Float32Array[];
  readonly photos: number;
  draw(rows: number, facesEach: number, seed: number): VectorSet;
  /** Another photo of a person of a drawn set. */
  another(of: VectorSet, facesEach: number, random: Random): Float32Array;
}

/** Real differences that are mixed into one photo. */
const MIXED = 16;

export type VectorKind = "resemblance" | "distance";

/** @param cache folder of `evidence.ts`, so that photos are described once */
export async function lfwPopulation(
  of: VectorKind,
  { cache, jobs }: { readonly cache: string | null; readonly jobs: number },
): Promise<Population> {
  const wild = lfw();
  if (wild === null) throw new Error("../shared/data/lfw is absent");
  const evidence = await gatherEvidence(wild.photos, { name: "lfw", cache, jobs });
  const metric = defaultMetric(partsOf("features-2+traits+look-any"));
  const byPerson = new Map<string, Float64Array[]>();
  for (const photo of wild.photos) {
    const face = evidence.get(photo);
    if (!face || face.look === null || face.traits === null) continue;
    const vector = Float64Array.from(
      of === "distance" ? face.embedding : resemblanceVector(assembleFeatures(face), metric),
    );
    byPerson.set(lfwPerson(photo), [...(byPerson.get(lfwPerson(photo)) ?? []), vector]);
  }
  const people = [...byPerson.values()];
  const model = people.filter((_, i) => i % 2 === 0);
  const strangers = people.filter((_, i) => i % 2 === 1).flatMap((photos) => photos.slice(0, 1));
  return {
    ...modelOf(model, of === "distance" ? 128 : vectorSize(metric)),
    strangers: strangers.map((vector) => Float32Array.from(vector)),
    photos: people.flat().length,
  };
}

function modelOf(
  people: readonly Rows[],
  dimensions: number,
): Pick<Population, "dimensions" | "draw" | "another"> {
  const firsts = people.flatMap((photos) => photos.slice(0, 1));
  const mean = meanOf(firsts);
  const differences = people.filter(({ length }) => length > 1).flatMap(differencesOf);
  const within = secondMoments(differences);
  const between = secondMoments(firsts.map((first) => minus(first, mean))).map((row, i) =>
    row.map((value, j) => value - (within[i]?.[j] ?? 0)),
  );
  const axes = axesOf(between);
  const addPhoto = (face: Float64Array, random: Random) => {
    for (let k = 0; k < MIXED; k++) {
      const difference = differences[Math.floor(random() * differences.length)] ?? mean;
      addTimes(face, randomNormal(random) / Math.sqrt(MIXED), difference);
    }
  };
  return {
    dimensions,
    draw(rows, facesEach, seed) {
      const random = createRandom(seed);
      const vectors = new Float32Array(rows * dimensions);
      let person = mean;
      for (let row = 0; row < rows; row++) {
        if (row % facesEach === 0) {
          person = mean.slice();
          for (const axis of axes) addTimes(person, randomNormal(random), axis);
        }
        const face = person.slice();
        addPhoto(face, random);
        vectors.set(face, row * dimensions);
      }
      const ids = Uint32Array.from({ length: rows }, (_, i) => i + 1);
      return { dimensions, ids, contents: ids, vectors };
    },
    another({ ids, vectors }, facesEach, random) {
      const first = facesEach * Math.floor((random() * ids.length) / facesEach);
      const own = Array.from({ length: facesEach }, (_, i) =>
        Float64Array.from(vectors.subarray((first + i) * dimensions, (first + i + 1) * dimensions)),
      );
      const face = meanOf(own);
      addPhoto(face, random);
      return Float32Array.from(face);
    },
  };
}

function addTimes(sum: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * (vector[i] as number);
}

/** Of one person's photos, scaled so that their mean square is the variance within people. */
function differencesOf(photos: Rows): Float64Array[] {
  const mean = meanOf(photos);
  const scale = Math.sqrt(photos.length / (photos.length - 1));
  return photos.map((photo) => minus(photo, mean).map((value) => scale * value));
}

/** Principal directions times the root of the variance along them; the difference of two estimates has some below 0. */
function axesOf(covariance: Rows): Float64Array[] {
  const size = covariance.length;
  const flat = Float64Array.from(covariance.flatMap((row) => [...row]));
  return principalDirections(flat, size, size).map(({ direction, variance }) =>
    direction.map((value) => value * Math.sqrt(Math.max(0, variance))),
  );
}
