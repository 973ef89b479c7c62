import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openGallery } from "../../src/gallery/index.ts";
import { folderOfTest } from "../temporary.ts";
import { createFakeEngine } from "./fake-engine.ts";
import { writePhotos } from "./fixtures.ts";

async function setUp() {
  const home = folderOfTest();
  const photos = join(home, "photos");
  await writePhotos(photos, "ab");
  const gallery = await openGallery(join(home, "gallery"));
  const engine = createFakeEngine();
  const csv = join(home, "photos.csv");
  const index = async (text: string, path = csv, labels?: string) => {
    await writeFile(path, text);
    return gallery.index([photos], engine, { labels });
  };
  const photo = (name: string) => gallery.photo(join(photos, `${name}.png`));
  return { home, photos, csv, gallery, engine, index, photo };
}

describe("photos.csv", () => {
  it.each([
    ["points", "31.01.2027", "2027-01-31T23:59:59.999Z"],
    ["slashes", "2027/01/31", "2027-01-31T23:59:59.999Z"],
    ["a time without a zone", "31.01.2027 10:00", "2027-01-31T10:00:00.000Z"],
  ])("takes dates with %s, and decimal commas", async (_, text, iso) => {
    const { index, photo } = await setUp();
    const report = await index(
      `photo;release_id;release_expires;focus_x;focus_y\na.png;R-1;${text};0,25;0,5\n`,
    );
    expect(report.labels.refusals).toEqual([]);
    expect(await photo("a")).toMatchObject({ release: { expires: new Date(iso) }, focus: [0.25, 0.5] });
  });

  it.each(["2027-02-31T00:00:00Z", "31.02.2027", "02/03/2027"])(
    "blocks a photo for the date %s",
    async (text) => {
      const { index, photo } = await setUp();
      const report = await index(`photo,release_id,release_expires\na.png,R-1,${text}\n`);
      expect(report.labels.refusals).toHaveLength(1);
      expect((await photo("a"))?.release?.withdrawn).toEqual(new Date(0));
    },
  );

  it("is read in full, with a byte order mark, quotes and CRLF", async () => {
    const { index, photo } = await setUp();
    const report = await index(
      "\ufeffphoto,tags,release_id,release_expires,territories,focus_x,focus_y,synthetic,credit\r\n" +
        '"a.png","sun, sea;beach",R-1,2027-01-31T10:00:00Z,nl;US-CA,0.25,0.5,yes,"Ann Lee, Lumo Studio"\r\n',
    );
    expect(report.labels).toEqual({ applied: 1, refusals: [] });
    expect(await photo("a")).toMatchObject({
      tags: ["sun, sea", "beach"],
      release: { id: "R-1", expires: new Date("2027-01-31T10:00:00Z"), territories: ["NL", "US-CA"] },
      focus: [0.25, 0.5],
      synthetic: true,
      credit: "Ann Lee, Lumo Studio",
    });
    expect(await photo("b")).toMatchObject({ tags: [], release: null, focus: null, synthetic: false });
  });

  it("chooses the face that leads by a point of it", async () => {
    const { index, photo } = await setUp();
    await index("photo,lead_x,lead_y\na.png,0.25,0.5\nb.png,,\n");
    expect((await photo("a"))?.lead).toEqual([0.25, 0.5]);
    expect((await photo("b"))?.lead).toBeUndefined();
    await index("photo,lead_x,lead_y\na.png,,\n");
    expect((await photo("a"))?.lead).toBeUndefined();
    for (const wrong of ["0.25,", ",0", "1.1,0", "0,x"]) {
      const { labels } = await index(`photo,lead_x,lead_y\na.png,${wrong}\n`);
      expect(labels.refusals, wrong).toMatchObject([{ error: { code: "ERR_LABELS_ROW_INVALID" } }]);
    }
  });

  it("may be separated by semicolons or tabs, after Excel's line that names the delimiter", async () => {
    const { index, photo } = await setUp();
    for (const [i, text] of [
      "photo;tags\na.png;x|y\n",
      "photo\ttags\na.png\tx|y\n",
      "sep=;\r\nphoto;tags\r\na.png;x|y\r\n",
    ].entries()) {
      expect((await index(text)).labels, `${i}`).toEqual({ applied: 1, refusals: [] });
      expect((await photo("a"))?.tags).toEqual(["x", "y"]);
    }
  });

  it("takes effect without decoding, and takes back what it no longer says", async () => {
    const { index, photo, engine } = await setUp();
    await index("photo,tags\na.png,old\n");
    await index("photo,tags\na.png,new\n");
    expect((await photo("a"))?.tags).toEqual(["new"]);
    await index("photo,tags\nb.png,other\n");
    expect((await photo("a"))?.tags).toEqual([]);
    expect((await photo("b"))?.tags).toEqual(["other"]);
    expect(engine.decoded).toHaveLength(2);
  });

  it("names whom to credit, until it no longer does", async () => {
    const { index, photo } = await setUp();
    await index("photo,credit\na.png,Ann Lee\n");
    expect((await photo("a"))?.credit).toBe("Ann Lee");
    await index("photo,credit\na.png,\n");
    expect((await photo("a"))?.credit).toBeUndefined();
    const long = await index(`photo,credit\na.png,${"x".repeat(201)}\n`);
    expect(long.labels.refusals).toMatchObject([{ error: { code: "ERR_LABELS_ROW_INVALID" } }]);
  });

  it("inside the folder goes before the one above; a named one before both", async () => {
    const { home, photos, index, photo } = await setUp();
    await index("photo,tags\na.png,above\n");
    await index("photo,tags\na.png,inside\n", join(photos, "photos.csv"));
    expect((await photo("a"))?.tags).toEqual(["inside"]);
    const named = join(home, "named.csv");
    await index("photo,tags\nphotos/a.png,named\n", named, named);
    expect((await photo("a"))?.tags).toEqual(["named"]);
  });

  it.each([
    ["a date that is none", "a.png,,2027-02-31,,,,"],
    ["a date in words", "a.png,,next year,,,,"],
    ["a territory that is none", "a.png,,,Holland,,,"],
    ["a focus outside of the photo", "a.png,,,,1.5,0.5,"],
    ["half a focus", "a.png,,,,0.5,,"],
    ["a flag that is none", "a.png,,,,,,perhaps"],
    ["too many fields", "a.png,,,,,,,,,x"],
  ])("reports %s and blocks the photo by date and territory", async (_, row) => {
    const { gallery, engine, photos, index } = await setUp();
    const header = "photo,tags,release_expires,territories,focus_x,focus_y,synthetic";
    const report = await index(`${header}\n${row}\nb.png,good,,,,,\n`);
    expect(report.labels.applied).toBe(1);
    expect(report.labels.refusals).toMatchObject([
      { row: expect.stringMatching(/photos\.csv:2$/), error: { code: "ERR_LABELS_ROW_INVALID" } },
    ]);
    const { faces } = await engine.describe(join(photos, "a.png"));
    const probe = faces[0]?.embedding as Float32Array;
    expect(await gallery.match(probe, { at: new Date(1e12) })).toHaveLength(1);
    expect(await gallery.match(probe, { territory: "NL" })).toHaveLength(1);
  });

  it.each([
    ["a quote that is not closed", 'a.png,"x,\nb.png,,yes\n'],
    ["a stray quote in each of two rows", 'a.png,"x,\nb.png,,yes\nc.png,y",\n'],
    ["too few fields", "a.png\nb.png,,yes\n"],
  ])("loses no row after %s, and blocks the photo of the broken row", async (_, rows) => {
    const { gallery, engine, photos, index } = await setUp();
    const report = await index(`photo,tags,release_withdrawn\n${rows}`);
    expect(report.labels.refusals.map(({ row }) => row.split(":").at(-1))).toContain("2");
    for (const name of ["a.png", "b.png"]) {
      const probe = (await engine.describe(join(photos, name))).faces[0]?.embedding as Float32Array;
      const shown = (await gallery.match(probe)).map(({ photo }) => photo.path);
      expect(shown).not.toContain(join(photos, "a.png"));
      expect(shown).not.toContain(join(photos, "b.png"));
    }
  });

  it("names the line of a row after Excel's line that names the delimiter", async () => {
    const { index } = await setUp();
    const report = await index('sep=;\r\nphoto;tags\r\na.png;x\r\nnone.png;y\r\nb.png;"z\r\n');
    expect(report.labels.refusals.map(({ row }) => row.split(":").at(-1)).sort()).toEqual(["4", "5"]);
  });

  it("reports a photo that is not there, an empty name and a second row", async () => {
    const { index } = await setUp();
    const report = await index("photo,tags\nnone.png,x\n,y\na.png,one\na.png,two\n");
    expect(report.labels.applied).toBe(1);
    expect(report.labels.refusals.map(({ row }) => row.split(":").at(-1))).toEqual(["2", "3", "5"]);
  });

  it.each([
    ["an unknown column", "photo,tag\na.png,x\n"],
    ["no photo column", "tags\nx\n"],
    ["a column twice", "photo,tags,tags\na.png,x,y\n"],
    ["nothing", ""],
  ])("is refused with %s, before any work", async (_, text) => {
    const { index, gallery, engine, photos } = await setUp();
    await expect(index(text)).rejects.toMatchObject({ code: "ERR_LABELS_INVALID" });
    expect(engine.decoded).toEqual([]);
    await expect(
      gallery.index([photos], engine, { labels: join(photos, "missing.csv") }),
    ).rejects.toMatchObject({ code: "ERR_LABELS_INVALID" });
  });
});
