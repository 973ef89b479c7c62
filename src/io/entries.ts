import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { LookalikeError } from "../core/index.ts";
import { reason } from "./files.ts";
import { limitError } from "./limits.ts";

/**
 * What `read` gives for a path, or `otherwise` if nothing is there. A path that cannot be read for another reason is not
 * empty: an erasure or a purge would miss what it contains.
 *
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_SYSTEM_LIMIT
 */
export async function ifThere<T, U>(
  path: string,
  read: (path: string) => Promise<T>,
  otherwise: U,
): Promise<T | U> {
  try {
    return await read(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return otherwise;
    const unread = new LookalikeError("ERR_OUTPUT_UNWRITABLE", `Could not read ${path}: ${reason(cause)}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
    throw limitError(cause) ?? unread;
  }
}

/** The names in a folder; none if there is no such folder. @throws as `ifThere` */
export function listNames(folder: string): Promise<string[]> {
  return ifThere(folder, (path) => readdir(path), []);
}

/** All entries below a folder; none if there is no such folder. @throws as `ifThere` */
export function listBelow(folder: string): Promise<Dirent[]> {
  return ifThere(folder, (path) => readdir(path, { recursive: true, withFileTypes: true }), []);
}
