import { stat } from "node:fs/promises";
import { LookalikeError } from "../../core/index.ts";
import { hashFile, reason } from "../../io/files.ts";

/**
 * Identifies an unchanged file without reading it: size, inode, and the times of the last change of content and of
 * inode, ns. A copy with the same modification time differs in the other numbers.
 *
 * @throws ERR_PHOTO_NOT_FOUND
 */
export async function fingerprint(path: string): Promise<string> {
  try {
    const { size, ino, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [size, ino, mtimeNs, ctimeNs].join(":");
  } catch (cause) {
    throw notFound(path, cause);
  }
}

/** @throws ERR_PHOTO_NOT_FOUND */
export async function hashPhoto(path: string): Promise<string> {
  try {
    return await hashFile(path);
  } catch (cause) {
    throw notFound(path, cause);
  }
}

function notFound(path: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open ${path}: ${reason(cause)}`, {
    hint: "Check the path and the file's permissions.",
    cause,
  });
}
