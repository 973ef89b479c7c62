import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { SAMPLES } from "../faces/fixtures.ts";
import { blocks } from "../gallery/fixtures.ts";
import { folderOfTest } from "../temporary.ts";

const HEIC = resolve(import.meta.dirname, "../../../shared/cases/heic/photo.heic");
const CASES = [HEIC, resolve(import.meta.dirname, "../../../../shared/cases/heic/photo.heic")];
const heic = CASES.find(existsSync);

/** The same photo in every form that cameras and programs write. */
const FORMS = {
  cmyk: (photo) => photo.toColourspace("cmyk").jpeg(),
  "16-bit": (photo) => photo.toColourspace("rgb16").png(),
  alpha: (photo) => photo.ensureAlpha(0.9).png(),
  webp: (photo) => photo.webp(),
  gif: (photo) => photo.gif(),
  avif: (photo) => photo.avif(),
  tiff: (photo) => photo.tiff(),
  jpeg: (photo) => photo.jpeg(),
} satisfies Record<string, (photo: Sharp) => Sharp>;

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

describe("decodePhoto", () => {
  it("reads every format as the same picture in RGB", async () => {
    const photo = () => sharp(SAMPLES[1]).resize(240, 160);
    const { image: plain } = await decodePhoto(await photo().png().toBuffer());
    expect(plain.data).toHaveLength(240 * 160 * 3);
    for (const [form, write] of Object.entries(FORMS)) {
      const { width, height, image } = await decodePhoto(await write(photo()).toBuffer());
      expect([form, width, height, image.data.length]).toEqual([form, 240, 160, plain.data.length]);
      // Alpha is laid on white, and inks are fewer than lights.
      expect(meanDifference(image.data, plain.data), form).toBeLessThan(18);
    }
    const { image: grey } = await decodePhoto(await photo().greyscale().jpeg().toBuffer());
    const isGrey = grey.data.every((value, i) => value === grey.data[i - (i % 3)]);
    expect([isGrey, grey.data.length]).toEqual([true, plain.data.length]);
    const light = Uint8Array.from(plain.data, (_, i) => {
      const [r = 0, g = 0, b = 0] = plain.data.subarray(i - (i % 3));
      return 0.299 * r + 0.587 * g + 0.114 * b;
    });
    expect(meanDifference(grey.data, light)).toBeLessThan(6);
  });

  it.skipIf(heic === undefined)("reads HEIC, upright, under the limit of pixels", async () => {
    const { width, height, image } = await decodePhoto(heic ?? "", { maxSide: 64 });
    expect(width).toBeGreaterThan(0);
    expect(Math.max(image.width, image.height)).toBeLessThanOrEqual(64);
    expect(Math.sign(width - height)).toBe(Math.sign(image.width - image.height));
    expect(new Set(image.data).size).toBeGreaterThan(10);
    await expect(decodePhoto(heic ?? "", { maxPixels: 100 })).rejects.toMatchObject({
      code: "ERR_PHOTO_TOO_LARGE",
    });
  });

  it("turns a picture clockwise, scaled down or not", async () => {
    const source = {
      width: 3,
      height: 2,
      data: Uint8Array.from({ length: 18 }, (_, i) => 40 * Math.floor(i / 3)),
    };
    const bytes = await encodeImage(source, { format: "png" });
    const reds = async (turn: 0 | 90 | 180 | 270) => {
      const { width, height, image } = await decodePhoto(bytes, { turn });
      return [width, height, [...image.data].filter((_, i) => i % 3 === 0)];
    };
    expect(await reds(0)).toEqual([3, 2, [0, 40, 80, 120, 160, 200]]);
    expect(await reds(90)).toEqual([2, 3, [120, 0, 160, 40, 200, 80]]);
    expect(await reds(180)).toEqual([3, 2, [200, 160, 120, 80, 40, 0]]);
    expect(await reds(270)).toEqual([2, 3, [80, 200, 40, 160, 0, 120]]);
    const large = await encodeImage(blocks(1, 60, 30), { format: "png" });
    expect(await decodePhoto(large, { turn: 90, maxSide: 20 })).toMatchObject({
      width: 30,
      height: 60,
      image: { width: 10, height: 20 },
      scaleX: 3,
      scaleY: 3,
    });
  });

  it("refuses an HEIC that is cut short, with a code", async () => {
    const header = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from("ftypheic\0\0\0\0mif1heic"),
      Buffer.alloc(400),
    ]);
    await expect(decodePhoto(header)).rejects.toMatchObject({ code: "ERR_PHOTO_UNREADABLE" });
  });

  it("refuses pixels whose white is unknown instead of washing them out", async () => {
    await expect(decodePhoto(floatTiff(8))).rejects.toMatchObject({
      code: "ERR_PHOTO_UNREADABLE",
      message: expect.stringContaining("float"),
    });
  });

  it("opens no pipe and no device", async () => {
    const folder = folderOfTest();
    const pipe = join(folder, "pipe.jpg");
    execFileSync("mkfifo", [pipe]);
    for (const path of [pipe, "/dev/zero", folder]) {
      await expect(decodePhoto(path)).rejects.toMatchObject({ code: "ERR_PHOTO_NOT_FOUND" });
    }
  });

  it("says which switch reads a larger photo", async () => {
    const folder = folderOfTest();
    const path = join(folder, "large.png");
    await writeFile(path, await encodeImage(blocks(1, 200, 100), { format: "png" }));
    await expect(decodePhoto(path, { maxPixels: 10_000 })).rejects.toMatchObject({
      code: "ERR_PHOTO_TOO_LARGE",
      hint: expect.stringContaining("--max-megapixels 1"),
    });
    expect((await decodePhoto(path, { maxPixels: 20_000 })).width).toBe(200);
  });
});

/** A grey TIFF of 32-bit floats, from 0 to 1: nothing here writes one. */
function floatTiff(side: number): Buffer {
  const entries: [tag: number, type: number, value: number][] = [
    [256, 3, side],
    [257, 3, side],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8 + 2 + 10 * 12 + 4],
    [277, 3, 1],
    [278, 3, side],
    [279, 4, side * side * 4],
    [339, 3, 3],
  ];
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  head.write("II*\0", "latin1");
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, value], i) => {
    const at = 10 + i * 12;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(1, at + 4);
    if (type === 3) head.writeUInt16LE(value, at + 8);
    else head.writeUInt32LE(value, at + 8);
  });
  const pixels = Float32Array.from({ length: side * side }, (_, i) => i / (side * side));
  return Buffer.concat([head, Buffer.from(pixels.buffer)]);
}
