import { createHash } from "node:crypto";

/**
 * IPTC's older Information Interchange Model (IIM 4.2) for JPEG files: what picture archives and desks read that do not
 * read XMP. It says by-line, credit and caption, which are XMP's `dc:creator`, `photoshop:Credit` and alternative text.
 */
export interface IimFields {
  /** What the picture shows. */
  readonly caption: string;
  /** Who is to be named with the photo; null: unknown. */
  readonly credit: string | null;
}

/** Lengths in bytes that IIM allows. */
const CREDIT_BYTES = 32;
const CAPTION_BYTES = 2000;

const MARKER = 0x1c;
const BY_LINE = 80;
const CREDIT = 110;
const CAPTION = 120;
const SIGNATURE = Buffer.from("Photoshop 3.0\0", "latin1");
/** Photoshop's image resources: the IIM data, and a digest by which readers see that XMP was written along with it. */
const IIM_RESOURCE = 0x0404;
const DIGEST_RESOURCE = 0x0425;

/** The JPEG with the fields in an APP13 segment behind its other application segments. */
export function withIim(jpeg: Buffer, fields: IimFields): Buffer {
  const iim = Buffer.concat([
    // The text is UTF-8: the escape sequence that ISO 2022 has for it.
    dataset(1, 90, Buffer.from([0x1b, 0x25, 0x47])),
    dataset(2, 0, Buffer.from([0, 4])),
    ...(fields.credit === null
      ? []
      : [
          dataset(2, BY_LINE, cut(fields.credit, CREDIT_BYTES)),
          dataset(2, CREDIT, cut(fields.credit, CREDIT_BYTES)),
        ]),
    dataset(2, CAPTION, cut(fields.caption, CAPTION_BYTES)),
  ]);
  const digest = createHash("md5").update(iim).digest();
  const payload = Buffer.concat([SIGNATURE, resource(IIM_RESOURCE, iim), resource(DIGEST_RESOURCE, digest)]);
  const head = Buffer.from([0xff, 0xed, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  const at = endOfApplicationSegments(jpeg);
  return Buffer.concat([jpeg.subarray(0, at), head, payload, jpeg.subarray(at)]);
}

/** Reads what `withIim` wrote; null where the file carries no IIM data, or is no JPEG. */
export function readIim(jpeg: Buffer): IimFields | null {
  for (const { marker, data } of segments(jpeg)) {
    if (marker !== 0xed || !data.subarray(0, SIGNATURE.length).equals(SIGNATURE)) continue;
    const iim = findResource(data.subarray(SIGNATURE.length));
    if (iim === null) continue;
    const fields = datasets(iim);
    return { caption: fields.get(CAPTION) ?? "", credit: fields.get(CREDIT) ?? null };
  }
  return null;
}

function dataset(record: number, number: number, value: Buffer): Buffer {
  const head = Buffer.from([MARKER, record, number, 0, 0]);
  head.writeUInt16BE(value.length, 3);
  return Buffer.concat([head, value]);
}

function resource(id: number, data: Buffer): Buffer {
  // Type, id, an empty name padded to two bytes, length; the data is padded to an even length.
  const head = Buffer.from("8BIM\0\0\0\0\0\0\0\0", "latin1");
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** As many whole characters as the bytes hold. */
function cut(text: string, bytes: number): Buffer {
  let kept = "";
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return Buffer.from(kept);
}

function* segments(jpeg: Buffer): Generator<{ marker: number; data: Buffer; end: number }> {
  if (jpeg.length < 4 || jpeg.readUInt16BE(0) !== 0xffd8) return;
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    yield { marker: jpeg[at + 1] ?? 0, data: jpeg.subarray(at + 4, end), end };
    at = end;
  }
}

function endOfApplicationSegments(jpeg: Buffer): number {
  let at = 2;
  for (const { marker, end } of segments(jpeg)) {
    if (marker < 0xe0 || marker > 0xef) break;
    at = end;
  }
  return at;
}

function findResource(resources: Buffer): Buffer | null {
  let at = 0;
  while (at + 12 <= resources.length && resources.toString("latin1", at, at + 4) === "8BIM") {
    const name = 1 + (resources[at + 6] ?? 0);
    const start = at + 6 + name + (name % 2);
    const length = resources.readUInt32BE(start);
    if (resources.readUInt16BE(at + 4) === IIM_RESOURCE) {
      return resources.subarray(start + 4, start + 4 + length);
    }
    at = start + 4 + length + (length % 2);
  }
  return null;
}

/** Texts of record 2 by their number. */
function datasets(iim: Buffer): Map<number, string> {
  const found = new Map<number, string>();
  let at = 0;
  while (at + 5 <= iim.length && iim[at] === MARKER) {
    const length = iim.readUInt16BE(at + 3);
    if (iim[at + 1] === 2) found.set(iim[at + 2] ?? 0, iim.toString("utf8", at + 5, at + 5 + length));
    at += 5 + length;
  }
  return found;
}
