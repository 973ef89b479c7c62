import { chmod, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import { sharedEngine } from "../faces/shared-engine.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { blocks, copySample, writePhoto, writePhotos } from "./fixtures.ts";

async function setUp(names = "abc") {
  const home = folderOfTest();
  const photos = join(home, "inventory", "photos");
  await writePhotos(photos, names);
  const gallery = await openGallery(join(home, "gallery"));
  return { home, photos, gallery, engine: createFakeEngine() };
}

async function listPaths(gallery: Gallery): Promise<string[]> {
  const paths: string[] = [];
  for await (const photo of gallery.photos()) paths.push(photo.path);
  return paths;
}

describe("index", () => {
  it("describes every photo once, and nothing again while nothing changes", async () => {
    const { photos, gallery, engine } = await setUp();
    const first = await gallery.index([photos], engine);
    expect(first.photos).toEqual({ seen: 3, indexed: 3, unchanged: 0, removed: 0, refused: 0 });
    expect(first.faces).toBe(3);
    const second = await gallery.index([photos], engine);
    expect(second.photos).toEqual({ seen: 3, indexed: 0, unchanged: 3, removed: 0, refused: 0 });
    expect(engine.decoded).toHaveLength(3);
  });

  it("reads a touched photo but does not decode it", async () => {
    const { photos, gallery, engine } = await setUp();
    await gallery.index([photos], engine);
    await utimes(join(photos, "a.png"), 1, 1);
    expect((await gallery.index([photos], engine)).photos.unchanged).toBe(3);
    expect(engine.decoded).toHaveLength(3);
  });

  it("describes a changed photo anew and forgets its old face", async () => {
    const { photos, gallery, engine } = await setUp();
    await gallery.index([photos], engine);
    const old = (await engine.describe(join(photos, "a.png"))).faces[0]?.embedding as Float32Array;
    await writePhoto(join(photos, "a.png"), blocks(999));
    const report = await gallery.index([photos], engine);
    expect(report.photos).toEqual({ seen: 3, indexed: 1, unchanged: 2, removed: 0, refused: 0 });
    expect(report.faces).toBe(3);
    const [nearest] = await gallery.match(old, { top: 1 });
    expect(nearest?.distance).toBeGreaterThan(0.1);
  });

  it("keeps the faces and labels of moved and swapped photos without decoding", async () => {
    const { photos, gallery, engine } = await setUp();
    await gallery.index([photos], engine);
    await mkdir(join(photos, "sub"));
    await rename(join(photos, "a.png"), join(photos, "sub", "z.png"));
    await rename(join(photos, "b.png"), join(photos, "tmp.png"));
    await rename(join(photos, "c.png"), join(photos, "b.png"));
    await rename(join(photos, "tmp.png"), join(photos, "c.png"));
    const report = await gallery.index([photos], engine);
    expect(engine.decoded).toHaveLength(3);
    expect(report.photos.removed).toBe(0);
    expect(report.photos.refused).toBe(0);
    expect(report.faces).toBe(3);
    expect(await listPaths(gallery)).toEqual(
      ["b.png", "c.png", "sub/z.png"].map((name) => join(photos, name)),
    );
  });

  it("removes what is gone from the folder, and leaves other folders alone", async () => {
    const { home, photos, gallery, engine } = await setUp();
    const elsewhere = join(home, "elsewhere");
    await writePhotos(elsewhere, "xy");
    await gallery.index([photos, elsewhere], engine);
    await rm(join(photos, "a.png"));
    await rm(join(elsewhere, "x.png"));
    const report = await gallery.index([photos], engine);
    expect(report.photos).toEqual({ seen: 2, indexed: 0, unchanged: 2, removed: 1, refused: 0 });
    expect(report.faces).toBe(4);
    expect((await gallery.index([elsewhere], engine)).photos.removed).toBe(1);
  });

  it("does not take a folder for the one whose name it begins with", async () => {
    const { home, photos, gallery, engine } = await setUp("a");
    const sibling = join(home, "inventory", "photos-2");
    await writePhotos(sibling, "b");
    await gallery.index([photos, sibling], engine);
    await rm(join(sibling, "b.png"));
    expect((await gallery.index([photos], engine)).photos.removed).toBe(0);
  });

  it("decodes equal files once; each path is a photo, a match shows one", async () => {
    const { photos, gallery, engine } = await setUp("a");
    await writeFile(join(photos, "copy.png"), await readFile(join(photos, "a.png")));
    const report = await gallery.index([photos], engine);
    expect(report.photos.indexed).toBe(2);
    expect(report.faces).toBe(1);
    expect(engine.decoded).toHaveLength(1);
    expect(await listPaths(gallery)).toHaveLength(2);
    const probe = (await engine.describe(join(photos, "a.png"))).faces[0]?.embedding as Float32Array;
    expect((await gallery.match(probe)).map((match) => match.photo.path)).toEqual([join(photos, "a.png")]);
    await rm(join(photos, "a.png"));
    const after = await gallery.index([photos], engine);
    expect(after.photos).toMatchObject({ unchanged: 1, removed: 1 });
    expect(after.faces).toBe(1);
  });

  it("refuses bad photos one by one, remembers them, and tries again with another reader", async () => {
    const { photos, gallery, engine } = await setUp("a");
    const whole = await readFile(join(photos, "a.png"));
    await writeFile(join(photos, "empty.jpg"), "");
    await writeFile(join(photos, "text.jpg"), "no picture");
    await writeFile(join(photos, "truncated.png"), whole.subarray(0, whole.length / 2));
    await writePhoto(join(photos, "plain.png"), { width: 4, height: 4, data: new Uint8Array(48).fill(9) });
    const codes = ["empty.jpg", "plain.png", "text.jpg", "truncated.png"].map((name) => [
      join(photos, name),
      name === "plain.png" ? "ERR_PHOTO_NO_FACE" : "ERR_PHOTO_UNREADABLE",
    ]);
    const first = await gallery.index([photos], engine);
    expect(first.photos).toEqual({ seen: 5, indexed: 1, unchanged: 0, removed: 0, refused: 4 });
    expect(first.refusals.map(({ photo, error }) => [photo, error.code])).toEqual(codes);
    const second = await gallery.index([photos], engine);
    expect(second.refusals.map(({ photo, error }) => [photo, error.code])).toEqual(codes);
    expect(second.refusals[0]?.error.message).toBe(first.refusals[0]?.error.message);
    expect(engine.decoded).toHaveLength(5);
    expect(await listPaths(gallery)).toEqual([join(photos, "a.png")]);
    const newer = createFakeEngine({ name: "fake 2" });
    await gallery.index([photos], newer);
    expect(newer.decoded).toHaveLength(4);
  });

  it("refuses a photo that is written to while it is read", async () => {
    const { photos, gallery } = await setUp("a");
    const path = join(photos, "a.png");
    const engine = createFakeEngine({ onDecode: async () => void (await writePhoto(path, blocks(5))) });
    const report = await gallery.index([photos], engine);
    expect(report.refusals.map(({ error }) => error.code)).toEqual(["ERR_PHOTO_CHANGED"]);
    expect((await gallery.index([photos], createFakeEngine())).photos.indexed).toBe(1);
  });

  it("goes on where an aborted run stopped", async () => {
    const { photos, gallery } = await setUp("abcdef");
    const controller = new AbortController();
    const engine = createFakeEngine({
      onDecode: (path) => {
        if (path.endsWith("c.png")) controller.abort();
      },
    });
    const run = gallery.index([photos], engine, { signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: "ERR_ABORTED" });
    const rest = createFakeEngine();
    const report = await gallery.index([photos], rest);
    expect(report.photos.unchanged).toBe(3);
    expect(rest.decoded).toHaveLength(3);
  });

  it("walks deep, case-blind for extensions, past hidden files and around link loops", async () => {
    const { photos, gallery, engine } = await setUp("a");
    await writePhoto(join(photos, "deep", "er", "B.PNG"), blocks(1));
    await writePhoto(join(photos, ".hidden.png"), blocks(2));
    await writePhoto(join(photos, ".trash", "c.png"), blocks(3));
    await writeFile(join(photos, "notes.txt"), "");
    await symlink(photos, join(photos, "deep", "loop"));
    await gallery.index([photos], engine);
    expect(await listPaths(gallery)).toEqual([join(photos, "a.png"), join(photos, "deep", "er", "B.PNG")]);
  });

  it("takes single photos, and reports one that is not there", async () => {
    const { photos, gallery, engine } = await setUp("ab");
    const report = await gallery.index([join(photos, "a.png"), join(photos, "nothing.jpg")], engine);
    expect(report.photos).toEqual({ seen: 2, indexed: 1, unchanged: 0, removed: 0, refused: 1 });
    expect(report.refusals[0]?.error.code).toBe("ERR_PHOTO_NOT_FOUND");
  });

  it("refuses a request that cannot be meant, before any work", async () => {
    const { home, photos, gallery, engine } = await setUp("a");
    await gallery.index([photos], engine);
    const empty = join(home, "empty");
    await mkdir(empty);
    const codeOf = (paths: string[]) => gallery.index(paths, engine).catch((error) => error.code);
    expect(await codeOf([empty])).toBe("ERR_FOLDER_EMPTY");
    expect(await codeOf([join(home, "nowhere")])).toBe("ERR_PHOTO_NOT_FOUND");
    expect(await codeOf([])).toBe("ERR_OPTION_INVALID");
    await rm(join(photos, "a.png"));
    expect(await codeOf([photos])).toBe("ERR_FOLDER_EMPTY");
    expect(await listPaths(gallery)).toHaveLength(1);
  });

  it("refuses to mix embedders, until the gallery is empty again", async () => {
    const { photos, gallery, engine } = await setUp("a");
    expect(gallery.embedderId).toBeNull();
    await gallery.index([photos], engine);
    expect(gallery.embedderId).toBe("brightness/1");
    const other = createFakeEngine({ embedder: { id: "brightness/2", dimensions: 64 } });
    await expect(gallery.index([photos], other)).rejects.toMatchObject({ code: "ERR_GALLERY_EMBEDDER" });
    await gallery.remove(join(photos, "a.png"));
    await gallery.index([photos], other);
    expect(gallery.embedderId).toBe("brightness/2");
  });

  it.skipIf(process.getuid?.() === 0)("keeps the photos of a folder that cannot be read", async () => {
    const { photos, gallery, engine } = await setUp("a");
    await writePhotos(join(photos, "sub"), "b");
    await gallery.index([photos], engine);
    await chmod(join(photos, "sub"), 0o000);
    const report = await gallery.index([photos], engine);
    await chmod(join(photos, "sub"), 0o755);
    expect(report.photos.removed).toBe(0);
    expect(report.refusals.map(({ error }) => error.code)).toEqual(["ERR_PHOTO_NOT_FOUND"]);
  });

  it("reports progress to the last photo", async () => {
    const { photos, gallery, engine } = await setUp("abc");
    const seen: number[] = [];
    await gallery.index([photos], engine, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual([1 / 3, 2 / 3, 1]);
  });

  it("finds people again with the real engine", async () => {
    const home = folderOfTest();
    const photos = join(home, "photos");
    for (const number of [1, 2, 3]) await copySample(number, join(photos, `${number}.jpg`));
    const engine = await sharedEngine({ attributes: false, look: false });
    const gallery = await openGallery(join(home, "gallery"));
    try {
      const report = await gallery.index([photos], engine);
      expect(report.photos).toMatchObject({ seen: 3, indexed: 3 });
      expect(report.faces).toBeGreaterThan(3);
      for await (const photo of gallery.photos()) {
        const described = await engine.describe(photo.path);
        expect(photo.faces).toHaveLength(described.faces.length);
        for (const [i, face] of described.faces.entries()) {
          const [match] = await gallery.match(face.embedding, { top: 1, embedderId: engine.embedder.id });
          expect(match).toMatchObject({ faceIndex: i, photo: { path: photo.path } });
          expect(match?.distance).toBeLessThan(1e-3);
          expect(match?.box).toEqual(face.box);
          expect(photo.faces[i]?.landmarks[30]?.[0]).toBeCloseTo(face.landmarks[30]?.[0] as number, 2);
        }
      }
    } finally {
      await gallery.close();
    }
  });
});
