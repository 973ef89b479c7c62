import type { Original, ReleasedPhoto } from "../releases/originals.ts";
import type { PhotoLabels } from "../types.ts";
import { encodeLabels, NO_LABELS } from "./codec.ts";
import { readPicture, readReleased } from "./released.ts";
import type { Statements } from "./statements.ts";

/** The paths of photos, with their labels and releases. */
export function createPhotoRows(sql: Statements) {
  const touchFaces = () => void sql.touchFaces.run();

  const relabel = (path: string, labels: PhotoLabels): void => {
    const { text, expires, territories, releaseId, withdrawn, media } = encodeLabels(labels);
    const id = Number(sql.setLabels.get(text, expires, territories, releaseId, withdrawn, media, path)?.id);
    sql.clearTags.run(id);
    for (const tag of new Set(labels.tags)) sql.addTag.run(tag, id);
    sql.labelledAgain.run(path);
    sql.touch.run();
  };

  return {
    /** Sets the content of a path; with `labels` null, a known photo keeps its labels. */
    attach(photo: {
      path: string;
      contentId: number;
      fingerprint: string;
      labels: PhotoLabels | null;
    }): void {
      sql.attach.run(photo.path, photo.contentId, photo.fingerprint, encodeLabels(NO_LABELS).text);
      if (photo.labels !== null) relabel(photo.path, photo.labels);
      touchFaces();
    },

    /** Changes the path of a photo, which keeps its data. */
    move(from: string, to: string, fingerprint: string): void {
      sql.move.run(to, fingerprint, from);
      touchFaces();
    },

    setFingerprint: (path: string, fingerprint: string) => void sql.setFingerprint.run(fingerprint, path),

    /** Replaces the labels of a photo in the gallery. */
    relabel,

    /** Removes a path; `dropOrphans` deletes its content. Of a withdrawn photo, data to recognise copies stays. */
    removePhoto(path: string): boolean {
      sql.noteGone.run(path);
      const removed = sql.removePhoto.run(path).changes > 0;
      if (removed) touchFaces();
      return removed;
    },

    /** Photos with a limited release, and withdrawn photos whose files were removed. */
    released: (): ReleasedPhoto[] => readReleased(sql.released.all(), sql.gone.all()),

    /** Photos without a release of their own, with the release that they inherit at present. */
    unreleased: () =>
      sql.unreleased.all().map((row) => ({
        ...readPicture(row),
        copyOf: typeof row.copy_of === "string" ? row.copy_of : null,
        inherited: typeof row.inherited === "string" ? row.inherited : null,
      })),

    /** Marks a photo without a release as a copy of another photo; null: it is not a copy. */
    inherit(path: string, original: Original | null): void {
      const columns = encodeLabels({ ...NO_LABELS, release: original?.release ?? null });
      const { expires, territories, withdrawn, media } = columns;
      sql.inherit.run(
        original?.of ?? null,
        original?.text ?? null,
        expires,
        territories,
        withdrawn,
        media,
        path,
      );
      sql.touch.run();
    },
  };
}
