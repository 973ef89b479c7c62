import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { type Face, type FaceEngine, FEATURE_COUNT, type PhotoSource } from "../../src/faces/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { loadHnswLibrary } from "../../src/gallery/vectors/hnsw.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

/** Enough faces for a projection: ten per number of their vectors. */
const FACES_PER_PHOTO = 110;
const NAMES = "abcdefghijklmnopqrstuvwxy";

/** Directions in which the faces differ. */
const DIRECTIONS = (() => {
  const random = createRandom(1);
  return Array.from({ length: 20 }, () =>
    Float32Array.from({ length: FEATURE_COUNT }, () => randomNormal(random)),
  );
})();

function featuresOf(seed: number): Float32Array {
  const random = createRandom(seed);
  const features = Float32Array.from({ length: FEATURE_COUNT }, () => 0.02 * randomNormal(random));
  for (const direction of DIRECTIONS) {
    const along = 0.05 * randomNormal(random);
    for (const [i, value] of direction.entries()) features[i] = (features[i] ?? 0) + along * value;
  }
  return features;
}

/** Finds a crowd in every photo. */
function createCrowdEngine(): FaceEngine {
  const base = createFakeEngine({ features: () => new Float32Array(FEATURE_COUNT) });
  const describe = async (photo: PhotoSource) => {
    const one = await base.describe(photo);
    const first = 1000 * basename(String(photo)).charCodeAt(0);
    const crowd = (face: Face) =>
      Array.from({ length: FACES_PER_PHOTO }, (_, i) => ({ ...face, features: featuresOf(first + i) }));
    return { ...one, faces: one.faces.slice(0, 1).flatMap(crowd) };
  };
  return {
    ...base,
    describe,
    async *describeAll(photos) {
      for await (const photo of photos) yield { status: "described", photo, ...(await describe(photo)) };
    },
  };
}

describe.skipIf((await loadHnswLibrary()) === null)("a gallery whose graph has shortened vectors", () => {
  it("gives what exact search gives, is kept, grows, and follows the weights", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    await writePhotos(photos, NAMES);
    const folder = join(home, "gallery");
    const engine = createCrowdEngine();
    const gallery = await openGallery(folder, { hnswFromFaces: 1 });
    await gallery.index([photos], engine);
    const exact = await openGallery(folder);
    const probes = Array.from({ length: 12 }, (_, i) => ({
      embedding: new Float32Array(128),
      features: featuresOf(i + 1),
    }));
    type Options = NonNullable<Parameters<typeof gallery.match>[1]>;
    const listMatches = async (of: typeof gallery, options: Options = {}) => {
      const found = [];
      for (const probe of probes)
        for (const { photo, faceIndex, resemblance } of await of.match(probe, { top: 4, ...options }))
          found.push([photo.path, faceIndex, resemblance]);
      return found;
    };
    const readNote = async () => JSON.parse(await readFile(join(folder, "resemblance.hnsw.json"), "utf8"));
    expect([(await gallery.search()).kind, (await exact.search()).kind]).toEqual(["hnsw", "exact"]);
    const truth = await listMatches(exact);
    expect(truth).toHaveLength(4 * probes.length);
    expect(await listMatches(gallery)).toEqual(truth);
    expect((await readNote()).projection.to).toBeLessThan((await readNote()).dimensions / 2);

    const band: Options = { minResemblance: Number(truth[1]?.[2]), floor: { interocularPx: 10 } };
    expect(await listMatches(gallery, band)).toEqual(await listMatches(exact, band));
    const { mtimeMs } = await stat(join(folder, "resemblance.hnsw"));
    const again = await openGallery(folder, { hnswFromFaces: 1 });
    expect(await listMatches(again)).toEqual(truth);
    expect((await stat(join(folder, "resemblance.hnsw"))).mtimeMs).toBe(mtimeMs);

    await writePhotos(photos, "z");
    await again.index([photos], engine);
    expect((await readNote()).rows).toBe((NAMES.length + 1) * FACES_PER_PHOTO);
    expect(await listMatches(again)).toEqual(await listMatches(exact));
    const weights = { look: 0 };
    expect(await listMatches(again, { weights })).toEqual(await listMatches(exact, { weights }));
    const [photo = ""] = (await readdir(photos)).map((name) => join(photos, name));
    await again.erase({ photo });
    expect((await readdir(folder)).filter((name) => name.includes(".hnsw"))).toEqual([]);
    for (const opened of [gallery, exact, again]) await opened.close();
  });
});
