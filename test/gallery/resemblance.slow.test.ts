import { basename, join } from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import {
  defaultMetric,
  FEATURE_COUNT,
  PART_RANGES,
  type PartName,
  partsOf,
  resemblanceVector,
} from "../../src/faces/index.ts";
import { loadHnswLibrary, openGallery, rekeyGallery } from "../../src/gallery/index.ts";
import { createVault } from "../../src/trust/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

const hasHnsw = (await loadHnswLibrary()) !== null;
const ALL = partsOf("features-2+traits+look-fake");

/** Random features, the same for the same photo. */
function featuresOf(photo: string): Float32Array {
  const random = createRandom(basename(photo).charCodeAt(0));
  return Float32Array.from({ length: FEATURE_COUNT }, () => random() - 0.5);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}

async function setUp(options: Parameters<typeof openGallery>[1] = {}, names = "abcdefgh") {
  const home = folderOfTest();
  const paths = await writePhotos(join(home, "photos"), names);
  const folder = join(home, "gallery");
  const gallery = await openGallery(folder, options);
  const engine = createFakeEngine({ features: featuresOf });
  await gallery.index([join(home, "photos")], engine);
  const [face] = (await engine.describe(paths[0] as string)).faces;
  if (face === undefined) throw new Error("no face");
  return { home, paths, folder, gallery, engine, face };
}

/** All photos by resemblance to `a`, reckoned by hand. */
function expectedOrder(paths: readonly string[], metric = defaultMetric(ALL)) {
  const probe = resemblanceVector(featuresOf("a.png"), metric);
  return paths
    .map((path) => ({ path, resemblance: distance(probe, resemblanceVector(featuresOf(path), metric)) }))
    .toSorted((a, b) => a.resemblance - b.resemblance);
}

describe("matching by resemblance", () => {
  it.each([1, 3, 8])("orders as measuring everybody by hand does, %i at the most", async (top) => {
    const { gallery, face, paths } = await setUp();
    const matches = await gallery.match(face, { top });
    const expected = expectedOrder(paths).slice(0, top);
    expect(matches.map(({ photo }) => photo.path)).toEqual(expected.map(({ path }) => path));
    matches.forEach(({ resemblance }, i) => {
      expect(resemblance).toBeCloseTo(expected[i]?.resemblance ?? -1, 5);
    });
    const byDistance = await gallery.match(face.embedding, { top: 8 });
    for (const { photo, distance: found } of matches) {
      expect(found).toBeCloseTo(
        byDistance.find((other) => other.photo.path === photo.path)?.distance ?? -1,
        5,
      );
    }
    expect(byDistance.every(({ resemblance }) => resemblance === null)).toBe(true);
  });

  it.skipIf(!hasHnsw)("answers the same with the graph, under a key, and after a change of key", async () => {
    const expected = expectedOrder((await setUp()).paths).map(({ path }) => basename(path));
    const names = (matches: readonly { photo: { path: string } }[]) =>
      matches.map(({ photo }) => basename(photo.path));
    const graph = await setUp({ hnswFromFaces: 1 });
    expect((await graph.gallery.search()).kind).toBe("hnsw");
    expect(names(await graph.gallery.match(graph.face, { top: 8 }))).toEqual(expected);
    const vault = createVault(new Uint8Array(32).fill(7));
    const sealed = await setUp({ vault });
    expect(names(await sealed.gallery.match(sealed.face, { top: 8 }))).toEqual(expected);
    await sealed.gallery.close();
    const next = createVault(new Uint8Array(32).fill(9));
    await rekeyGallery(sealed.folder, vault, next);
    const again = await openGallery(sealed.folder, { vault: next });
    const matches = await again.match(sealed.face, { top: 8 });
    expect(names(matches)).toEqual(expected);
    expect(matches[0]?.resemblance).toBeCloseTo(0, 3);
    await again.close();
  });

  it("takes weights, a metric, and the parts that probe and gallery have in common", async () => {
    const { gallery, face, paths, folder } = await setUp();
    const order = async (options: Parameters<typeof gallery.match>[1]) =>
      (await gallery.match(face, { top: 8, ...options })).map(({ photo }) => photo.path);
    const only = Object.fromEntries([...ALL].map((part) => [part, part === "age" ? 1 : 0]));
    const byAge = { weights: only as Record<PartName, number>, map: null };
    expect(await order({ weights: only })).toEqual(expectedOrder(paths, byAge).map(({ path }) => path));
    const without = defaultMetric(partsOf("features-2+traits"));
    expect(await order({ featuresId: "features-2+traits" })).toEqual(
      expectedOrder(paths, without).map(({ path }) => path),
    );
    const row = new Float32Array(FEATURE_COUNT);
    row[PART_RANGES.look[0]] = 3;
    const mapped = { ...defaultMetric(ALL), map: { rank: 1, values: row } };
    const learned = await openGallery(folder, { metric: mapped });
    const matches = await learned.match(face, { top: 8 });
    expect(matches.map(({ photo }) => photo.path)).toEqual(
      expectedOrder(paths, mapped).map(({ path }) => path),
    );
    await learned.close();
  });

  it("is by distance if no part that is compared has a weight", async () => {
    const { gallery, face, folder } = await setUp();
    const byDistance = (await gallery.match(face.embedding, { top: 8 })).map(({ photo }) => photo.path);
    const none = Object.fromEntries([...ALL].map((part) => [part, 0]));
    const onlyLook = { weights: { ...none, look: 1 } as Record<PartName, number>, map: null };
    const learned = await openGallery(folder, { metric: onlyLook });
    for (const matches of [
      await gallery.match(face, { top: 8, weights: none }),
      await learned.match(face, { top: 8, featuresId: "features-2+traits" }),
      await learned.match(face, { top: 8, featuresId: "features-2+traits+look-other" }),
    ]) {
      expect(matches.map(({ photo }) => photo.path)).toEqual(byDistance);
      expect(matches.every(({ resemblance }) => resemblance === null)).toBe(true);
    }
    expect((await learned.match(face))[0]?.resemblance).not.toBeNull();
    await learned.close();
    for (const weight of [10.1, 1e300, Number.NaN, -1])
      await expect(gallery.match(face, { weights: { age: weight } })).rejects.toMatchObject({
        code: "ERR_OPTION_INVALID",
      });
  });

  it("keeps to the bounds of distance and resemblance", async () => {
    const { gallery, face } = await setUp();
    const all = await gallery.match(face, { top: 8 });
    const [, second, third] = all;
    const bounded = await gallery.match(face, {
      top: 8,
      minResemblance: 0.01,
      maxResemblance: third?.resemblance ?? 0,
    });
    expect(bounded.map(({ photo }) => photo.path)).toEqual([second?.photo.path, third?.photo.path]);
    const limit = all.map(({ distance: found }) => found).toSorted((a, b) => a - b)[3] ?? 0;
    const near = await gallery.match(face, { top: 8, maxDistance: limit });
    expect(near).toHaveLength(4);
    expect(near.map(({ photo }) => photo.path)).toEqual(
      all.filter(({ distance: found }) => found <= limit).map(({ photo }) => photo.path),
    );
  });

  it("gives a probe's own quantiles", async () => {
    const { gallery, face } = await setUp();
    const all = (await gallery.match(face, { top: 8 })).map(({ resemblance }) => resemblance ?? -1);
    const { of, values } = await gallery.quantiles(face, [0, 1 / 7, 0.5, 1]);
    expect(of).toBe("resemblance");
    [all[0], all[1], ((all[3] ?? 0) + (all[4] ?? 0)) / 2, all[7]].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected ?? -1, 5);
    });
    // Those of the population that ships do not depend on the gallery.
    const among = "people";
    const people = await gallery.quantiles(face, [0, 0.5, 1], { among });
    expect(people.values).toEqual(people.values.toSorted((a, b) => a - b));
    expect(await gallery.quantiles(face, [0, 0.5, 1], { among, tags: ["none"] })).toEqual(people);
    expect((await gallery.quantiles(face.embedding, [0.5])).of).toBe("distance");
    expect((await gallery.quantiles(face, [0.5], { tags: ["none"] })).values).toEqual([]);
  });

  it("refuses features of another length, or that are no numbers", async () => {
    const { gallery, face } = await setUp({}, "ab");
    const codeOf = (features: Float32Array) =>
      gallery.match({ embedding: face.embedding, features }).catch((error) => error.code);
    expect(await codeOf(new Float32Array(3))).toBe("ERR_PROBE_INVALID");
    expect(await codeOf(new Float32Array(FEATURE_COUNT).fill(Number.NaN))).toBe("ERR_PROBE_INVALID");
  });
});

