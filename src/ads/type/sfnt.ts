/** Font files as TrueType and OpenType lay them out (OpenType 1.9, "Organization of an OpenType Font"). */

const FLAVOURS = new Set([0x00010000, 0x4f54544f, 0x74727565]);
const HEADER = 12;
const ENTRY = 16;
/** All tables of a font together: the largest fonts have some 20 MB, and more is an attack. */
export const MOST_BYTES = 64_000_000;
/** The specification defines about 60 tables. */
export const MOST_TABLES = 128;

/** A font's tables by tag. */
export type Tables = ReadonlyMap<string, Uint8Array>;

export function isSfnt(font: Uint8Array): boolean {
  return font.byteLength >= HEADER && FLAVOURS.has(viewOf(font).getUint32(0));
}

/**
 * Whether every table of a font lies inside its file, each once, and it has outlines. What reads fonts later trusts
 * that: letters of a file that was cut short would come out empty.
 */
export function isWholeFont(font: Uint8Array): boolean {
  const view = viewOf(font);
  const count = view.getUint16(4);
  if (count === 0 || count > MOST_TABLES || HEADER + count * ENTRY > font.byteLength) return false;
  const tags = new Set<string>();
  for (let i = 0; i < count; i++) {
    const entry = HEADER + i * ENTRY;
    tags.add(tagAt(view, entry));
    if (view.getUint32(entry + 8) + view.getUint32(entry + 12) > font.byteLength) return false;
  }
  const hasOutlines = (tags.has("glyf") && tags.has("loca")) || tags.has("CFF ") || tags.has("CFF2");
  return tags.size === count && hasOutlines && ["cmap", "head", "maxp"].every((tag) => tags.has(tag));
}

/** @returns null where the font has no such table */
export function readTable(font: Uint8Array, wanted: string): DataView | null {
  const view = viewOf(font);
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = HEADER + i * ENTRY;
    if (tagAt(view, entry) === wanted) {
      return slice(view, view.getUint32(entry + 8), view.getUint32(entry + 12));
    }
  }
  return null;
}

/** A font file of these tables. Checksums are 0: the reader here does not check them. */
export function writeSfnt(flavour: number, tables: Tables): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = Buffer.alloc(HEADER + sorted.length * ENTRY);
  head.writeUInt32BE(flavour, 0);
  head.writeUInt16BE(sorted.length, 4);
  const parts: Uint8Array[] = [head];
  let offset = head.length;
  for (const [index, [tag, data]] of sorted.entries()) {
    const entry = HEADER + index * ENTRY;
    head.write(tag, entry, "latin1");
    head.writeUInt32BE(offset, entry + 8);
    head.writeUInt32BE(data.byteLength, entry + 12);
    // Tables begin at multiples of four.
    const padding = (4 - (data.byteLength % 4)) % 4;
    parts.push(data, new Uint8Array(padding));
    offset += data.byteLength + padding;
  }
  return Buffer.concat(parts);
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function slice(view: DataView, offset: number, length: number): DataView {
  return new DataView(view.buffer, view.byteOffset + offset, length);
}

export function tagAt(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}
