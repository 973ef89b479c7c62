import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import { isPhotoName, isSystemFolder } from "../../io/photo-names.ts";

/** Pictures that cannot be read; their number is reported. */
const OTHER_PICTURES: ReadonlySet<string> = new Set(
  ".bmp .dib .jp2 .j2k .jpx .jpf .jxl .psd .psb .svg .ico .tga .pcx .dng .cr2 .cr3 .nef .arw .orf .rw2 .raf .pef .raw .xcf .exr .hdr .ppm .pgm".split(
    " ",
  ),
);

export interface Roots {
  readonly folders: readonly string[];
  /** Photos given by path; they may be missing, which is reported when they are read. */
  readonly photos: readonly string[];
}

/**
 * Separates the given paths into folders and photos, as absolute paths.
 * @throws ERR_PHOTO_NOT_FOUND a path does not exist and has no extension of a photo
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

export interface WalkListener {
  /** A subfolder that cannot be read; its photos stay in the gallery. */
  onUnreadable(folder: string, error: LookalikeError): void;
  /** A picture that is not indexed, by kind: its extension, or "link" for a link to a folder outside. */
  onSkipped(kind: string): void;
}

/**
 * Every photo below a folder: depth first, names in code-unit order, without hidden files and folders of thumbnails or
 * deleted files. Symbolic links inside the folder are followed, each folder once; links to folders outside are skipped.
 */
export async function* walkPhotos(folder: string, listener: WalkListener): AsyncGenerator<string> {
  yield* walk(folder, { root: await realpath(folder).catch(() => folder), visited: new Set() }, listener);
}

interface Walked {
  /** Links resolved. */
  readonly root: string;
  readonly visited: Set<string>;
}

async function* walk(folder: string, walked: Walked, listener: WalkListener): AsyncGenerator<string> {
  for (const entry of await openFolder(folder, walked, listener)) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
    if (kind?.isDirectory() && !isSystemFolder(entry.name)) yield* walk(path, walked, listener);
    if (!kind?.isFile()) continue;
    const ending = extname(path).toLowerCase();
    if (isPhotoName(path)) yield path;
    else if (OTHER_PICTURES.has(ending)) listener.onSkipped(ending);
  }
}

/** The entries of a folder, by name; none if it is outside, was walked before or cannot be read. */
async function openFolder(
  folder: string,
  { root, visited }: Walked,
  listener: WalkListener,
): Promise<readonly Dirent[]> {
  try {
    const identity = await realpath(folder);
    if (visited.has(identity)) return [];
    if (identity !== root && !identity.startsWith(join(root, sep))) {
      listener.onSkipped("link");
      return [];
    }
    visited.add(identity);
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    listener.onUnreadable(folder, unreadable(folder, cause));
    return [];
  }
}

function unreadable(folder: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open the folder ${folder}: ${reason(cause)}`, {
    hint: "Check the folder's permissions.",
    cause,
  });
}
