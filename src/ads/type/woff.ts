import { inflateSync } from "node:zlib";
import { isSfnt, MOST_BYTES, MOST_TABLES, tagAt, viewOf, writeSfnt } from "./sfnt.ts";

/** Fonts from web font files: deflated (WOFF 1.0) or brotli-compressed (WOFF 2.0). */

const WOFF = 0x774f4646;
const WOFF2 = 0x774f4632;
/** `totalSfntSize` in the header of WOFF 2.0 (W3C WOFF 2.0, section 4). */
const UNPACKED_SIZE_AT = 16;

/** The font as a bare TrueType or OpenType file; null if the bytes are no font, or damaged. */
export async function bareFont(file: Buffer): Promise<Buffer | null> {
  try {
    const flavour = file.byteLength < 4 ? 0 : file.readUInt32BE(0);
    if (flavour === WOFF) return unpackWoff(file);
    if (flavour === WOFF2) return await unpackWoff2(file);
    return isSfnt(file) && file.byteLength <= MOST_BYTES ? file : null;
  } catch {
    return null;
  }
}

function unpackWoff(file: Buffer): Buffer {
  const view = viewOf(file);
  const tables = new Map<string, Uint8Array>();
  const count = view.getUint16(12);
  if (count > MOST_TABLES) throw new RangeError(`${count} tables`);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const entry = 44 + i * 20;
    const start = view.getUint32(entry + 4);
    const stored = file.subarray(start, start + view.getUint32(entry + 8));
    const length = view.getUint32(entry + 12);
    bytes += length;
    if (bytes > MOST_BYTES || tables.has(tagAt(view, entry)))
      throw new RangeError("too much, or a table twice");
    const isStored = stored.byteLength === length;
    const data = isStored ? stored : inflateSync(stored, { maxOutputLength: length });
    if (data.byteLength !== length) throw new RangeError("a table of another length");
    tables.set(tagAt(view, entry), data);
  }
  return writeSfnt(view.getUint32(4), tables);
}

/** Google's own decoder, compiled to WebAssembly; loaded when a font needs it. */
async function unpackWoff2(file: Buffer): Promise<Buffer | null> {
  if (file.readUInt32BE(UNPACKED_SIZE_AT) > MOST_BYTES) return null;
  const { default: decompress } = await import("woff2-encoder/decompress");
  const font = Buffer.from(await decompress(file));
  return isSfnt(font) ? font : null;
}
