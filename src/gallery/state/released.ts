import type { SqlRow } from "../../io/sqlite/index.ts";
import { isRestricted } from "../labels/parse.ts";
import type { PhotoPicture, ReleasedPhoto } from "../releases/originals.ts";
import { decodeLabels, decodePicture, decodeRelease } from "./codec.ts";

/** Photos with a limited release: those in the gallery, and withdrawn photos whose files were removed. */
export function readReleased(photos: readonly SqlRow[], gone: readonly SqlRow[]): ReleasedPhoto[] {
  const present = photos.flatMap((row) => {
    const labels = decodeLabels(String(row.labels));
    const { release } = labels;
    return release === null || !isRestricted(labels) ? [] : [{ ...readPicture(row), release }];
  });
  const left = gone.flatMap((row) => {
    const release = decodeRelease(String(row.release));
    return release === null ? [] : [{ ...readPicture(row), release }];
  });
  return [...present, ...left];
}

export function readPicture(row: SqlRow): PhotoPicture {
  return { path: String(row.path), contentId: Number(row.content_id), picture: decodePicture(row.picture) };
}
