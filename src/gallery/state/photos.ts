import { isCopy, type PictureHash } from "../../io/image/index.ts";
import type { Database, SqlRow } from "../../io/sqlite/index.ts";
import { canonicalPath } from "../labels/names.ts";
import type { PhotoFilter } from "../matching/filter.ts";
import type { GalleryPhoto, PhotoRelease } from "../types.ts";
import { decodeFace, decodeLabels, decodePicture, decodeRelease } from "./codec.ts";

/** Photos read at a time when all are streamed. */
const PAGE = 200;

/** Reads of the gallery. Rejected photos are not returned; only `releasesOf` includes them. */
export interface Photos {
  find(path: string): GalleryPhoto | null;
  /** The path of the only photo that is spelled like this one; the given path if there is none, or several. */
  spelling(path: string): string;
  findFace(faceId: number): { readonly contentId: number; readonly position: number } | null;
  /** The paths, sorted, of the photos that show a content and pass a filter. */
  pathsOf(contentId: number, filter: PhotoFilter): readonly string[];
  /** The release of a path; if it has none, those of all photos with that content, or of which it is a copy. */
  releasesOf(path: string, hash: string, picture: PictureHash | null): readonly PhotoRelease[];
  /** A page of photos after a path, by path. */
  after(path: string): readonly GalleryPhoto[];
}

/** Null if a photo has a release of its own, or is not a copy. */
function inheritedOf({ copy_of, inherited }: SqlRow): Pick<GalleryPhoto, "release" | "copyOf"> | null {
  if (typeof copy_of !== "string" || typeof inherited !== "string") return null;
  return { release: decodeRelease(inherited), copyOf: copy_of };
}

export function createPhotos(database: Database): Photos {
  const select = `
    SELECT p.path, p.labels, p.copy_of, p.inherited, c.id AS content_id, c.hash, c.width, c.height, c.picture
    FROM photos p JOIN contents c ON c.id = p.content_id WHERE c.refusal_code IS NULL`;
  const byPath = database.prepare(`${select} AND p.path = ?`);
  const page = database.prepare(`${select} AND p.path > ? ORDER BY p.path LIMIT ${PAGE}`);
  const faces = database.prepare(
    "SELECT details, landmarks FROM faces WHERE content_id = ? ORDER BY position",
  );
  const labels = database.prepare(
    "SELECT p.path, p.labels FROM photos p JOIN contents c ON c.id = p.content_id WHERE p.path = ? OR c.hash = ?",
  );
  const released = database.prepare(`
    SELECT p.labels, c.picture FROM photos p JOIN contents c ON c.id = p.content_id
    WHERE json_extract(p.labels, '$.release') IS NOT NULL AND length(c.picture) > 0`);
  const paths = database.prepare("SELECT path FROM photos");
  const gone = database.prepare("SELECT hash, picture, release FROM gone");
  const face = database.prepare("SELECT content_id, position FROM faces WHERE id = ?");

  const read = (row: SqlRow): GalleryPhoto => ({
    path: String(row.path),
    hash: String(row.hash),
    width: Number(row.width),
    height: Number(row.height),
    ...decodeLabels(String(row.labels)),
    ...inheritedOf(row),
    picture: decodePicture(row.picture),
    faces: faces.all(Number(row.content_id)).map(decodeFace),
  });

  return {
    find(path) {
      const row = byPath.get(path);
      return row === undefined ? null : read(row);
    },
    spelling(path) {
      const known = paths.all().map((row) => String(row.path));
      const wanted = canonicalPath(path);
      const same = known.filter((other) => canonicalPath(other) === wanted);
      const isOther = same.length === 1 && !known.includes(path);
      return (isOther ? same[0] : undefined) ?? path;
    },
    findFace(faceId) {
      const row = face.get(faceId);
      return row === undefined ? null : { contentId: Number(row.content_id), position: Number(row.position) };
    },
    pathsOf(contentId, filter) {
      const sql = `SELECT path FROM photos p WHERE content_id = ? AND ${filter.condition} ORDER BY path`;
      return database
        .prepare(sql)
        .all(contentId, ...filter.values)
        .map((row) => String(row.path));
    },
    releasesOf(path, hash, picture) {
      const known = labels.all(path, hash).flatMap((row) => {
        const { release } = decodeLabels(String(row.labels));
        return release === null ? [] : [{ path: String(row.path), release }];
      });
      const own = known.filter((photo) => photo.path === path);
      const found = (own.length > 0 ? own : known).map(({ release }) => release);
      if (found.length > 0) return found;
      const left = gone.all().flatMap((row) => {
        const other = decodePicture(row.picture);
        const isSame = row.hash === hash || (picture !== null && other !== null && isCopy(picture, other));
        const release = isSame ? decodeRelease(String(row.release)) : null;
        return release === null ? [] : [release];
      });
      if (left.length > 0 || picture === null) return left;
      return released.all().flatMap((row) => {
        const other = decodePicture(row.picture);
        const { release } = decodeLabels(String(row.labels));
        return other !== null && release !== null && isCopy(picture, other) ? [release] : [];
      });
    },
    after: (path) => page.all(path).map(read),
  };
}
