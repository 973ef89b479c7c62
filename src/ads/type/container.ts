import { brotliDecompressSync, inflateSync } from "node:zlib";

/** One table out of a font file: bare (TrueType, OpenType), deflated (WOFF) or brotli-compressed (WOFF2). */

const BARE = new Set([0x00010000, 0x4f54544f, 0x74727565]);
const WOFF = 0x774f4646;
const WOFF2 = 0x774f4632;
/** Fonts inflate to some megabytes; more is an attack. */
const MOST_BYTES = 200_000_000;

/** @returns null where the bytes are no font, or one without that table */
export function readTable(font: Uint8Array, wanted: string): DataView | null {
  const view = viewOf(font);
  const flavour = view.getUint32(0);
  if (flavour === WOFF2) return woff2Table(font, wanted);
  if (flavour === WOFF) return woffTable(view, wanted);
  return BARE.has(flavour) ? bareTable(view, wanted) : null;
}

export function slice(view: DataView, offset: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + offset, length);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function tagAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function bareTable(font: DataView, wanted: string): DataView | null {
  for (let i = 0; i < font.getUint16(4); i++) {
    const entry = 12 + i * 16;
    if (tagAt(font, entry) === wanted) {
      return slice(font, font.getUint32(entry + 8), font.getUint32(entry + 12));
    }
  }
  return null;
}

function woffTable(font: DataView, wanted: string): DataView | null {
  for (let i = 0; i < font.getUint16(12); i++) {
    const entry = 44 + i * 20;
    if (tagAt(font, entry) !== wanted) continue;
    const stored = slice(font, font.getUint32(entry + 4), font.getUint32(entry + 8));
    const inflated = font.getUint32(entry + 12);
    if (stored.byteLength === inflated) return stored;
    return viewOf(inflateSync(bytesOf(stored), { maxOutputLength: MOST_BYTES }));
  }
  return null;
}

/**
 * The tags that WOFF2's directory writes as numbers (W3C WOFF 2.0, section 4.1). `glyf`, `loca` and `hmtx` may be
 * stored transformed, which changes their length and so the place of the tables behind them.
 */
const KNOWN_TAGS = (
  "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT " +
  "VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar " +
  "fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
).match(/.{4}(?: |$)/g);
const ANY_TAG = 63;

function woff2Table(font: Uint8Array, wanted: string): DataView | null {
  const view = viewOf(font);
  const cursor = { at: 48 };
  let offset = 0;
  let found: { offset: number; length: number } | null = null;
  for (let i = 0; i < view.getUint16(12); i++) {
    const flags = view.getUint8(cursor.at++);
    const known = flags & 63;
    const tag = known === ANY_TAG ? tagAt(view, cursor.at) : KNOWN_TAGS?.[known]?.slice(0, 4);
    if (known === ANY_TAG) cursor.at += 4;
    const original = readBase128(view, cursor);
    const version = flags >> 6;
    const isOutline = tag === "glyf" || tag === "loca";
    const transformed = isOutline ? version !== 3 : version !== 0;
    const length = transformed ? readBase128(view, cursor) : original;
    if (tag === wanted) found = { offset, length };
    offset += length;
  }
  if (!found) return null;
  const stream = font.subarray(cursor.at, cursor.at + view.getUint32(20));
  const tables = brotliDecompressSync(stream, { maxOutputLength: MOST_BYTES });
  return slice(viewOf(tables), found.offset, found.length);
}

/** WOFF2's UIntBase128: seven bits a byte, the highest bit says that more follow. */
function readBase128(view: DataView, cursor: { at: number }): number {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = view.getUint8(cursor.at++);
    value = value * 128 + (byte & 127);
    if (byte < 128) return value;
  }
  throw new RangeError("a number of more than five bytes");
}
