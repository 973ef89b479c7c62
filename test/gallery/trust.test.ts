import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { type GalleryOptions, openGallery, rekeyGallery } from "../../src/gallery/index.ts";
import { createTemplate } from "../../src/gallery/vectors/template.ts";
import { createVault } from "../../src/trust/vault.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { blocks, writePhoto, writePhotos } from "./fixtures.ts";

const vault = createVault(Buffer.alloc(32, 1));
const other = createVault(Buffer.alloc(32, 2));
const engine = createFakeEngine();

async function open(folder: string, options: GalleryOptions = {}) {
  const gallery = await openGallery(folder, options);
  onTestFinished(() => gallery.close());
  return gallery;
}

async function probeOf(path: string): Promise<Float32Array> {
  const [face] = (await engine.describe(path)).faces;
  if (!face) throw new Error("no face");
  return face.embedding;
}

/** Every file of a folder, journals too, that holds these bytes. */
async function filesWith(folder: string, bytes: string | Buffer): Promise<string[]> {
  const names = await readdir(folder);
  const hits = names.map(async (name) =>
    (await readFile(join(folder, name))).includes(bytes) ? [name] : [],
  );
  return (await Promise.all(hits)).flat();
}

const bytesOf = (vector: Float32Array) => Buffer.from(vector.buffer).subarray(0, 64);

describe("templates under a key", () => {
  const vector = fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 128, maxLength: 128 })
    .map((values) => Float32Array.from(values));
  const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((x, i) => x - (b[i] ?? 0)));
  const [one, two] = [createTemplate(vault.derive("template")), createTemplate(other.derive("template"))];

  it("keep every distance, and come back under their own key", () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        expect(distance(one.protect(a), one.protect(b))).toBeCloseTo(distance(a, b), 4);
        expect(distance(one.restore(one.protect(a)), a)).toBeLessThan(1e-4);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it("of one face under two keys have no more in common than two random faces", () => {
    const faces = Array.from({ length: 200 }, (_, seed) => {
      const wave = Float32Array.from({ length: 128 }, (_, i) => Math.sin((seed + 1) * 12.9898 * (i + 1)));
      const length = Math.hypot(...wave);
      return wave.map((x) => x / length);
    });
    const own = faces.map((face) => distance(one.protect(face), two.protect(face)));
    // Two independent directions of unit length in 128 dimensions are sqrt(2) apart, give or take 1/16.
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
    expect(mean).toBeGreaterThan(1.35);
    expect(Math.min(...own)).toBeGreaterThan(1.05);
    const open = faces.map((face) => distance(face, one.protect(face)));
    expect(Math.min(...open)).toBeGreaterThan(1.05);
  });
});