describe("galleries of before there were features", () => {
  it("are matched by distance, say so, and are described again by the next run", async () => {
    const { folder, home, gallery, engine, face } = await setUp();
    const expected = (await gallery.match(face, { top: 8 })).map(({ photo }) => photo.path);
    await gallery.close();
    const database = new Libsql(join(folder, "gallery.db"));
    database.exec("ALTER TABLE faces DROP COLUMN features; ALTER TABLE contents DROP COLUMN features");
    database.exec("ALTER TABLE contents DROP COLUMN picture; ALTER TABLE photos DROP COLUMN copy_of");
    database.exec("ALTER TABLE photos DROP COLUMN inherited");
    database.exec("PRAGMA user_version = 3");
    database.close();
    const older = await openGallery(folder);
    expect((await older.match(face))[0]?.resemblance).toBeNull();
    expect((await older.search()).reason).toContain("index them again");
    expect((await older.index([join(home, "photos")], engine)).photos).toMatchObject({ indexed: 8 });
    expect((await older.match(face, { top: 8 })).map(({ photo }) => photo.path)).toEqual(expected);
    expect((await older.search()).reason).not.toContain("index them again");
    // Features of another version cannot be compared: they count as none until the photos are described again.
    await older.close();
    const past = new Libsql(join(folder, "gallery.db"));
    past.exec("UPDATE contents SET features = 'features-1+traits+look-fake'");
    past.close();
    const updated = await openGallery(folder);
    expect((await updated.match(face))[0]?.resemblance).toBeNull();
    expect((await updated.search()).reason).toContain("index them again");
    for await (const { hash } of updated.photos()) expect(await updated.features(hash)).toBeNull();
    expect((await updated.index([join(home, "photos")], engine)).photos).toMatchObject({ indexed: 8 });
    expect((await updated.match(face))[0]?.resemblance).not.toBeNull();
    // An engine that computes less leaves what is there.
    const less = createFakeEngine({ features: featuresOf, featuresId: "features-2+traits" });
    expect((await updated.index([join(home, "photos")], less)).photos).toMatchObject({
      indexed: 0,
      unchanged: 8,
    });
    const more = createFakeEngine({ features: featuresOf, featuresId: "features-2+traits+look-next" });
    expect((await updated.index([join(home, "photos")], more)).photos).toMatchObject({ indexed: 8 });
    await updated.close();
  });
});
