import { extname } from "node:path";

/** Endings of the names of photos that can be read, in lower case. */
export const PHOTO_ENDINGS = [
  ".jpg",
  ".jpeg",
  ".jpe",
  ".jfif",
  ".png",
  ".webp",
  ".avif",
  ".gif",
  ".tif",
  ".tiff",
  ".heic",
  ".heif",
] as const;

const ENDINGS: ReadonlySet<string> = new Set(PHOTO_ENDINGS);

export function isPhotoName(path: string): boolean {
  return ENDINGS.has(extname(path).toLowerCase());
}

const SYSTEM_FOLDER =
  /^(?:@eaDir|@tmp|@Recycle|@Recently-Snapshot|#recycle|#snapshot|\$RECYCLE\.BIN|RECYCLER|System Volume Information|__MACOSX|lost\+found|\.|~)/i;

/** Whether a folder is hidden, or contains thumbnails or deleted files of network storage and operating systems. */
export function isSystemFolder(name: string): boolean {
  return SYSTEM_FOLDER.test(name);
}
