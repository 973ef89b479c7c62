import { readdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { expected, LookalikeError } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import { isPhotoName, isSystemFolder } from "../../io/photo-names.ts";

/** A photo by its path below the root, with `/` between folders, and the person in it. */
export interface NamedPhoto {
  readonly photo: string;
  readonly person: string;
}

/** The person in a photo, by the photo's path below the root; null if not known. */
export type NamePerson = (photo: string) => string | null;

/**
 * How a person is identified from a photo's path: by a table, otherwise by a pattern, otherwise by the photo's folder.
 *
 * @param pattern a regular expression on the path below the root; its first group, or else the whole match, names the
 * person, as `(\d+)_` does for `smiling/017_08.jpg`
 * @throws ERR_OPTION_INVALID no regular expression
 */
export function createNaming(
  pattern: string | undefined,
  table: ReadonlyMap<string, string> | null,
): NamePerson {
  if (pattern !== undefined) {
    const expression = compile(pattern);
    return (photo) => {
      const match = expression.exec(photo);
      return match?.[1] ?? match?.[0] ?? null;
    };
  }
  if (table) return (photo) => table.get(photo) ?? null;
  return (photo) => (photo.includes("/") ? dirname(photo) : null);
}

/**
 * Every photo below a folder, in the order of their paths, without hidden files and folders of thumbnails or deleted files.
 *
 * @throws ERR_FOLDER_EMPTY no photo below it, or the folder cannot be read
 */
export async function listPhotos(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new LookalikeError("ERR_FOLDER_EMPTY", `Could not open the folder ${folder}: ${reason(cause)}`, {
      hint: "Check the path and its permissions.",
      cause,
    });
  });
  const photos = entries
    .filter((entry) => !entry.isDirectory() && isPhotoName(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((photo) => {
      const [name = "", ...folders] = photo.split("/").toReversed();
      return !name.startsWith(".") && !folders.some(isSystemFolder);
    });
  if (photos.length === 0) {
    throw new LookalikeError("ERR_FOLDER_EMPTY", expected("a folder with photos", "people", folder), {
      hint: "Use a folder with one sub-folder per person, or pass --person-pattern.",
    });
  }
  return photos.toSorted((a, b) => (a < b ? -1 : 1));
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new LookalikeError(
      "ERR_OPTION_INVALID",
      expected("a regular expression", "personPattern", pattern),
      {
        hint: reason(cause),
        cause,
      },
    );
  }
}
