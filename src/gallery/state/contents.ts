import { type ErrorCode, LookalikeError } from "../../core/index.ts";
import type { SqlRow } from "../../io/sqlite/index.ts";

/** The stored outcome of a file's content: described, or rejected by a reader. */
export interface Content {
  readonly id: number;
  readonly refusal: { readonly error: LookalikeError; readonly by: string } | null;
  /** Version of the estimators of its faces' attributes; null: it has no attributes. */
  readonly attributesId: string | null;
  /** Parts and version of its faces' features; null: it has no features. */
  readonly featuresId: string | null;
}

/** Columns of a face except for its ids. */
export const FACE_COLUMNS = [
  "position",
  "details",
  "landmarks",
  "embedding",
  "age",
  "smiling",
  "hair",
  "features",
];

/** The driver returns blobs as ArrayBuffer but accepts only Uint8Array. */
export function bound(value: SqlRow[string] | undefined): SqlRow[string] {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value ?? null);
}

export function plainValue(value: SqlRow[string] | undefined): string | number | null {
  return typeof value === "string" || typeof value === "number" ? value : null;
}

export function readContent(row: SqlRow): Content {
  const { id, refusal_code: code } = row;
  const attributesId = typeof row.attributes === "string" ? row.attributes : null;
  const featuresId = typeof row.features === "string" ? row.features : null;
  const by = { attributesId, featuresId };
  if (code === null || code === undefined) return { id: Number(id), refusal: null, ...by };
  const error = new LookalikeError(code as ErrorCode, String(row.refusal_message), {
    hint: String(row.refusal_hint ?? ""),
  });
  return { id: Number(id), refusal: { error, by: String(row.refused_by) }, ...by };
}
