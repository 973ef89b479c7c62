import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import { loadHnswLibrary } from "../../src/gallery/vectors/hnsw.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

const NAMES = "abcdefghijkl";
const hasHnsw = (await loadHnswLibrary()) !== null;

async function setUp(options = {}) {
  const home = folderOfTest();
  const photos = join(home, "photos");
  const paths = await writePhotos(photos, NAMES);
  const folder = join(home, "gallery");
  const gallery = await openGallery(folder, options);
  const engine = createFakeEngine();
  const probe = (await engine.describe(paths[3] as string)).faces[0]?.embedding as Float32Array;
  return { home, photos, paths, folder, gallery, engine, probe };
}

async function listMatches(gallery: Gallery, probe: Float32Array) {
  return (await gallery.match(probe, { top: 20 })).map(({ photo, distance }) => [photo.path, distance]);
}

describe("openGallery", () => {
  it("creates private files, and none where a gallery must exist", async () => {
    const { folder, home } = await setUp();
    for (const name of await readdir(folder)) {
      expect([name, (await stat(join(folder, name))).mode & 0o077]).toEqual([name, 0]);
    }
    const missing = openGallery(join(home, "none"), { mustExist: true });
    await expect(missing).rejects.toMatchObject({ code: "ERR_GALLERY_NOT_FOUND" });
    await expect(stat(join(home, "none"))).rejects.toThrow();
  });

  it("refuses what is no gallery, a newer one, and a folder that cannot be", async () => {
    const codeOf = (folder: string) => openGallery(folder).catch((error) => error.code);
    const text = folderOfTest();
    await writeFile(join(text, "gallery.db"), "no database ".repeat(500));
    expect(await codeOf(text)).toBe("ERR_GALLERY_CORRUPT");
    const foreign = folderOfTest();
    const recipes = new Libsql(join(foreign, "gallery.db"));
    recipes.exec("CREATE TABLE recipes (name TEXT)");
    recipes.close();
    expect(await codeOf(foreign)).toBe("ERR_GALLERY_CORRUPT");
    const newer = folderOfTest();
    await (await openGallery(newer)).close();
    const database = new Libsql(join(newer, "gallery.db"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(await codeOf(newer)).toBe("ERR_GALLERY_VERSION");
    expect(await codeOf(join(text, "gallery.db", "below"))).toBe("ERR_OUTPUT_UNWRITABLE");
  });

  it("keeps what was indexed, for the next to open it", async () => {
    const { photos, folder, gallery, engine, probe } = await setUp();
    await gallery.index([photos], engine);
    const before = await listMatches(gallery, probe);
    await gallery.close();
    await gallery.close();
    await expect(gallery.photo("a")).rejects.toMatchObject({ code: "ERR_GALLERY_CLOSED" });
    await expect(gallery.match(probe)).rejects.toMatchObject({ code: "ERR_GALLERY_CLOSED" });
    expect(await listMatches(await openGallery(folder, { mustExist: true }), probe)).toEqual(before);
  });
});

describe("remove", () => {
  it("forgets a photo and leaves no byte of its embedding", async () => {
    const { photos, paths, folder, gallery, engine, probe } = await setUp({ hnswFromFaces: 1 });
    await gallery.index([photos], engine);
    expect(await gallery.remove(paths[3] as string)).toBe(true);
    expect(await gallery.remove(paths[3] as string)).toBe(false);
    expect(await gallery.photo(paths[3] as string)).toBeNull();
    const needle = Buffer.from(probe.buffer, probe.byteOffset, 64);
    for (const name of await readdir(folder)) {
      expect([name, (await readFile(join(folder, name))).includes(needle)]).toEqual([name, false]);
    }
    expect(await listMatches(gallery, probe)).toHaveLength(NAMES.length - 1);
  });
});

describe.skipIf(!hasHnsw)("the saved graph", () => {
  it("gives what exact search gives, is kept, and grows", async () => {
    const { photos, folder, gallery, engine, probe } = await setUp({ hnswFromFaces: 1 });
    await gallery.index([photos], engine);
    expect(await gallery.search()).toMatchObject({ kind: "hnsw", faces: NAMES.length });
    const exact = await openGallery(folder);
    expect((await exact.search()).kind).toBe("exact");
    expect(await listMatches(gallery, probe)).toEqual(await listMatches(exact, probe));
    const { mtimeMs } = await stat(join(folder, "faces.hnsw"));
    const again = await openGallery(folder, { hnswFromFaces: 1 });
    expect((await again.search()).kind).toBe("hnsw");
    expect((await stat(join(folder, "faces.hnsw"))).mtimeMs).toBe(mtimeMs);
    await writePhotos(photos, "xyz");
    await again.index([photos], engine);
    expect(JSON.parse(await readFile(join(folder, "faces.hnsw.json"), "utf8")).rows).toBe(NAMES.length + 3);
    expect(await listMatches(again, probe)).toEqual(await listMatches(exact, probe));
  });

  it("has several parts in a large gallery, which are kept apart and discarded together", async () => {
    const { photos, paths, folder, gallery, engine, probe } = await setUp({
      hnswFromFaces: 1,
      segmentFaces: 3,
    });
    await gallery.index([photos], engine);
    const exact = await openGallery(folder);
    expect(await listMatches(gallery, probe)).toEqual(await listMatches(exact, probe));
    const graphs = (await readdir(folder)).filter((name) => name.endsWith(".hnsw"));
    expect(graphs).toHaveLength(Math.ceil(NAMES.length / 3));
    const { mtimeMs } = await stat(join(folder, "faces.1.hnsw"));
    const again = await openGallery(folder, { hnswFromFaces: 1, segmentFaces: 3 });
    expect(await listMatches(again, probe)).toEqual(await listMatches(exact, probe));
    expect((await stat(join(folder, "faces.1.hnsw"))).mtimeMs).toBe(mtimeMs);
    await again.remove(paths[0] as string);
    expect((await readdir(folder)).filter((name) => name.includes(".hnsw"))).toEqual([]);
  });

  it("is rebuilt when it is missing, cut, altered, or of another gallery", async () => {
    const { photos, folder, gallery, engine, probe } = await setUp({ hnswFromFaces: 1 });
    await gallery.index([photos], engine);
    const truth = await listMatches(gallery, probe);
    const path = join(folder, "faces.hnsw");
    const whole = await readFile(path);
    const damages: (() => Promise<unknown>)[] = [
      ...[0, 1, 95, 96, 97, whole.length >> 1, whole.length - 1].map((size) => () => truncate(path, size)),
      () => writeFile(path, whole.with(whole.length - 9, (whole.at(-9) ?? 0) ^ 1)),
      () => writeFile(`${path}.json`, "{}"),
      () => writeFile(`${path}.json`, "no JSON"),
      () => writeFile(`${path}.json`, "null"),
    ];
    for (const damage of damages) {
      await damage();
      const opened = await openGallery(folder, { hnswFromFaces: 1 });
      expect(await listMatches(opened, probe)).toEqual(truth);
      expect(await readFile(path)).toEqual(whole);
      await opened.close();
    }
  });
});

describe("two writers", () => {
  it("are refused one another, and what was begun is finished", async () => {
    const { photos, folder, gallery } = await setUp();
    const other = await openGallery(folder);
    const codes: string[] = [];
    const engine = createFakeEngine({
      onDecode: async () => {
        const tries = [other.index([photos], createFakeEngine()), other.remove("x"), gallery.remove("x")];
        for (const attempt of tries) codes.push(await attempt.then(String, (error) => error.code));
      },
    });
    const report = await gallery.index([photos], engine);
    expect(report.photos.indexed).toBe(NAMES.length);
    expect(new Set(codes)).toEqual(new Set(["ERR_GALLERY_BUSY"]));
    expect((await other.index([photos], createFakeEngine())).photos.unchanged).toBe(NAMES.length);
  });

  it("killed at any photo, the next goes on and ends where an undisturbed run ends", async () => {
    const { photos, folder, gallery, probe, home } = await setUp();
    const undisturbed = await openGallery(join(home, "undisturbed"));
    await undisturbed.index([photos], createFakeEngine());
    for (const at of [1, 4]) {
      const worker = spawn(process.execPath, ["--import", "tsx", WORKER, folder, photos, String(at)]);
      const [, signal] = await once(worker, "exit");
      expect(signal).toBe("SIGKILL");
    }
    const rest = createFakeEngine();
    const report = await gallery.index([photos], rest);
    expect(report.photos.unchanged).toBe(0 + 3);
    expect(rest.decoded.length).toBe(report.photos.indexed);
    expect(await listMatches(gallery, probe)).toEqual(await listMatches(undisturbed, probe));
  });
});

const WORKER = resolve(import.meta.dirname, "killed-worker.ts");
