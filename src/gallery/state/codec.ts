import type { Face, Point } from "../../faces/index.ts";
import type { GalleryFace, PhotoLabels } from "../types.ts";
import type { SqlRow, SqlValue } from "./database.ts";

/** How faces and labels stand in the database: numbers that are many as blobs, the rest as JSON. */

export const NO_LABELS: PhotoLabels = { tags: [], release: null, focus: null, synthetic: false };

export function encodeFace(face: Face): { details: string; landmarks: Uint8Array; embedding: Uint8Array } {
  const { landmarks, embedding, ...details } = face;
  return {
    details: JSON.stringify(details),
    landmarks: floatBytes(Float32Array.from(landmarks.flat())),
    embedding: floatBytes(embedding),
  };
}

export function decodeFace(row: SqlRow): GalleryFace {
  const details = JSON.parse(String(row.details)) as Omit<GalleryFace, "landmarks">;
  const values = blobToFloats(row.landmarks);
  const landmarks = Array.from(
    { length: values.length / 2 },
    (_, i): Point => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0],
  );
  return { ...details, landmarks };
}

/** Equal labels have equal text: keys stand in one order, whatever the order in the object. */
export function encodeLabels({ tags, release, focus, synthetic }: PhotoLabels): {
  text: string;
  expires: number | null;
  territories: string;
} {
  const { id = "", expires = null, territories = [] } = release ?? {};
  return {
    text: JSON.stringify({ tags, release: release && { id, expires, territories }, focus, synthetic }),
    expires: expires?.getTime() ?? null,
    // Commas on both sides, so that one code can be found without meeting a part of another.
    territories: territories.length > 0 ? `,${territories.join(",")},` : "",
  };
}

export function decodeLabels(text: string): PhotoLabels {
  const { release, ...labels } = JSON.parse(text) as PhotoLabels;
  if (release === null) return { ...labels, release };
  const expires = release.expires === null ? null : new Date(release.expires);
  return { ...labels, release: { ...release, expires } };
}

function floatBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function blobToFloats(blob: SqlValue | undefined): Float32Array {
  return new Float32Array(blob as ArrayBuffer);
}
