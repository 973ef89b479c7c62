import type { Face, Point } from "../../faces/index.ts";
import type { PictureHash } from "../../io/image/index.ts";
import type { SqlRow, SqlValue } from "../../io/sqlite/index.ts";
import type { GalleryFace, PhotoLabels, PhotoRelease } from "../types.ts";
import { OPEN_TEMPLATE, type Template } from "../vectors/template.ts";

/** How faces and labels stand in the database: numbers that are many as blobs, the rest as JSON. */

export const NO_LABELS: PhotoLabels = { tags: [], release: null, focus: null, synthetic: false };

export function encodeFace(
  face: Face,
  template: Template = OPEN_TEMPLATE,
): { details: string; landmarks: Uint8Array; embedding: Uint8Array; features: Uint8Array | null } {
  const { landmarks, embedding, features, ...details } = face;
  return {
    details: JSON.stringify(details),
    landmarks: floatBytes(Float32Array.from(landmarks.flat())),
    embedding: floatBytes(template.protect(embedding)),
    features: features === undefined ? null : floatBytes(template.protect(features)),
  };
}

export function decodeFace(row: SqlRow): GalleryFace {
  const details = JSON.parse(String(row.details)) as Omit<GalleryFace, "landmarks">;
  const values = blobToFloats(row.landmarks);
  const landmarks = Array.from(
    { length: values.length / 2 },
    (_, i): Point => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0],
  );
  // Faces of older galleries have no attributes until their photos are described again.
  return { ...details, attributes: details.attributes ?? null, landmarks };
}

/** Equal labels have equal text: keys stand in one order, whatever the order in the object. */
export function encodeLabels({ tags, release, focus, synthetic, credit }: PhotoLabels): {
  text: string;
  releaseId: string | null;
  expires: number | null;
  /** 1 where the model took the release back. */
  withdrawn: 0 | 1;
  territories: string;
  media: string;
} {
  const { id = "", expires = null, territories = [], withdrawn = null, media = [] } = release ?? {};
  const later = { ...(withdrawn === null ? {} : { withdrawn }), ...(media.length === 0 ? {} : { media }) };
  const kept = release && { id, expires, territories, ...later };
  return {
    text: JSON.stringify({ tags, release: kept, focus, synthetic, credit }),
    releaseId: id === "" ? null : id,
    expires: expires?.getTime() ?? null,
    withdrawn: withdrawn === null ? 0 : 1,
    territories: joined(territories),
    media: joined(media),
  };
}

/** Commas on both sides, so that one code can be found without meeting a part of another. */
function joined(codes: readonly string[]): string {
  return codes.length > 0 ? `,${codes.join(",")},` : "";
}

export function decodeLabels(text: string): PhotoLabels {
  const { release, ...labels } = JSON.parse(text) as PhotoLabels;
  if (release === null) return { ...labels, release };
  const date = (value: Date | null) => (value === null ? null : new Date(value));
  const withdrawn = release.withdrawn == null ? {} : { withdrawn: date(release.withdrawn) };
  return { ...labels, release: { ...release, ...withdrawn, expires: date(release.expires) } };
}

export function decodeRelease(text: string): PhotoRelease | null {
  return decodeLabels(`{"release":${text}}`).release;
}

/** The blob of a picture's hash; null where it has none or it was not computed yet. */
export function decodePicture(blob: SqlValue | undefined): PictureHash | null {
  const bytes = blob instanceof ArrayBuffer ? new Uint8Array(blob) : null;
  return bytes === null || bytes.length === 0 ? null : bytes;
}

export function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function blobToFloats(blob: SqlValue | undefined): Float32Array {
  return new Float32Array(blob as ArrayBuffer);
}
