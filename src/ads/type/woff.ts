import { inflateSync } from "node:zlib";
import { isSfnt, MOST_BYTES, tagAt, viewOf, writeSfnt } from "./sfnt.ts";

/** Fonts out of the files that the web sends them in: deflated (WOFF 1.0) or brotli-compressed (WOFF 2.0). */

const WOFF = 0x774f4646;
const WOFF2 = 0x774f4632;
/** `totalSfntSize` in the header of WOFF 2.0 (W3C WOFF 2.0, section 4). */
const UNPACKED_SIZE_AT = 16;

/** The font as a bare TrueType or OpenType file; null where the bytes are none, or damaged. */
export async function bareFont(file: Buffer): Promise<Buffer | null> {
  try {
    const flavour = file.byteLength < 4 ? 0 : file.readUInt32BE(0);
    if (flavour === WOFF) return unpackWoff(file);
    if (flavour === WOFF2) return await unpackWoff2(file);
    return isSfnt(file) ? file : null;
  } catch {
    return null;
  }
}

function unpackWoff(file: Buffer): Buffer {
  const view = viewOf(file);
  const tables = new Map<string, Uint8Array>();
  for (let i = 0; i < view.getUint16(12); i++) {
    const entry = 44 + i * 20;
    const start = view.getUint32(entry + 4);
    const stored = file.subarray(start, start + view.getUint32(entry + 8));
    const isStored = stored.byteLength === view.getUint32(entry + 12);
    tables.set(tagAt(view, entry), isStored ? stored : inflateSync(stored, { maxOutputLength: MOST_BYTES }));
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