describe("a gallery under a key", () => {
  it("answers as an open one, and its files show neither paths, embeddings nor that they are a database", async () => {
    const home = folderOfTest();
    const [a = "", , c = ""] = await writePhotos(join(home, "photos"), "abc");
    const open1 = await open(join(home, "open"), { hnswFromFaces: 2 });
    const sealed = await open(join(home, "sealed"), { hnswFromFaces: 2, vault });
    for (const gallery of [open1, sealed]) await gallery.index([join(home, "photos")], engine);
    const probe = await probeOf(a);
    const [plain, secret] = [await open1.match(probe), await sealed.match(probe)];
    expect(secret.map(({ photo }) => photo.path)).toEqual(plain.map(({ photo }) => photo.path));
    for (const [i, { distance }] of secret.entries())
      expect(distance).toBeCloseTo(plain[i]?.distance ?? -1, 4);
    expect(await readdir(join(home, "sealed"))).toContain("faces.hnsw");
    expect(await filesWith(join(home, "open"), bytesOf(probe))).not.toEqual([]);
    for (const secretBytes of [bytesOf(probe), bytesOf(await probeOf(c)), "photos/a.png", "embedder"]) {
      expect(await filesWith(join(home, "sealed"), secretBytes)).toEqual([]);
    }
    for (const name of await readdir(join(home, "sealed"))) {
      expect([name, (await stat(join(home, "sealed", name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it("is opened by its own key alone, and its saved graph serves again", async () => {
    const home = folderOfTest();
    const [a = ""] = await writePhotos(join(home, "photos"), "abc");
    const first = await openGallery(join(home, "g"), { hnswFromFaces: 2, vault });
    await first.index([join(home, "photos")], engine);
    await first.close();
    await expect(openGallery(join(home, "g"))).rejects.toMatchObject({ code: "ERR_KEY_REQUIRED" });
    await expect(openGallery(join(home, "g"), { vault: other })).rejects.toMatchObject({
      code: "ERR_KEY_WRONG",
    });
    const before = await readFile(join(home, "g", "faces.hnsw"));
    const again = await open(join(home, "g"), { hnswFromFaces: 2, vault });
    expect((await again.match(await probeOf(a)))[0]?.photo.path).toBe(a);
    expect((await readFile(join(home, "g", "faces.hnsw"))).equals(before)).toBe(true);
  });

  it("takes another key, and none: what was copied under the old key matches nothing any more", async () => {
    const home = folderOfTest();
    const [a = ""] = await writePhotos(join(home, "photos"), "abcd");
    const gallery = await openGallery(join(home, "g"));
    await gallery.index([join(home, "photos")], engine);
    await gallery.close();
    const probe = await probeOf(a);
    for (const [from, to] of [
      [null, vault],
      [vault, other],
      [other, null],
    ] as const) {
      await rekeyGallery(join(home, "g"), from, to);
      const opened = await openGallery(join(home, "g"), { vault: to });
      const [nearest] = await opened.match(probe);
      expect(nearest?.photo.path).toBe(a);
      expect(nearest?.distance).toBeLessThan(1e-4);
      await opened.close();
      expect(await filesWith(join(home, "g"), "photos/a.png")).toEqual(to === null ? ["gallery.db"] : []);
    }
    await expect(rekeyGallery(join(home, "g"), other, vault)).rejects.toMatchObject({
      code: "ERR_KEY_WRONG",
    });
    expect(await readdir(join(home, "g"))).not.toContain("gallery.db.rekey");
  });
});

describe("an erased photo", () => {
  it("leaves no byte behind, takes its copies along, and does not come back under any name", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    const [a = "", b = ""] = await writePhotos(photos, "abc");
    await writeFile(join(photos, "copy.png"), await readFile(a));
    const gallery = await open(join(home, "g"), { hnswFromFaces: 2 });
    await gallery.index([photos], engine);
    const probe = await probeOf(a);
    expect(await filesWith(join(home, "g"), bytesOf(probe))).not.toEqual([]);
    expect(await gallery.erase({ photo: a })).toEqual([a, join(photos, "copy.png")]);
    expect(await filesWith(join(home, "g"), bytesOf(probe))).toEqual([]);
    expect(await filesWith(join(home, "g"), "copy.png")).toEqual([]);
    await writeFile(join(photos, "again.png"), await readFile(a));
    // Under a name that the gallery knows of another photo too.
    await writeFile(b, await readFile(a));
    const report = await gallery.index([photos], engine);
    expect(report.refusals.map(({ photo, error }) => [photo.slice(photos.length + 1), error.code])).toEqual([
      ["a.png", "ERR_PHOTO_ERASED"],
      ["again.png", "ERR_PHOTO_ERASED"],
      ["b.png", "ERR_PHOTO_ERASED"],
      ["copy.png", "ERR_PHOTO_ERASED"],
    ]);
    expect((await gallery.match(probe)).map(({ photo }) => photo.path)).toEqual([join(photos, "c.png")]);
    expect(await filesWith(join(home, "g"), bytesOf(probe))).toEqual([]);
  });

  it("stays away though the gallery's key changes, and though it was never there", async () => {
    const home = folderOfTest();
    const [a = "", b = ""] = await writePhotos(join(home, "photos"), "ab");
    const gallery = await openGallery(join(home, "g"));
    expect(await gallery.erase({ photo: a })).toEqual([]);
    await gallery.index([join(home, "photos")], engine);
    await gallery.close();
    await rekeyGallery(join(home, "g"), null, vault);
    const again = await open(join(home, "g"), { vault });
    const report = await again.index([join(home, "photos")], engine);
    expect(report.refusals.map(({ photo, error }) => [photo, error.code])).toEqual([[a, "ERR_PHOTO_ERASED"]]);
    expect((await again.photo(b))?.path).toBe(b);
  });

  it("is every photo of a release, where a release is named", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    const [a = "", b = "", c = ""] = await writePhotos(photos, "abc");
    await writeFile(join(home, "photos.csv"), "photo,release_id\na.png,R1\nb.png,R2\nc.png,R1\n");
    const gallery = await open(join(home, "g"));
    await gallery.index([photos], engine);
    expect(await gallery.erase({ release: "R1" })).toEqual([a, c]);
    expect((await gallery.photo(b))?.release?.id).toBe("R2");
    expect(await gallery.erase({ release: "R9" })).toEqual([]);
  });
});

describe("a release", () => {
  it("that was withdrawn takes its photo out of every match, and media limit where it is shown", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    const [a = "", b = "", c = ""] = await writePhotos(photos, "abc");
    await writeFile(
      join(home, "photos.csv"),
      "photo,release_id,release_withdrawn,media\na.png,R1,2026-05-01,\nb.png,R2,,online;Print\nc.png,R3,,tv\n",
    );
    const gallery = await open(join(home, "g"));
    await gallery.index([photos], engine);
    const probe = await probeOf(a);
    const match = async (options = {}) =>
      (await gallery.match(probe, options)).map(({ photo }) => photo.path).toSorted();
    expect(await match()).toEqual([b, c]);
    expect(await match({ at: new Date("2020-01-01") })).toEqual([b, c]);
    expect(await match({ media: "online" })).toEqual([b]);
    expect(await match({ media: "PRINT" })).toEqual([b]);
    expect(await match({ media: "tv" })).toEqual([c]);
    expect((await gallery.photo(a))?.release).toMatchObject({
      withdrawn: new Date("2026-05-01T23:59:59.999Z"),
    });
    await expect(gallery.match(probe, { media: "on line" })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
    await writeFile(join(home, "photos.csv"), "photo,release_id\na.png,R1\nb.png,R2\nc.png,R3\n");
    await gallery.index([photos], engine);
    expect(await match()).toEqual([a, b, c]);
  });
});

describe("a gallery of the version before", () => {
  it("is brought up to date and keeps what it has", async () => {
    const home = folderOfTest();
    const photo = await writePhoto(join(home, "photos", "a.png"), blocks(1));
    const gallery = await openGallery(join(home, "g"));
    await gallery.index([join(home, "photos")], engine);
    await gallery.close();
    const { openSqlite } = await import("../../src/io/sqlite/index.ts");
    const { NAMES } = await import("../../src/gallery/state/database.ts");
    const database = openSqlite(join(home, "g", "gallery.db"), { names: NAMES });
    database.exec(`DROP TABLE erased; DROP INDEX photos_by_release; DROP INDEX photos_withdrawn;
      ALTER TABLE photos DROP COLUMN release_id; ALTER TABLE photos DROP COLUMN withdrawn;
      ALTER TABLE photos DROP COLUMN media; ALTER TABLE state DROP COLUMN pepper;
      ALTER TABLE contents DROP COLUMN picture; ALTER TABLE photos DROP COLUMN copy_of;
      ALTER TABLE photos DROP COLUMN inherited;
      ALTER TABLE contents DROP COLUMN attributes; ALTER TABLE faces DROP COLUMN age;
      ALTER TABLE faces DROP COLUMN smiling; ALTER TABLE faces DROP COLUMN hair; ALTER TABLE contents DROP COLUMN features;
      ALTER TABLE faces DROP COLUMN features; PRAGMA user_version = 1`);
    database.close();
    const again = await open(join(home, "g"));
    expect((await again.match(await probeOf(photo)))[0]?.photo.path).toBe(photo);
    expect((await again.index([join(home, "photos")], engine)).photos.unchanged).toBe(1);
  });
});
