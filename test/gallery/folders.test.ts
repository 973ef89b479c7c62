import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGallery } from "../../src/gallery/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { blocks, writePhoto, writePhotos } from "./fixtures.ts";

describe("folders of an inventory", () => {
  it("are indexed without thumbnails, deleted files and what links lead out to; what is skipped is counted", async () => {
    const root = folderOfTest();
    const photos = join(root, "photos");
    const elsewhere = join(root, "elsewhere");
    const [first] = await writePhotos(photos, "a");
    await rename(first ?? "", join(photos, "a.jfif"));
    await rename(await writePhoto(join(photos, "b.png"), blocks(2)), join(photos, "b.jpe"));
    const thumbnails = ["@eaDir/a.jpg", "#recycle", "$RECYCLE.BIN", "__MACOSX", ".thumbs", "lost+found"];
    for (const [i, name] of thumbnails.entries())
      await writePhoto(join(photos, name, "t.png"), blocks(10 + i));
    await writePhoto(join(elsewhere, "x.png"), blocks(30));
    await symlink(elsewhere, join(photos, "link"));
    await mkdir(join(photos, "inner"));
    await symlink(join(photos, "inner"), join(photos, "to-inner"));
    for (const name of ["c.bmp", "d.bmp", "e.jp2", "notes.txt"]) await writeFile(join(photos, name), "x");
    const gallery = await openGallery(join(root, "gallery"));
    onTestFinished(() => gallery.close());
    const report = await gallery.index([photos], createFakeEngine());
    expect(report.photos.seen).toBe(2);
    expect(report.skipped).toEqual({ ".bmp": 2, ".jp2": 1, link: 1 });
  });

  it("with nothing but other pictures say what is there", async () => {
    const root = folderOfTest();
    await writeFile(join(root, "a.bmp"), "x");
    const gallery = await openGallery(join(root, "gallery"));
    onTestFinished(() => gallery.close());
    await expect(gallery.index([root], createFakeEngine())).rejects.toMatchObject({
      code: "ERR_FOLDER_EMPTY",
      message: expect.stringContaining("1 .bmp"),
    });
  });

  it("name each refused file by itself, also where their content is the same", async () => {
    const root = folderOfTest();
    const photos = join(root, "photos");
    await writePhotos(photos, "a");
    for (const name of ["x.png", "y.png"]) await writeFile(join(photos, name), "");
    const gallery = await openGallery(join(root, "gallery"));
    onTestFinished(() => gallery.close());
    const named = async () => {
      const { refusals } = await gallery.index([photos], createFakeEngine());
      return refusals.map(({ photo, error }) => [photo, error.message.includes(photo)]);
    };
    const both = [join(photos, "x.png"), join(photos, "y.png")];
    expect(await named()).toEqual(both.map((photo) => [photo, true]));
    expect(await named()).toEqual(both.map((photo) => [photo, true]));
    await rm(join(photos, "x.png"));
    expect(await named()).toEqual([[join(photos, "y.png"), true]]);
  });
});
