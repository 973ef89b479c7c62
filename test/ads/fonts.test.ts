import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createTypesetter } from "../../src/ads/index.ts";
import { extractFace } from "../../src/ads/type/collection.ts";
import { loadFonts } from "../../src/ads/type/fonts.ts";
import { writeSfnt } from "../../src/ads/type/sfnt.ts";
import { bareFont } from "../../src/ads/type/woff.ts";
import { folderOfTest } from "../temporary.ts";

const inter = dirname(createRequire(import.meta.url).resolve("@fontsource/inter/package.json"));
const packed = readFileSync(join(inter, "files", "inter-latin-500-normal.woff"));

async function bare(): Promise<Buffer> {
  const font = await bareFont(packed);
  if (font === null) throw new Error("no font");
  return font;
}

async function load(bytes: Uint8Array) {
  return loadFonts([{ file: await written(bytes) }]);
}

async function written(bytes: Uint8Array): Promise<string> {
  const file = join(folderOfTest(), "brand.ttf");
  writeFileSync(file, bytes);
  return file;
}

/** The font with some of its tables replaced. */
async function changed(
  changes: Readonly<Record<string, (table: Buffer, glyphs: number) => Buffer>>,
): Promise<Buffer> {
  const font = await bare();
  const tables = new Map<string, Buffer>();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const entry = 12 + 16 * i;
    const start = font.readUInt32BE(entry + 8);
    const table = Buffer.from(font.subarray(start, start + font.readUInt32BE(entry + 12)));
    tables.set(font.toString("latin1", entry, entry + 4), table);
  }
  const glyphs = tables.get("maxp")?.readUInt16BE(4) ?? 0;
  for (const [tag, change] of Object.entries(changes))
    tables.set(tag, change(tables.get(tag) ?? Buffer.alloc(0), glyphs));
  return writeSfnt(0x00010000, tables);
}

/** A `cmap` of format 12 with groups of (first, last, glyph of first). */
function coverage(groups: readonly (readonly [number, number, number])[]): Buffer {
  const table = Buffer.alloc(12 + 16 + 12 * groups.length);
  table.writeUInt16BE(1, 2);
  table.writeUInt16BE(3, 4);
  table.writeUInt16BE(10, 6);
  table.writeUInt32BE(12, 8);
  table.writeUInt16BE(12, 12);
  table.writeUInt32BE(table.length - 12, 16);
  table.writeUInt32BE(groups.length, 24);
  groups.flat().forEach((value, i) => void table.writeUInt32BE(value, 28 + 4 * i));
  return table;
}

/** A glyph whose outline jumps up and down (OpenType 1.9, "glyf", simple glyph). */
function zigzag(points: number): Buffer {
  const head = Buffer.alloc(14);
  head.writeInt16BE(1, 0);
  for (const at of [6, 8]) head.writeInt16BE(1000, at);
  head.writeUInt16BE(points - 1, 10);
  const deltas = Buffer.alloc(4 * points);
  for (let i = 0; i < points; i++) {
    deltas.writeInt16BE(i % 2 === 0 ? 700 : -700, 2 * i);
    deltas.writeInt16BE(i % 3 === 0 ? 500 : -250, 2 * points + 2 * i);
  }
  return Buffer.concat([head, Buffer.alloc(points, 1), deltas]);
}

/** Where the entry of a table begins. */
function entryOf(font: Buffer, tag: string): number {
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    if (font.toString("latin1", 12 + 16 * i, 16 + 16 * i) === tag) return 12 + 16 * i;
  }
  throw new Error(`no table ${tag}`);
}

