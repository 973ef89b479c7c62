import type { LookalikeError } from "../../core/index.ts";
import { areCurrent, type EmbedderInfo, type PhotoFaces } from "../../faces/index.ts";
import type { PictureHash } from "../../io/image/index.ts";
import type { Database, SqlRow } from "../../io/sqlite/index.ts";
import { pseudonym } from "../../trust/index.ts";
import type { Original, ReleasedPhoto } from "../releases/originals.ts";
import { uprightTurn } from "../tilt.ts";
import type { PhotoLabels, StoredFeatures } from "../types.ts";
import type { TiltedPhoto } from "../types-index.ts";
import { OPEN_TEMPLATE, type Template } from "../vectors/template.ts";
import type { VectorSet } from "../vectors/types.ts";
import { blobToFloats, damaged, encodeFace, encodeLabels, NO_LABELS } from "./codec.ts";
import { bound, type Content, FACE_COLUMNS, plainValue, readContent } from "./contents.ts";
import { readSet } from "./read-set.ts";
import { readPicture, readReleased } from "./released.ts";
import { prepareStatements } from "./statements.ts";

export interface GalleryState {
  readonly embedder: EmbedderInfo | null;
  /** Changes whenever the faces that can match may change. */
  readonly facesGeneration: number;
  /** Changes with every write. */
  readonly changes: number;
}

export type Store = ReturnType<typeof createStore>;

