import type { LookalikeError } from "../../core/index.ts";
import type { PhotoFaces } from "../../faces/index.ts";
import type { PictureHash } from "../../io/image/index.ts";
import type { SqlRow } from "../../io/sqlite/index.ts";
import { pseudonym } from "../../trust/index.ts";
import type { Template } from "../vectors/template.ts";
import { encodeFace } from "./codec.ts";
import { bound, type Content, FACE_COLUMNS, plainValue, readContent } from "./contents.ts";
import type { Statements } from "./statements.ts";

/** What the gallery knows about the bytes of a photo, whatever its path: size, faces, or why it was rejected. */
export function createContents(sql: Statements, template: Template) {
  const pepper = () => new Uint8Array(sql.state.get()?.pepper as ArrayBuffer);
  const erasedHash = (hash: string) => pseudonym(pepper(), `photo:${hash}`);
  const touchFaces = () => void sql.touchFaces.run();

  const saveContent = (hash: string, values: readonly (string | number | null)[]): number => {
    sql.saveContent.run(hash, ...values);
    const id = Number(sql.findContent.get(hash)?.id);
    sql.deleteFaces.run(id);
    return id;
  };

  return {
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
  };
}
