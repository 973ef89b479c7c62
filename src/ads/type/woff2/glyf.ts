import { createReader, type Reader } from "./reader.ts";

/** Outlines as TrueType stores them, out of WOFF 2.0's streams (W3C WOFF 2.0, section 5.1). */
export interface Outlines {
  readonly glyf: Buffer;
  readonly loca: Buffer;
  /** The left edge of each glyph, font units. */
  readonly lefts: readonly number[];
}

/** What glyphs are put together from, each read from front to back. */
interface Streams {
  readonly contours: Reader;
  readonly points: Reader;
  readonly flags: Reader;
  readonly coordinates: Reader;
  readonly composites: Reader;
  readonly boxes: Reader;
}

const COMPOSITE = -1;

/** @throws RangeError the streams end too early */
export function restoreOutlines(packed: Uint8Array): Outlines {
  const header = createReader(packed);
  header.bytes(4);
  const glyphs = header.uint16();
  header.uint16();
  const sizes = Array.from({ length: 7 }, () => header.uint32());
  const [contours, points, flags, coordinates, composites, boxData] = sizes.map((size) => header.bytes(size));
  const bitmapLength = ((glyphs + 31) >> 5) << 2;
  const boxes = createReader(boxData ?? new Uint8Array());
  const hasBox = boxes.bytes(bitmapLength);
  const open = (data: Uint8Array | undefined) => createReader(data ?? new Uint8Array());
  const streams: Streams = {
    contours: open(contours),
    points: open(points),
    flags: open(flags),
    coordinates: open(coordinates),
    composites: open(composites),
    boxes,
  };
  const parts: Buffer[] = [];
  const loca = Buffer.alloc(4 * (glyphs + 1));
  const lefts: number[] = [];
  let offset = 0;
  for (let glyph = 0; glyph < glyphs; glyph++) {
    const isBoxed = ((hasBox[glyph >> 3] ?? 0) & (0x80 >> (glyph & 7))) !== 0;
    const data = readGlyph(streams, isBoxed);
    parts.push(data);
    lefts.push(data.length === 0 ? 0 : data.readInt16BE(2));
    offset += data.length;
    loca.writeUInt32BE(offset, 4 * (glyph + 1));
  }
  return { glyf: Buffer.concat(parts), loca, lefts };
}

function readGlyph(streams: Streams, isBoxed: boolean): Buffer {
  const contours = streams.contours.int16();
  if (contours === 0) return Buffer.alloc(0);
  return padded(contours === COMPOSITE ? readComposite(streams) : readSimple(streams, contours, isBoxed));
}

/** Glyphs begin at multiples of four. */
function padded(glyph: Buffer): Buffer {
  return Buffer.concat([glyph, Buffer.alloc((4 - (glyph.length % 4)) % 4)]);
}

const WORDS = 0x0001;
const ONE_SCALE = 0x0008;
const MORE = 0x0020;
const TWO_SCALES = 0x0040;
const MATRIX = 0x0080;
const INSTRUCTIONS = 0x0100;

/** A glyph made of others; its box is always in the file. */
function readComposite({ composites, coordinates, boxes }: Streams): Buffer {
  const head = Buffer.alloc(10);
  head.writeInt16BE(COMPOSITE, 0);
  head.set(boxes.bytes(8), 2);
  const parts: Uint8Array[] = [head];
  let hasInstructions = false;
  for (let flags = MORE; flags & MORE; ) {
    flags = composites.uint16();
    hasInstructions ||= (flags & INSTRUCTIONS) !== 0;
    const scales = flags & ONE_SCALE ? 2 : flags & TWO_SCALES ? 4 : flags & MATRIX ? 8 : 0;
    const kept = Buffer.alloc(2);
    kept.writeUInt16BE(flags & ~INSTRUCTIONS, 0);
    parts.push(kept, composites.bytes(2 + (flags & WORDS ? 4 : 2) + scales));
  }
  if (hasInstructions) coordinates.short255();
  return Buffer.concat(parts);
}

const ON_CURVE = 1;

/** Written plainly: a flag and two 16-bit steps for each point. */
function readSimple(streams: Streams, contours: number, isBoxed: boolean): Buffer {
  const { points, flags, coordinates, boxes } = streams;
  const ends: number[] = [];
  for (let contour = 0, total = 0; contour < contours; contour++) {
    total += points.short255();
    ends.push(total - 1);
  }
  const count = (ends.at(-1) ?? -1) + 1;
  const glyph = Buffer.alloc(10 + 2 * contours + 2 + 5 * count);
  glyph.writeInt16BE(contours, 0);
  for (const [contour, end] of ends.entries()) glyph.writeUInt16BE(end, 10 + 2 * contour);
  const flagsAt = 12 + 2 * contours;
  let [x, y] = [0, 0];
  const xs: number[] = [];
  const ys: number[] = [];
  for (let point = 0; point < count; point++) {
    const flag = flags.uint8();
    const [dx, dy] = readStep(flag & 127, coordinates);
    glyph.writeUInt8(flag < 128 ? ON_CURVE : 0, flagsAt + point);
    glyph.writeInt16BE(dx, flagsAt + count + 2 * point);
    glyph.writeInt16BE(dy, flagsAt + 3 * count + 2 * point);
    x += dx;
    y += dy;
    xs.push(x);
    ys.push(y);
  }
  coordinates.short255();
  if (isBoxed) glyph.set(boxes.bytes(8), 2);
  else writeBox(glyph, xs, ys);
  return glyph;
}

function writeBox(glyph: Buffer, xs: readonly number[], ys: readonly number[]): void {
  const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), values[0] ?? 0);
  glyph.writeInt16BE(least(xs), 2);
  glyph.writeInt16BE(least(ys), 4);
  glyph.writeInt16BE(most(xs), 6);
  glyph.writeInt16BE(most(ys), 8);
}

/** The step from one point to the next, by the table of triplets (section 5.2). */
function readStep(code: number, bytes: Reader): [dx: number, dy: number] {
  const signed = (bit: number, value: number) => (bit & 1 ? value : -value);
  if (code < 10) return [0, signed(code, ((code & 14) << 7) + bytes.uint8())];
  if (code < 20) return [signed(code, (((code - 10) & 14) << 7) + bytes.uint8()), 0];
  if (code < 84) {
    const high = code - 20;
    const low = bytes.uint8();
    return [
      signed(code, 1 + (high & 0x30) + (low >> 4)),
      signed(code >> 1, 1 + ((high & 0x0c) << 2) + (low & 15)),
    ];
  }
  if (code < 120) {
    const high = code - 84;
    const dx = 1 + (Math.floor(high / 12) << 8) + bytes.uint8();
    return [signed(code, dx), signed(code >> 1, 1 + (((high % 12) >> 2) << 8) + bytes.uint8())];
  }
  if (code < 124) {
    const [first, middle, last] = [bytes.uint8(), bytes.uint8(), bytes.uint8()];
    return [signed(code, (first << 4) + (middle >> 4)), signed(code >> 1, ((middle & 15) << 8) + last)];
  }
  return [signed(code, bytes.uint16()), signed(code >> 1, bytes.uint16())];
}
