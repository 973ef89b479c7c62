import { brotliDecompressSync } from "node:zlib";
import { MOST_BYTES, writeSfnt } from "../sfnt.ts";
import { restoreOutlines } from "./glyf.ts";
import { restoreMetrics } from "./hmtx.ts";
import { createReader, type Reader } from "./reader.ts";

/** The tags that the directory writes as numbers (W3C WOFF 2.0, section 4.1). */
const KNOWN_TAGS = (
  "cmap head hhea hmtx maxp name OS/2 post cvt  fpgm glyf loca prep CFF  VORG EBDT EBLC gasp hdmx kern LTSH PCLT " +
  "VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL SVG  sbix acnt avar bdat bloc bsln cvar " +
  "fdsc feat fmtx fvar gvar hsty just lcar mort morx opbd prop trak Zapf Silf Glat Gloc Feat Sill"
).match(/.{4}(?: |$)/g);
const ANY_TAG = 63;

interface Entry {
  readonly tag: string;
  readonly isTransformed: boolean;
  /** In the decompressed stream. */
  readonly length: number;
}

/**
 * A font out of a WOFF 2.0 file, without hinting instructions; no collections.
 *
 * @throws RangeError, or zlib's error: the file is damaged
 */
export function unpackWoff2(file: Uint8Array): Buffer {
  const reader = createReader(file);
  reader.uint32();
  const flavour = reader.uint32();
  reader.uint32();
  const count = reader.uint16();
  reader.bytes(6);
  const compressed = reader.uint32();
  reader.bytes(24);
  const entries = Array.from({ length: count }, () => readEntry(reader));
  const stream = createReader(
    brotliDecompressSync(reader.bytes(compressed), { maxOutputLength: MOST_BYTES }),
  );
  const tables = new Map<string, Uint8Array>();
  const transformed = new Map<string, Uint8Array>();
  for (const { tag, isTransformed, length } of entries) {
    (isTransformed ? transformed : tables).set(tag, stream.bytes(length));
  }
  const glyf = transformed.get("glyf");
  const outlines = glyf && restoreOutlines(glyf);
  if (outlines) {
    tables.set("glyf", outlines.glyf);
    tables.set("loca", outlines.loca);
    tables.set("head", withLongOffsets(tables.get("head")));
  }
  const hmtx = transformed.get("hmtx");
  if (hmtx) tables.set("hmtx", restoreMetrics(hmtx, tables.get("hhea"), outlines?.lefts ?? []));
  return writeSfnt(flavour, tables);
}

function readEntry(reader: Reader): Entry {
  const flags = reader.uint8();
  const known = flags & 63;
  const tag =
    known === ANY_TAG
      ? Buffer.from(reader.bytes(4)).toString("latin1")
      : (KNOWN_TAGS?.[known]?.slice(0, 4) ?? "");
  const original = reader.base128();
  const version = flags >> 6;
  // For outlines version 0 is the transformation, for all others 0 is none.
  const isTransformed = tag === "glyf" || tag === "loca" ? version !== 3 : version !== 0;
  return { tag, isTransformed, length: isTransformed ? reader.base128() : original };
}

/** `indexToLocFormat`: `loca` has 32-bit offsets. */
function withLongOffsets(head: Uint8Array | undefined): Uint8Array {
  if (head === undefined) throw new RangeError("a font without head");
  const copy = Buffer.from(head);
  copy.writeInt16BE(1, 50);
  return copy;
}
