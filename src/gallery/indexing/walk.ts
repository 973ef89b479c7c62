import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";

const PHOTO_EXTENSIONS: ReadonlySet<string> = new Set([
  ".jpg",
  ".jpeg",
  ".png",
  ".webp",
  ".avif",
  ".gif",
  ".tif",
  ".tiff",
  ".heic",
  ".heif",
  ".jp2",
]);

export interface Roots {
  readonly folders: readonly string[];
  /** Photos that were named one by one; whether they exist is found out when they are read. */
  readonly photos: readonly string[];
}

/**
 * Tells the given paths apart, made absolute.
 * @throws ERR_PHOTO_NOT_FOUND a path that is neither there nor named like a photo
 */
export async function findRoots(paths: readonly string[]): Promise<Roots> {
  const folders = new Set<string>();
  const photos = new Set<string>();
  for (const path of paths.map((given) => resolve(given))) {
    const entry = await stat(path).catch((cause) => {
      if (isPhotoName(path)) return null;
      throw new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open ${path}: ${reason(cause)}`, {
        hint: "Check the path and its permissions.",
        cause,
      });
    });
    (entry?.isDirectory() ? folders : photos).add(path);
  }
  return { folders: [...folders], photos: [...photos] };
}

/**
 * Every photo below a folder: depth first, names in code-unit order, hidden ones skipped. Symbolic links are
 * followed, each folder once, so that a link to a folder above ends the walk there.
 *
 * @param onUnreadable told of a folder below that cannot be read; its photos are then not known to be gone
 */
export async function* walkPhotos(
  folder: string,
  onUnreadable: (folder: string, error: LookalikeError) => void,
): AsyncGenerator<string> {
  yield* walk(folder, new Set(), onUnreadable);
}

async function* walk(
  folder: string,
  visited: Set<string>,
  onUnreadable: (folder: string, error: LookalikeError) => void,
): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    const identity = await realpath(folder);
    if (visited.has(identity)) return;
    visited.add(identity);
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    onUnreadable(folder, unreadable(folder, cause));
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (kind?.isDirectory()) yield* walk(path, visited, onUnreadable);
    else if (kind?.isFile() && isPhotoName(path)) yield path;
  }
}

function isPhotoName(path: string): boolean {
  return PHOTO_EXTENSIONS.has(extname(path).toLowerCase());
}

function unreadable(folder: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open the folder ${folder}: ${reason(cause)}`, {
    hint: "Check the folder's permissions.",
    cause,
  });
}
