import { LookalikeError } from "../../core/index.ts";
import type { Face, Point } from "../../faces/index.ts";
import type { PictureHash } from "../../io/image/index.ts";
import type { SqlRow, SqlValue } from "../../io/sqlite/index.ts";
import type { GalleryFace, PhotoLabels, PhotoRelease } from "../types.ts";
import { OPEN_TEMPLATE, type Template } from "../vectors/template.ts";

/** Storage format of faces and labels: arrays of numbers as blobs, the rest as JSON. */

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
  const details = parseStored<Omit<GalleryFace, "landmarks">>(String(row.details), "a face", [
    "box",
    "score",
  ]);
  const values = blobToFloats(row.landmarks);
  const landmarks = Array.from(
    { length: values.length / 2 },
    (_, i): Point => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0],
  );
  // Faces of older galleries have no attributes until their photos are described again.
  return { ...details, attributes: details.attributes ?? null, landmarks };
}

/** Equal labels have equal text: keys are sorted. */
export function encodeLabels({ tags, release, focus, synthetic, credit, lead }: PhotoLabels): {
  text: string;
  releaseId: string | null;
  expires: number | null;
  /** 1 if the model withdrew the release. */
  withdrawn: 0 | 1;
  territories: string;
  media: string;
} {
  const { id = "", expires = null, territories = [], withdrawn = null, media = [] } = release ?? {};
  const later = { ...(withdrawn === null ? {} : { withdrawn }), ...(media.length === 0 ? {} : { media }) };
  const kept = release && { id, expires, territories, ...later };
  return {
    text: JSON.stringify({ tags, release: kept, focus, synthetic, credit, lead }),
    releaseId: id === "" ? null : id,
    expires: expires?.getTime() ?? null,
    withdrawn: withdrawn === null ? 0 : 1,
    territories: joined(territories),
    media: joined(media),
  };
}

/** Commas on both sides, so that a search for one code does not find a part of another. */
function joined(codes: readonly string[]): string {
  return codes.length > 0 ? `,${codes.join(",")},` : "";
}

export function decodeLabels(text: string): PhotoLabels {
  const { release, ...labels } = parseStored<PhotoLabels>(text, "a photo's labels", ["release"]);
  if (release === null) return { ...labels, release };
  if (typeof release !== "object" || !Array.isArray(release.territories))
    throw damaged("a photo's release", text);
  const date = (value: Date | null) => (value === null ? null : new Date(value));
  const withdrawn = release.withdrawn == null ? {} : { withdrawn: date(release.withdrawn) };
  return { ...labels, release: { ...release, ...withdrawn, expires: date(release.expires) } };
}

export function decodeRelease(text: string): PhotoRelease | null {
  return decodeLabels(`{"release":${text}}`).release;
}

/** A picture's hash from its blob; null if it has none or it was not computed yet. */
export function decodePicture(blob: SqlValue | undefined): PictureHash | null {
  const bytes = blob instanceof ArrayBuffer ? new Uint8Array(blob) : null;
  return bytes === null || bytes.length === 0 ? null : bytes;
}

export function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** @param length expected number of floats; default: any @throws ERR_GALLERY_CORRUPT */
export function blobToFloats(blob: SqlValue | undefined, length?: number): Float32Array {
  if (!(blob instanceof ArrayBuffer) || blob.byteLength % 4 !== 0) throw damaged("numbers", blob);
  const values = new Float32Array(blob);
  if (length !== undefined && values.length !== length) throw damaged(`${length} numbers`, values.length);
  return values;
}

/** JSON that this version or an older one wrote. @throws ERR_GALLERY_CORRUPT it is damaged */
function parseStored<T extends object>(text: string, what: string, keys: readonly (keyof T)[]): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(what, text, cause);
  }
  const isWhole = typeof value === "object" && value !== null && keys.every((key) => key in value);
  if (!isWhole) throw damaged(what, text);
  return value as T;
}

export function damaged(what: string, received: unknown, cause?: unknown): LookalikeError {
  const shown = String(received).slice(0, 40);
  return new LookalikeError("ERR_GALLERY_CORRUPT", `Expected ${what} in the gallery but received ${shown}`, {
    hint: "Restore it from a copy, or delete the gallery's folder and index the photos again.",
    cause,
  });
}
