import { crc32, deflateSync } from "node:zlib";
import { encodeImage } from "../../src/io/image/index.ts";
import { blocks } from "../../test/gallery/fixtures.ts";
import type { HostileImage } from "./images.ts";

/**
 * Whole pictures whose profiles (EXIF, ICC, XMP, text) were made to hurt: what is said about a picture must neither
 * stop it from being read nor cost more than the picture itself.
 *
 * @param bombMb what the compressed ones unpack to
 */
export async function profiledImages(bombMb: number): Promise<HostileImage[]> {
  const picture = blocks(7, 96, 64);
  const jpeg = await encodeImage(picture, { format: "jpeg" });
  const png = await encodeImage(picture, { format: "png" });
  const bomb = deflateSync(Buffer.alloc(bombMb << 20), { level: 9 });
  const inJpeg = (name: string, ...segments: Buffer[]): HostileImage => ({
    name: `JPEG, ${name}`,
    bytes: Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]),
  });
  const inPng = (name: string, type: string, data: Buffer): HostileImage => ({
    name: `PNG, ${name}`,
    bytes: Buffer.concat([png.subarray(0, 33), chunk(type, data), png.subarray(33)]),
  });
  const text = (words: string) => Buffer.from(words, "latin1");
  return [
    inJpeg("EXIF that points at itself", segment(1, exif([[0x8769, 4, 1, 8]], 8))),
    inJpeg("EXIF in EXIF", segment(1, exif([[0x8769, 4, 1, 26]], 26))),
    inJpeg("EXIF of 65,535 entries", segment(1, exifHead(0xffff))),
    inJpeg("EXIF of 4 GB values", segment(1, exif([[0x010f, 2, 0xffffffff, 0xfffffff0]], 0xfffffff0))),
    inJpeg("EXIF turned to no direction", segment(1, exif([[0x0112, 3, 1, 0xffff0000]], 0))),
    inJpeg(
      "ICC that claims 4 GB",
      segment(2, Buffer.concat([text("ICC_PROFILE\0\x01\x01"), icc(0xffffffff)])),
    ),
    inJpeg("ICC in 255 parts but one", segment(2, text("ICC_PROFILE\0\x07\xffpart"))),
    inJpeg(
      "ICC with a million tags",
      segment(2, Buffer.concat([text("ICC_PROFILE\0\x01\x01"), icc(400, 1e6)])),
    ),
    inJpeg("XMP of nested entities", segment(1, text(`http://ns.adobe.com/xap/1.0/\0${ENTITIES}`))),
    inJpeg("a hundred profiles", ...Array.from({ length: 100 }, () => segment(1, Buffer.alloc(60_000, "x")))),
    inPng("ICC that unpacks without end", "iCCP", Buffer.concat([text("icc\0\0"), bomb])),
    inPng("text that unpacks without end", "zTXt", Buffer.concat([text("Comment\0\0"), bomb])),
    inPng(
      "XMP that unpacks without end",
      "iTXt",
      Buffer.concat([text("XML:com.adobe.xmp\0\x01\0\0\0"), bomb]),
    ),
    inPng("EXIF of nothing", "eXIf", Buffer.alloc(0)),
  ];
}

const ENTITIES = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => {
  const [name, inner] = [String.fromCharCode(98 + i), String.fromCharCode(97 + i)];
  return `<!ENTITY ${name} "${`&${inner};`.repeat(10)}">`;
}).join("")}]><x:xmpmeta xmlns:x="adobe:ns:meta/">&j;</x:xmpmeta>`;

/** An APPn segment of a JPEG file. */
function segment(n: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe0 + n, 0, 0]);
  head.writeUInt16BE(Math.min(0xffff, data.length + 2), 2);
  return Buffer.concat([head, data]);
}

type Entry = readonly [tag: number, type: number, count: number, value: number];

/** A directory of a big-endian TIFF header, and where the next one is said to be. */
function exif(entries: readonly Entry[], next: number): Buffer {
  const body = Buffer.alloc(entries.length * 12 + 4);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    body.writeUInt16BE(tag, i * 12);
    body.writeUInt16BE(type, i * 12 + 2);
    body.writeUInt32BE(count, i * 12 + 4);
    body.writeUInt32BE(value, i * 12 + 8);
  }
  body.writeUInt32BE(next, entries.length * 12);
  return Buffer.concat([exifHead(entries.length), body]);
}

function exifHead(entries: number): Buffer {
  const head = Buffer.from("Exif\0\0MM\0*\0\0\0\x08\0\0", "latin1");
  head.writeUInt16BE(entries, 14);
  return head;
}

function icc(size: number, tags = 0): Buffer {
  const profile = Buffer.alloc(400);
  profile.writeUInt32BE(size, 0);
  profile.write("mntrRGB XYZ ", 12, "latin1");
  profile.write("acsp", 36, "latin1");
  profile.writeUInt32BE(tags, 128);
  return profile;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
