import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGallery, uprightTurn } from "../../src/gallery/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { blocks, writePhoto, writePhotos } from "./fixtures.ts";

async function setUp(names: string, labels?: string) {
  const home = folderOfTest();
  const photos = join(home, "photos");
  const paths = await writePhotos(photos, names);
  if (labels !== undefined) await writeFile(join(home, "photos.csv"), labels);
  const gallery = await openGallery(join(home, "gallery"));
  const engine = createFakeEngine();
  const report = await gallery.index([photos], engine);
  const probeOf = async (path: string, face = 0) =>
    (await createFakeEngine().describe(path)).faces[face]?.embedding as Float32Array;
  const names_ = async (path: string, options = {}) =>
    (await gallery.match(await probeOf(path), options)).map(({ photo }) => photo.path.at(-5));
  return { home, photos, paths, gallery, engine, report, probeOf, match: names_ };
}

describe("match", () => {
  it("gives the nearest photos first, at most as many as asked for", async () => {
    const { gallery, paths, probeOf } = await setUp("abcdefgh");
    const probe = await probeOf(paths[2] as string);
    const matches = await gallery.match(probe, { top: 3 });
    expect(matches).toHaveLength(3);
    expect(matches[0]).toMatchObject({ photo: { path: paths[2] }, distance: 0, faceIndex: 0 });
    const distances = matches.map(({ distance }) => distance);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    const expected = await Promise.all(
      paths.map(async (path) => {
        const other = await probeOf(path);
        return Math.sqrt(other.reduce((sum, value, i) => sum + (value - (probe[i] ?? 0)) ** 2, 0));
      }),
    );
    for (const [i, distance] of expected
      .toSorted((a, b) => a - b)
      .slice(0, 3)
      .entries()) {
      expect(distances[i]).toBeCloseTo(distance, 9);
    }
    expect(await gallery.match(probe)).toHaveLength(5);
    expect(await gallery.match(probe, { top: 100 })).toHaveLength(8);
  });

  it("shows a photo of several faces once, with the nearest", async () => {
    const { gallery, photos, engine, probeOf } = await setUp("ab");
    const wide = await writePhoto(join(photos, "wide.png"), blocks(7, 128, 64));
    await gallery.index([photos], engine);
    const matches = await gallery.match(await probeOf(wide, 1));
    expect(matches).toHaveLength(3);
    expect(matches[0]).toMatchObject({ photo: { path: wide }, faceIndex: 1, distance: 0 });
    expect(matches[0]?.box.x).toBeGreaterThan(0);
  });

  it("knows photos that a quarter turn sets upright, in the index's notes and in a match", async () => {
    const home = folderOfTest();
    await writePhotos(join(home, "photos"), "abcdef");
    await writePhoto(join(home, "photos", "w.png"), blocks(30, 128, 64));
    await writePhoto(join(home, "photos", "x.png"), blocks(40, 128, 64));
    const rolls: Readonly<Record<string, readonly number[]>> = {
      "a.png": [-89],
      "b.png": [30],
      "c.png": [5],
      "d.png": [178],
      "e.png": [52],
      "f.png": [118],
      // Two faces each, wide as they are: of one turn, and of two.
      "w.png": [95, 80],
      "x.png": [95, 4],
    };
    const engine = createFakeEngine({
      quality: (photo, position) => ({ rollDegrees: rolls[photo.slice(-5)]?.[position] ?? 0 }),
    });
    const gallery = await openGallery(join(home, "gallery"));
    const { tilted } = await gallery.index([join(home, "photos")], engine);
    expect(tilted.map(({ photo, rollDegrees, turn }) => [photo.slice(-5), rollDegrees, turn])).toEqual([
      ["a.png", -89, 90],
      ["b.png", 30, 0],
      ["d.png", 178, 180],
      ["e.png", 52, null],
      ["f.png", 118, 270],
      ["w.png", 95, 270],
      ["x.png", 95, null],
    ]);
    const probe = new Float32Array(128).fill(0.1);
    const upright: string[] = [];
    const all: string[] = [];
    for await (const { path, faces } of gallery.photos()) {
      const own = faces.map(({ quality }) => quality.rollDegrees);
      all.push(path.slice(-5));
      if (own.some((_, lead) => uprightTurn(own, lead) !== null)) upright.push(path.slice(-5));
    }
    const names = async (options = {}) =>
      (await gallery.match(probe, { top: 20, ...options }))
        .map(({ photo }) => photo.path.slice(-5))
        .toSorted();
    expect(await names()).toEqual(all.toSorted());
    expect(await names({ floor: { upright: true } })).toEqual(upright.toSorted());
    expect(upright).not.toContain("e.png");
    const [shown] = (await gallery.match(probe, { top: 20, floor: { upright: true } })).filter(({ photo }) =>
      photo.path.endsWith("x.png"),
    );
    expect(shown?.faceIndex).toBe(1);
    await gallery.close();
  });

  it("keeps to tags, releases, territories and exclusions", async () => {
    const { match, paths } = await setUp(
      "abcd",
      [
        "photo,tags,release_id,release_expires,territories",
        "a.png,summer;beach,R1,2026-06-30,",
        "photos/b.png,summer | city,R2,,NL;BE",
        "c.png,,R3,2026-12-31,US-CA",
      ].join("\n"),
    );
    const probe = paths[0] as string;
    expect((await match(probe, { tags: ["summer"] })).toSorted()).toEqual(["a", "b"]);
    expect(await match(probe, { tags: ["summer", "beach"] })).toEqual(["a"]);
    expect(await match(probe, { tags: ["winter"] })).toEqual([]);
    expect((await match(probe, { at: new Date("2026-06-30T12:00:00Z") })).toSorted()).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
    expect((await match(probe, { at: new Date("2026-07-01T00:00:00Z") })).toSorted()).toEqual([
      "b",
      "c",
      "d",
    ]);
    expect((await match(probe, { territory: "NL" })).toSorted()).toEqual(["a", "b", "d"]);
    expect((await match(probe, { territory: "nl-zh" })).toSorted()).toEqual(["a", "b", "d"]);
    expect((await match(probe, { territory: "US" })).toSorted()).toEqual(["a", "d"]);
    expect((await match(probe, { territory: "US-CA" })).toSorted()).toEqual(["a", "c", "d"]);
    expect(await match(probe, { excludePhotos: new Set([probe]), tags: ["summer"] })).toEqual(["b"]);
  });

  it("shows the copy of a file that the filter allows", async () => {
    const { home, gallery, photos, engine, paths, match } = await setUp("a");
    await writeFile(join(photos, "b.png"), await readFile(paths[0] as string));
    await writeFile(join(home, "photos.csv"), "photo,tags\nb.png,chosen\n");
    await gallery.index([photos], engine);
    expect(await match(paths[0] as string)).toEqual(["a"]);
    expect(await match(paths[0] as string, { tags: ["chosen"] })).toEqual(["b"]);
    expect(await match(paths[0] as string, { excludePhotos: new Set(paths) })).toEqual(["b"]);
  });

  it("refuses a probe that is none, and options that cannot be meant", async () => {
    const { gallery, paths, probeOf } = await setUp("a");
    const probe = await probeOf(paths[0] as string);
    const codeOf = (embedding: Float32Array, options = {}) =>
      gallery.match(embedding, options).catch((error) => error.code);
    expect(await codeOf(probe.subarray(1))).toBe("ERR_PROBE_INVALID");
    expect(await codeOf(probe.with(5, Number.NaN))).toBe("ERR_PROBE_INVALID");
    expect(await codeOf(probe.with(0, Number.POSITIVE_INFINITY))).toBe("ERR_PROBE_INVALID");
    expect(await codeOf(probe, { embedderId: "another" })).toBe("ERR_GALLERY_EMBEDDER");
    expect(await codeOf(probe, { top: 0 })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf(probe, { top: 1.5 })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf(probe, { at: new Date("never") })).toBe("ERR_OPTION_INVALID");
    expect(await codeOf(probe, { territory: "Holland" })).toBe("ERR_OPTION_INVALID");
  });

  it("finds nothing in an empty gallery", async () => {
    const gallery = await openGallery(folderOfTest());
    expect(await gallery.match(new Float32Array(128))).toEqual([]);
    expect(await gallery.search()).toMatchObject({ kind: "exact", faces: 0 });
  });

  it("sees what another gallery object writes", async () => {
    const { home, photos, engine, paths, match } = await setUp("ab");
    const other = await openGallery(join(home, "gallery"));
    expect(await match(paths[0] as string)).toHaveLength(2);
    await writePhotos(photos, "c");
    await other.index([photos], engine);
    expect(await match(paths[0] as string)).toHaveLength(3);
    await other.remove(paths[0] as string);
    expect(await match(paths[0] as string)).toHaveLength(2);
    await other.close();
  });
});
