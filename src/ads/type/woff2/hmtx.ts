import { viewOf } from "../sfnt.ts";
import { createReader } from "./reader.ts";

/** Left side bearings that equal the outline's left edge are left out of the file (W3C WOFF 2.0, section 5.4). */

const NUMBER_OF_METRICS_AT = 34;

/** @param lefts the left edge of each glyph, font units */
export function restoreMetrics(
  packed: Uint8Array,
  hhea: Uint8Array | undefined,
  lefts: readonly number[],
): Buffer {
  if (hhea === undefined) throw new RangeError("a font without hhea");
  const metrics = viewOf(hhea).getUint16(NUMBER_OF_METRICS_AT);
  const reader = createReader(packed);
  const flags = reader.uint8();
  const advances = Array.from({ length: metrics }, () => reader.uint16());
  const bearings = lefts.map((left, glyph) => {
    const isLeftOut = (glyph < metrics ? flags & 1 : flags & 2) !== 0;
    return isLeftOut ? left : reader.int16();
  });
  const table = Buffer.alloc(4 * metrics + 2 * Math.max(0, lefts.length - metrics));
  let at = 0;
  for (const [glyph, bearing] of bearings.entries()) {
    if (glyph < metrics) at = table.writeUInt16BE(advances[glyph] ?? 0, at);
    at = table.writeInt16BE(bearing, at);
  }
  return table;
}
