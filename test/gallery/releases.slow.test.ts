import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGallery } from "../../src/gallery/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { blocks, copySample, writePhoto } from "./fixtures.ts";

/** A gallery beside a folder of photos; names are those of the folder. */
async function setUp(...names: string[]) {
  const home = folderOfTest();
  const photos = join(home, "photos");
  await mkdir(photos);
  for (const [i, name] of names.entries()) await writePhoto(join(photos, name), blocks(i + 1));
  const engine = createFakeEngine();
  const gallery = await openGallery(join(home, "gallery"));
  onTestFinished(() => gallery.close());
  const index = async (text: string | Buffer) => {
    await writeFile(join(home, "photos.csv"), text);
    return gallery.index([photos], engine);
  };
  const shown = async (options = {}) => {
    const matches = await gallery.match(new Float32Array(128), { top: 100, ...options });
    return matches.map(({ photo }) => basename(photo.path).normalize("NFC")).toSorted();
  };
  return { home, photos, gallery, index, shown };
}

const WITHDRAWN = "photo,release_id,release_withdrawn\n";

describe("a row of a withdrawn release", () => {
  it.each([
    ["decomposed where the row is composed", "zoe\u0308.png", "zo\u00eb.png"],
    ["composed where the row is decomposed", "zo\u00eb.png", "zoe\u0308.png"],
    ["in capitals", "Anna.PNG", "anna.png"],
    ["in the row's folder, written with a backslash", "anna.png", "photos\\anna.png"],
  ])("finds its photo, whose name is %s", async (_, name, row) => {
    const { index, shown, gallery, photos } = await setUp(name, "b.png");
    expect((await index(`${WITHDRAWN}${row},R1,2026-06-01\n`)).labels).toEqual({ applied: 1, refusals: [] });
    expect(await shown()).toEqual(["b.png"]);
    expect(await gallery.erase({ release: "R1" })).toEqual([join(photos, name)]);
  });

  it("is erased by any spelling of its path", async () => {
    const { index, gallery, photos } = await setUp("zoe\u0308.png", "b.png");
    await index(`${WITHDRAWN}b.png,R1,\n`);
    const photo = join(photos, "zoe\u0308.png");
    expect(await gallery.spelling(join(photos, "ZO\u00cb.png"))).toBe(photo);
    expect(await gallery.spelling(join(photos, "zo\u00eb.png"))).toBe(photo);
    expect(await gallery.spelling(join(photos, "zoe.png"))).toBe(join(photos, "zoe.png"));
  });

  it("that finds none blocks every photo that it may mean, but none with a row of its own", async () => {
    const { index, shown } = await setUp("zoe_1.png", "Zo\u00eb-1.png", "zoe 2.png", "b.png");
    const { labels } = await index(`${WITHDRAWN}portraits/zoe1.jpg,R1,2026-06-01\n`);
    expect(labels.refusals).toMatchObject([{ error: { code: "ERR_LABELS_ROW_INVALID" } }]);
    expect(labels.refusals[0]?.error.message).toContain("zoe_1.png");
    expect(await shown()).toEqual(["b.png", "zoe 2.png"]);
    await index(`${WITHDRAWN}portraits/zoe1.jpg,R1,2026-06-01\nzoe_1.png,R2,\n`);
    expect(await shown()).toEqual(["b.png", "zoe 2.png", "zoe_1.png"]);
    // A row that limits nothing blocks nothing.
    await index("photo,tags\nportraits/zoe1.jpg,x\n");
    expect(await shown()).toHaveLength(4);
  });

  it.each([
    ["of a URL", "file:///c:/photos/zo%C3%AB%201.png", "zo\u00eb 1.png"],
    ["in UTF-8 that was read as Windows-1252", "zo\u00c3\u00ab.png", "zo\u00eb.png"],
    ["with a dash that was read so", "a\u00e2\u20ac\u201cb.png", "a\u2013b.png"],
    ["in capitals of another length", "STRASSE.PNG", "stra\u00dfe.png"],
  ])("blocks the photo that its name %s means", async (_, row, name) => {
    const { index, shown } = await setUp(name, "b.png");
    expect((await index(`${WITHDRAWN}${row},R1,2026-06-01\n`)).labels.refusals).toHaveLength(1);
    expect(await shown()).toEqual(["b.png"]);
  });

  it.each(["zo?.png", "zo\ufffd.png", Buffer.from([0x7a, 0x6f, 0xeb, 0x2e, 0x70, 0x6e, 0x67])])(
    "stops where its photo's name lost letters: %s",
    async (name) => {
      const { index } = await setUp("zo\u00eb.png", "b.png");
      const rows = Buffer.concat([WITHDRAWN, name, ",R1,2026-06-01\n"].map((part) => Buffer.from(part)));
      await expect(index(rows)).rejects.toMatchObject({ code: "ERR_LABELS_INVALID" });
    },
  );

  it("that names photos in several folders blocks them all, unless one is beside the file", async () => {
    const { home, gallery, shown } = await setUp("a.png");
    const folders = await Promise.all(
      ["one", "two"].map(async (folder, i) => {
        await writePhoto(join(home, folder, "x.png"), blocks(40 + i, 64, 64));
        return join(home, folder);
      }),
    );
    await writePhoto(join(home, "two", "Y.png"), blocks(50, 64, 64));
    await writePhoto(join(home, "one", "y.PNG"), blocks(51, 64, 64));
    const labels = join(home, "photos.csv");
    const shownAfter = async (row: string) => {
      await writeFile(labels, `${WITHDRAWN}${row},R1,2026-06-01\n`);
      const report = await gallery.index(folders, createFakeEngine(), { labels });
      return [report.labels.refusals.length, (await shown()).filter((name) => name !== "a.png")];
    };
    expect(await shownAfter("x.png")).toEqual([1, ["Y.png", "y.PNG"]]);
    expect(await shownAfter("y.png")).toEqual([1, ["x.png", "x.png"]]);
    expect(await shownAfter("two/x.png")).toEqual([0, ["Y.png", "x.png", "y.PNG"]]);
  });

  it("that contradicts another row of the photo blocks it; the same row twice does not", async () => {
    const { index, shown } = await setUp("a.png", "b.png");
    const twice = await index("photo,tags,release_withdrawn\na.png,x,\na.png,x,2026-06-01\n");
    expect(twice.labels.refusals).toHaveLength(1);
    expect(await shown()).toEqual(["b.png"]);
    expect((await index("photo,tags\na.png,x\na.png,x\n")).labels.refusals).toHaveLength(1);
    expect(await shown()).toEqual(["a.png", "b.png"]);
  });

  it("of two photos whose names differ in case alone blocks both", async () => {
    const { index, shown } = await setUp("a.png", "A.png", "b.png");
    expect((await index(`${WITHDRAWN}\u0041.PNG,R1,2026-06-01\n`)).labels.refusals).toHaveLength(1);
    expect(await shown()).toEqual(["b.png"]);
  });

  it("that cannot be read keeps its photo out of every match", async () => {
    const { index, shown } = await setUp("a.png", "b.png");
    await index("photo,release_expires\na.png,next year\n");
    expect(await shown()).toEqual(["b.png"]);
  });
});

