import { readTable, slice } from "./sfnt.ts";

/** Which characters a font can draw: its `cmap` table. */

/** Whether a code point has a glyph. */
export type Charset = (codePoint: number) => boolean;

/**
 * Reads a font's charset; null where a bare font has no Unicode `cmap`
 * (OpenType 1.9, `cmap` formats 4 and 12, the two that Unicode fonts use).
 */
export function readCharset(font: Uint8Array): Charset | null {
  try {
    const cmap = readTable(font, "cmap");
    return cmap === null ? null : charsetOf(cmap);
  } catch {
    return null;
  }
}

function charsetOf(cmap: DataView): Charset | null {
  const subtables = new Map<number, DataView>();
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const platform = cmap.getUint16(4 + i * 8);
    if (platform !== 0 && platform !== 3) continue;
    const offset = cmap.getUint32(8 + i * 8);
    subtables.set(cmap.getUint16(offset), slice(cmap, offset, cmap.byteLength - offset));
  }
  const full = subtables.get(12);
  if (full) return segmentedCoverage(full);
  const basic = subtables.get(4);
  return basic ? segmentMapping(basic) : null;
}

/** Format 12: groups of (first, last, glyph of first), in ascending order. */
function segmentedCoverage(table: DataView): Charset {
  const groups = table.getUint32(12);
  return (codePoint) => {
    let from = 0;
    for (let to = groups; from < to; ) {
      const middle = Math.floor((from + to) / 2);
      const at = 16 + middle * 12;
      const first = table.getUint32(at);
      if (codePoint < first) to = middle;
      else if (codePoint > table.getUint32(at + 4)) from = middle + 1;
      else return table.getUint32(at + 8) + codePoint - first !== 0;
    }
    return false;
  };
}

/** Format 4: parallel arrays of segment ends, starts, deltas and offsets into the glyph array. */
function segmentMapping(table: DataView): Charset {
  const doubled = table.getUint16(6);
  const ends = 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const offsets = deltas + doubled;
  return (codePoint) => {
    if (codePoint > 0xffff) return false;
    for (let i = 0; i < doubled; i += 2) {
      if (codePoint > table.getUint16(ends + i)) continue;
      const start = table.getUint16(starts + i);
      if (codePoint < start) return false;
      const delta = table.getUint16(deltas + i);
      const offset = table.getUint16(offsets + i);
      if (offset === 0) return ((codePoint + delta) & 0xffff) !== 0;
      const glyph = table.getUint16(offsets + i + offset + (codePoint - start) * 2);
      return glyph !== 0 && ((glyph + delta) & 0xffff) !== 0;
    }
    return false;
  };
}
