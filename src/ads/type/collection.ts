/** Font collections (TTC and OTC, OpenType 1.9, "Font Collections"): several faces in one file that share tables. */

import { MOST_BYTES, MOST_TABLES } from "./sfnt.ts";

const COLLECTION = 0x74746366;
const HEADER = 12;
const ENTRY = 16;

/** Number of faces in a file; null: not a collection. */
export function countFaces(font: Uint8Array): number | null {
  if (font.byteLength < HEADER) return null;
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  return view.getUint32(0) === COLLECTION ? view.getUint32(8) : null;
}

/**
 * One face as a font file of its own: its directory, and the tables that it names.
 *
 * @param face from 0, below `countFaces`
 * @throws RangeError the file ends before its tables do, or the face has more than a font may have
 */
export function extractFace(collection: Uint8Array, face: number): Buffer {
  const view = new DataView(collection.buffer, collection.byteOffset, collection.byteLength);
  const directory = view.getUint32(HEADER + face * 4);
  const tables = view.getUint16(directory + 4);
  if (tables > MOST_TABLES) throw new RangeError(`${tables} tables`);
  const head = Buffer.alloc(HEADER + tables * ENTRY);
  head.set(collection.subarray(directory, directory + head.length));
  const parts: Uint8Array[] = [head];
  let offset = head.length;
  for (let i = 0; i < tables; i++) {
    const entry = HEADER + i * ENTRY;
    const start = head.readUInt32BE(entry + 8);
    const length = head.readUInt32BE(entry + 12);
    if (offset + length > MOST_BYTES) throw new RangeError("more than a font has");
    if (start + length > collection.byteLength) throw new RangeError("a table ends behind the file");
    head.writeUInt32BE(offset, entry + 8);
    // Tables begin at multiples of four.
    const padding = (4 - (length % 4)) % 4;
    parts.push(collection.subarray(start, start + length), new Uint8Array(padding));
    offset += length + padding;
  }
  return Buffer.concat(parts);
}
