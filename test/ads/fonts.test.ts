import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { loadFonts } from "../../src/ads/type/fonts.ts";
import { bareFont } from "../../src/ads/type/woff.ts";
import { temporaryFolder } from "../gallery/fixtures.ts";

const inter = dirname(createRequire(import.meta.url).resolve("@fontsource/inter/package.json"));
const packed = readFileSync(join(inter, "files", "inter-latin-500-normal.woff"));

async function bare(): Promise<Buffer> {
  const font = await bareFont(packed);
  if (font === null) throw new Error("no font");
  return font;
}

async function load(bytes: Uint8Array) {
  const file = join(await temporaryFolder(), "brand.ttf");
  writeFileSync(file, bytes);
  return loadFonts([{ file }]);
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