describe("a territory", () => {
  it.each([
    ["UK", "did you mean GB?"],
    ["Germany", "did you mean DE?"],
    ["uk-eng", "did you mean GB-ENG?"],
    ["EU", "ISO 3166"],
    ["ZZ", "ISO 3166"],
  ])("of %s is refused with the code that was meant", async (territory, message) => {
    const { index, shown, gallery } = await setUp("a.png", "b.png");
    const { labels } = await index(`photo,territories\na.png,${territory}\n`);
    expect(labels.refusals[0]?.error.message).toContain(message);
    expect(await shown({ territory: "GB" })).toEqual(["b.png"]);
    await expect(gallery.match(new Float32Array(128), { territory })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });
});

describe("a copy of a photo with a limited release", () => {
  /** A photo, and copies of it that people make. */
  async function withCopies() {
    const world = await setUp("other.png");
    const original = await copySample(6, join(world.photos, "original.jpg"));
    const copy = (name: string, change: (picture: Sharp) => Sharp) =>
      change(sharp(original)).toFile(join(world.photos, name));
    await copySample(6, join(world.photos, "same bytes.jpg"));
    await copy("saved.jpg", (picture) => picture.jpeg({ quality: 40 }));
    await copy("scaled.png", (picture) => picture.resize(300));
    await copy("mirrored.jpg", (picture) => picture.flop());
    await copy("darker.jpg", (picture) => picture.modulate({ brightness: 0.8 }));
    return world;
  }
  const COPIES = ["darker.jpg", "mirrored.jpg", "same bytes.jpg", "saved.jpg", "scaled.png"];

  it("is kept out with it, is listed under its release, and comes back with it", async () => {
    const { index, shown, gallery, photos } = await withCopies();
    const report = await index(`${WITHDRAWN}original.jpg,R1,2026-06-01\n`);
    expect(report.copies.map(({ photo }) => basename(photo))).toEqual(COPIES);
    expect(await shown()).toEqual(["other.png"]);
    expect(await gallery.photo(join(photos, "saved.jpg"))).toMatchObject({
      copyOf: join(photos, "original.jpg"),
      release: { id: "R1" },
    });
    expect((await index(`${WITHDRAWN}original.jpg,R1,2026-06-01\n`)).copies).toEqual([]);
    await index(`${WITHDRAWN}original.jpg,R1,\n`);
    expect(await shown()).toContain("saved.jpg");
    expect((await gallery.photo(join(photos, "saved.jpg")))?.release).toBeNull();
  });

  it("is kept out where and when the photo is, unless it has a release of its own", async () => {
    const { index, shown } = await withCopies();
    const header = "photo,release_id,release_expires,territories\n";
    await index(`${header}original.jpg,R1,2026-06-01,NL\nsaved.jpg,R2,2030-01-01,\n`);
    // Files of equal content are one match.
    expect(await shown()).toHaveLength(6);
    expect(await shown({ at: new Date("2026-07-01") })).toEqual(["other.png", "saved.jpg"]);
    expect(await shown({ territory: "BE" })).toEqual(["other.png", "saved.jpg"]);
    expect(await shown({ requireRelease: true })).toEqual(["original.jpg", "saved.jpg"]);
  });

  it("goes with the photo when its release is erased", async () => {
    const { index, shown, gallery } = await withCopies();
    await index(`${WITHDRAWN}original.jpg,R1,2026-06-01\n`);
    expect(await gallery.erase({ release: "R1" })).toHaveLength(6);
    expect(await shown()).toEqual(["other.png"]);
  });

  it("stays kept out when the withdrawn photo itself is deleted, until its row comes back", async () => {
    const { index, shown, gallery, photos, home } = await withCopies();
    const rows = `${WITHDRAWN}original.jpg,R1,2026-06-01\n`;
    await index(rows);
    await rename(join(photos, "original.jpg"), join(home, "kept.jpg"));
    await index(`${WITHDRAWN}`);
    expect(await shown()).toEqual(["other.png"]);
    await index("photo,tags\nother.png,x\n");
    expect(await shown()).toEqual(["other.png"]);
    expect((await gallery.standing(join(home, "kept.jpg"))).releases).toMatchObject([{ id: "R1" }]);
    await rename(join(home, "kept.jpg"), join(photos, "original.jpg"));
    await index(`${WITHDRAWN}original.jpg,R1,\n`);
    // Files of equal content are one match.
    expect(await shown()).toHaveLength(6);
  });

  it("goes with the release of a deleted photo when that is erased", async () => {
    const { index, shown, gallery, photos, home } = await withCopies();
    await index(`${WITHDRAWN}original.jpg,R1,2026-06-01\n`);
    await rename(join(photos, "original.jpg"), join(home, "kept.jpg"));
    await index(`${WITHDRAWN}`);
    expect(await gallery.erase({ release: "R1" })).toHaveLength(5);
    expect(await shown()).toEqual(["other.png"]);
  });

  it("is known by a file that the gallery does not have", async () => {
    const { index, gallery, photos, home } = await withCopies();
    await index(`${WITHDRAWN}original.jpg,R1,2026-06-01\n`);
    const default_ = join(home, "default.jpg");
    await rename(join(photos, "saved.jpg"), default_);
    expect((await gallery.standing(default_)).releases).toMatchObject([{ id: "R1" }]);
  });
});
