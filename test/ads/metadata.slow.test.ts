import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type AdCopy,
  type AdPhoto,
  type Brand,
  type Channel,
  createRenderer,
  createTypesetter,
  readCreativeMetadata,
  type Typesetter,
} from "../../src/ads/index.ts";
import { pruneCreatives } from "../../src/handover/index.ts";
import { composeImage, encodeImage } from "../../src/io/image/index.ts";
import { BRANDS, COPIES, samplePhoto } from "./samples.ts";

const brand = BRANDS[0] as Brand;
const copy = COPIES[0] as AdCopy;
const FORMATS = ["jpeg", "png", "webp", "avif"] as const;
const channels: readonly Channel[] = FORMATS.map((format) => ({
  id: format,
  width: 300,
  height: 250,
  format,
  maxBytes: 300_000,
}));

let out: string;
let typesetter: Typesetter;
beforeAll(async () => {
  typesetter = await createTypesetter();
});
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-ads-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

const open = (of = channels) => createRenderer({ out, brand, channels: of, typesetter });

describe("what a file tells of itself", () => {
  it("is read back from every format: alternative text, credit, release and source", async () => {
    const photo: AdPhoto = {
      ...(await samplePhoto("sample1.jpg", 0)),
      rights: { credit: 'Ann "A" <Lee> & Co', releaseId: "MR-17", synthetic: true },
    };
    const ad = await (await open()).render({ copy: { ...copy, headline: "R&D <new>" }, photo });
    const [alt] = ad.alts;
    expect(alt).toMatch(
      /^Northline: R&D <new>\. 128 GB, 29 EUR a month\. See the offer\. Photo of (?:a person|\w+ people)\.$/,
    );
    for (const { file } of ad.creatives) {
      expect(await readCreativeMetadata(join(out, file))).toEqual({
        alt,
        credit: 'Ann "A" <Lee> & Co',
        releaseId: "MR-17",
        digitalSourceType: "compositeSynthetic",
      });
    }
  });

  it("takes the credit from the photo's own metadata where the inventory names none", async () => {
    const white = await composeImage(400, 400, "#ddd", []);
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>Kim Photo</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`;
    const path = join(out, "photo.jpg");
    await writeFile(path, await encodeImage(white, { format: "jpeg", xmp }));
    const photo: AdPhoto = {
      path,
      hash: "white",
      width: 400,
      height: 400,
      faces: [],
      leadFace: null,
      focus: null,
    };
    const { creatives } = await (await open(channels.slice(0, 1))).render({ copy, photo });
    expect(await readCreativeMetadata(join(out, creatives[0]?.file ?? ""))).toMatchObject({
      credit: "Kim Photo",
      releaseId: null,
      digitalSourceType: "composite",
    });
    expect(await readCreativeMetadata(path)).toBeNull();
  });

  it("says the words that the picture shows, and counts the people in it", async () => {
    const photo = await samplePhoto("sample5.jpg", 0);
    const wide = { width: 1200, height: 628, format: "jpeg", maxBytes: 400_000 } as const;
    const narrow = { width: 160, height: 160, format: "jpeg", maxBytes: 50_000, body: false } as const;
    const of = [
      { id: "wide", ...wide },
      { id: "narrow", ...narrow },
    ];
    const { alts, layouts, creatives } = await (await open(of)).render({ copy, photo });
    for (const [index, { file }] of creatives.entries()) {
      const { region } = layouts[index]?.picture ?? {};
      if (!region) throw new Error("no layout");
      const people = photo.faces.filter(({ box: { x, y, width, height } }) => {
        const [middleX, middleY] = [x + width / 2, y + height / 2];
        const inX = middleX > region.x && middleX < region.x + region.width;
        return inX && middleY > region.y && middleY < region.y + region.height;
      }).length;
      const words = ["no one", "a person", "two people", "three people", "four people", "five people"];
      expect(alts[index]).toContain(`Photo of ${words[people]}.`);
      expect((await readCreativeMetadata(join(out, file)))?.alt).toBe(alts[index]);
    }
    expect(alts[0]).toContain(copy.body);
    expect(alts[1]).not.toContain(copy.body);
    expect(alts[1]).not.toBe(alts[0]);
  });

  it("is read from a file's bytes as from its path", async () => {
    const photo = await samplePhoto("sample1.jpg", 0);
    const { creatives } = await (await open(channels.slice(0, 1))).render({ copy, photo });
    const path = join(out, creatives[0]?.file ?? "");
    const bytes = new Uint8Array(await readFile(path));
    expect(await readCreativeMetadata(bytes)).toEqual(await readCreativeMetadata(path));
  });

  it("names a file anew when the rights change", async () => {
    const photo = await samplePhoto("sample1.jpg", 0);
    const renderer = await open(channels.slice(0, 1));
    const first = await renderer.render({ copy, photo });
    const second = await renderer.render({ copy, photo: { ...photo, rights: { releaseId: "MR-18" } } });
    expect(second.creatives[0]?.file).not.toBe(first.creatives[0]?.file);
  });
});

describe("pruneCreatives", () => {
  it("keeps what decisions show, and removes the rest with their notes but nothing that is not ours", async () => {
    const renderer = await open(channels.slice(0, 2));
    const photo = await samplePhoto("sample1.jpg", 0);
    const kept = await renderer.render({ copy, photo });
    const stale = await renderer.render({ copy: { ...copy, headline: "Old words" }, photo });
    await writeFile(join(out, "creatives", "jpeg", "theirs.jpg"), "not ours");
    async function* decisions() {
      yield { creatives: kept.creatives };
    }
    const report = await pruneCreatives(out, decisions());
    expect(report).toEqual({
      kept: 2,
      removed: 2,
      bytes: stale.creatives.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    const left = (await readdir(out, { recursive: true })).filter((name) => /\.\w+$/.test(name)).sort();
    expect(left).toHaveLength(2 + 2 + 1 + 1);
    for (const { file } of kept.creatives)
      expect((await readFile(join(out, file))).length).toBeGreaterThan(1000);
    // What was pruned is drawn again when it is asked for.
    const again = await open(channels.slice(0, 2));
    await again.render({ copy: { ...copy, headline: "Old words" }, photo });
    expect(again.counts().rendered).toBe(2);
  });
});
