import { join } from "node:path";
import { type Lock, lockFile } from "../../io/file-lock.ts";
import { NAMES } from "./database.ts";

/**
 * Locks the gallery for writing.
 * @throws ERR_GALLERY_BUSY another process, or another gallery object of this one, is writing
 */
export function lockGallery(folder: string): Lock {
  return lockFile(join(folder, "writer.lock"), NAMES);
}