/** Writes of the gallery, and the reads they need. The caller runs them in a transaction, so that a photo is one commit. */
export function createStore(database: Database, template: Template = OPEN_TEMPLATE) {
  const sql = prepareStatements(database);
  const pepper = () => new Uint8Array(sql.state.get()?.pepper as ArrayBuffer);
  const erasedHash = (hash: string) => pseudonym(pepper(), `photo:${hash}`);
  const touchFaces = () => void sql.touchFaces.run();

  const relabel = (path: string, labels: PhotoLabels): void => {
    const { text, expires, territories, releaseId, withdrawn, media } = encodeLabels(labels);
    const id = Number(sql.setLabels.get(text, expires, territories, releaseId, withdrawn, media, path)?.id);
    sql.clearTags.run(id);
    for (const tag of new Set(labels.tags)) sql.addTag.run(tag, id);
    sql.labelledAgain.run(path);
    sql.touch.run();
  };

  const saveContent = (hash: string, values: readonly (string | number | null)[]): number => {
    sql.saveContent.run(hash, ...values);
    const id = Number(sql.findContent.get(hash)?.id);
    sql.deleteFaces.run(id);
    return id;
  };

  return {
    state(): GalleryState {
      const row = sql.state.get();
      if (row === undefined) throw damaged("one row of state", "none");
      const { embedder, dimensions } = row;
      return {
        embedder: typeof embedder === "string" ? { id: embedder, dimensions: Number(dimensions) } : null,
        facesGeneration: Number(row.faces_generation),
        changes: Number(row.changes),
      };
    },

    setEmbedder: (embedder: EmbedderInfo | null) =>
      void sql.setEmbedder.run(embedder?.id ?? null, embedder?.dimensions ?? null),

    findContent(hash: string): Content | null {
      const row = sql.findContent.get(hash);
      return row === undefined ? null : readContent(row);
    },

    saveDescribed(hash: string, photo: PhotoFaces, by: Pick<Content, "attributesId" | "featuresId">): number {
      const { attributesId, featuresId } = by;
      const size = [photo.width, photo.height];
      const id = saveContent(hash, [...size, null, null, null, null, attributesId, featuresId]);
      photo.faces.forEach((face, position) => {
        const { details, landmarks, embedding, features } = encodeFace(face, template);
        const { age = null, smiling = null, hair = null } = face.attributes ?? {};
        sql.addFace.run(id, position, details, landmarks, embedding, age, smiling, hair, features);
      });
      touchFaces();
      return id;
    },

    /** Adds a content of another gallery of the same key, with its faces in their stored form. */
    copyContent(content: SqlRow, faces: readonly SqlRow[]): void {
      const names = ["width", "height", "refusal_code", "refusal_message", "refusal_hint", "refused_by"];
      const values = [...names, "attributes", "features"].map((name) => plainValue(content[name]));
      const id = saveContent(String(content.hash), values);
      for (const face of faces) sql.addFace.run(id, ...FACE_COLUMNS.map((name) => bound(face[name])));
      if (content.picture != null) sql.savePicture.run(bound(content.picture), id);
      touchFaces();
    },

    saveRefused(hash: string, error: LookalikeError, by: string): number {
      return saveContent(hash, [null, null, error.code, error.message, error.hint, by, null, null]);
    },

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

    /** Blocks a content and removes every path with it. @returns the paths */
    erase(hash: string): string[] {
      sql.noteErased.run(erasedHash(hash));
      const paths = sql.pathsOfHash.all(hash).map(({ path }) => String(path));
      for (const path of paths) sql.removePhoto.run(path);
      sql.erasedGone.run(hash);
      touchFaces();
      return paths;
    },

    isErased: (hash: string): boolean => sql.isErased.get(erasedHash(hash)) !== undefined,

    /** Contents by a photo's path, or by the release of any of their photos. */
    hashesOf: (which: { readonly photo: string } | { readonly release: string }): string[] => {
      const rows =
        "photo" in which ? sql.hashOfPath.all(which.photo) : sql.hashesOfRelease.all(which.release);
      return rows.map(({ hash }) => String(hash));
    },

    hasOrphans: (): boolean => sql.anyOrphan.get() !== undefined,

    /** Deletes at most `limit` contents without a photo. @returns their number */
    dropOrphans(limit: number): number {
      const dropped = sql.dropOrphans.run(limit).changes;
      if (dropped > 0) touchFaces();
      return dropped;
    },

    /** Contents without a picture hash, each with a path. Rejected photos need none: they never match. */
    unhashed: (): { readonly id: number; readonly path: string }[] =>
      sql.unhashed.all().map(({ id, path }) => ({ id: Number(id), path: String(path) })),

    savePicture: (contentId: number, picture: PictureHash | null) =>
      void sql.savePicture.run(picture ?? new Uint8Array(), contentId),

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

    /** Distinct faces of all photos. */
    countFaces: (): number => Number(sql.countFaces.get()?.n),

    tilted: (degrees: number): TiltedPhoto[] =>
      sql.tilted.all(degrees).map(({ path, rolls: text }) => {
        const rolls = (JSON.parse(String(text)) as unknown[]).map(Number);
        return { photo: String(path), rollDegrees: rolls[0] ?? 0, turn: uprightTurn(rolls, 0) };
      }),

    hasFaces: (): boolean => sql.anyFace.get() !== undefined,

    /** The ids of the features of the faces that can match; null for faces without features of this version. */
    featuresIds: (): (string | null)[] =>
      sql.featuresIds.all().map(({ features }) => (isCurrent(features) ? features : null)),

    /** Features of the most prominent face of a content; null if it has none of this version. */
    featuresOf(hash: string): StoredFeatures | null {
      const row = sql.featuresOf.get(hash);
      if (row === undefined || !isCurrent(row.id) || row.stored === null) return null;
      return { id: row.id, values: template.restore(blobToFloats(row.stored)) };
    },

    /** One face's embedding in its stored, protected form; null if the face is gone. */
    embeddingOf(faceId: number): Float32Array | null {
      const row = sql.embeddingOf.get(faceId);
      return row === undefined ? null : blobToFloats(row.embedding);
    },

    /** All embeddings in their stored, protected form. */
    readVectors: (dimensions: number): VectorSet =>
      readSet(database, { column: "embedding", dimensions, toVector: (stored) => stored }),

    /** All features, converted to the vectors of a metric and protected like the embeddings. */
    readFeatures(dimensions: number, toVector: (features: Float32Array) => Float32Array): VectorSet {
      const protect = (stored: Float32Array) => template.protect(toVector(template.restore(stored)));
      return readSet(database, { column: "features", dimensions, toVector: protect });
    },
  };
}

function isCurrent(featuresId: unknown): featuresId is string {
  return typeof featuresId === "string" && areCurrent(featuresId);
}