describe("a brand's font", () => {
  it("is taken whole, bare or packed", async () => {
    for (const bytes of [packed, await bare()]) {
      const { files } = await load(bytes);
      expect([files[0]?.has(0x41), files[0]?.has(0x4e00)]).toEqual([true, false]);
    }
  });

  it.each<[string, (font: Buffer) => Buffer]>([
    ["that was cut short", (font) => font.subarray(0, 3000)],
    ["that lacks its last byte", (font) => font.subarray(0, font.length - 5)],
    [
      "without outlines",
      (font) => Buffer.from(font).fill("xlyf", entryOf(font, "glyf"), entryOf(font, "glyf") + 4),
    ],
    [
      "with a table twice",
      (font) => Buffer.from(font).fill("glyf", entryOf(font, "loca"), entryOf(font, "loca") + 4),
    ],
    [
      "with a huge table",
      (font) => {
        const copy = Buffer.from(font);
        copy.writeUInt32BE(0xfffffff0, entryOf(font, "cmap") + 12);
        return copy;
      },
    ],
    ["that is only a header", (font) => font.subarray(0, 12)],
  ])("%s is refused", async (_, damage) => {
    await expect(load(damage(await bare()))).rejects.toMatchObject({ code: "ERR_FONT_INVALID" });
  });

  it.each<[string, string, (table: Buffer) => Buffer]>([
    ["half of the outlines", "glyf", (table) => table.fill(0, table.length / 2)],
    ["all but the first outlines", "glyf", (table) => table.fill(0, 2000)],
    ["the widths", "hmtx", (table) => table.fill(0)],
  ])("that lost %s is refused, not drawn without letters", async (_, tag, damage) => {
    const file = await written(await changed({ [tag]: damage }));
    const setter = await createTypesetter([{ file }]);
    await expect(setter.shape("Your next phone, 29 \u20ac", { weight: 700 })).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
    });
  });

  it("with letters of very many points is refused before ads are searched with it", async () => {
    // The glyph of A has all points, the others have none.
    const glyph = 1 + 0x41 - 0x20;
    const outline = zigzag(9_000);
    const file = await written(
      await changed({
        cmap: () => coverage([[0x20, 0x7e, 1]]),
        glyf: () => outline,
        head: (table) => table.fill(1, 51, 52),
        loca: (_, glyphs) => {
          const table = Buffer.alloc(4 * (glyphs + 1));
          for (let i = glyph + 1; i <= glyphs; i++) table.writeUInt32BE(outline.length, 4 * i);
          return table;
        },
      }),
    );
    const setter = await createTypesetter([{ file }]);
    await expect(setter.shape("A", { weight: 700 })).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
      message: expect.stringContaining("8,000 points"),
    });
  });

  it("with millions of groups of characters is searched in a few steps", async () => {
    const groups = Array.from({ length: 1 << 16 }, (_, i) => [2 * i + 0x3000, 2 * i + 0x3000, 1] as const);
    const { files } = await loadFonts([
      { file: await written(await changed({ cmap: () => coverage(groups) })) },
    ]);
    const has = files[0]?.has ?? (() => null);
    expect([0x2fff, 0x3000, 0x3001, 0x3002, 0x22ffe, 0x23000].map(has)).toEqual([
      ...[false, true, false, true, true, false],
    ]);
    let reads = 0;
    const { getUint32 } = DataView.prototype;
    DataView.prototype.getUint32 = function (...place) {
      reads++;
      return getUint32.apply(this, place);
    };
    try {
      has(0x22ffe);
    } finally {
      DataView.prototype.getUint32 = getUint32;
    }
    expect(reads).toBeLessThan(100);
  });

  it.each([
    ["many tables", 200, 1],
    ["one table many times", 100, 1_000_000],
  ])("of a collection that names %s is refused before it is copied", (_, tables, length) => {
    const head = Buffer.alloc(28 + 16 * tables);
    head.write("ttcf", 0, "latin1");
    head.writeUInt32BE(1, 8);
    head.writeUInt32BE(16, 12);
    head.writeUInt32BE(0x00010000, 16);
    head.writeUInt16BE(tables, 20);
    for (let i = 0; i < tables; i++) head.writeUInt32BE(length, 28 + 16 * i + 12);
    const file = Buffer.concat([head, Buffer.alloc(1_000_000)]);
    expect(() => extractFace(file, 0)).toThrow(RangeError);
  });

  it("of hundreds of megabytes is not read", async () => {
    const file = await written(Buffer.alloc(0));
    truncateSync(file, 256_000_001);
    await expect(loadFonts([{ file }])).rejects.toMatchObject({
      code: "ERR_FONT_INVALID",
      message: expect.stringContaining("256000001 bytes"),
    });
  });

  it("that unpacks to more than fonts have, or to a table of another length, is refused", async () => {
    const woff = (length: number, data: Buffer, count = 1) => {
      const head = Buffer.alloc(44 + 20 * count);
      head.write("wOFF", 0, "latin1");
      head.writeUInt32BE(0x00010000, 4);
      head.writeUInt16BE(count, 12);
      for (let i = 0; i < count; i++) {
        const entry = 44 + 20 * i;
        head.write("glyf", entry, "latin1");
        head.writeUInt32BE(head.length, entry + 4);
        head.writeUInt32BE(data.length, entry + 8);
        head.writeUInt32BE(length, entry + 12);
      }
      return Buffer.concat([head, data]);
    };
    const zeros = deflateSync(Buffer.alloc(1 << 20));
    for (const bytes of [woff(0xf0000000, zeros), woff(1000, zeros), woff(1 << 20, zeros, 2000)]) {
      expect(await bareFont(bytes)).toBeNull();
    }
  });
});
