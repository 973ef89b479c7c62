import { lstat, realpath, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { LookalikeError } from "../core/index.ts";
import type { ColumnWarning } from "../tables/index.ts";

/**
 * The absolute path of a customer's photo. It must be in the folder of the customers' file or below, with
 * links resolved: a row of a CRM export must not make the library open any other file. A relative path may be
 * written with backslashes.
 *
 * @param folder absolute, symbolic links resolved
 * @throws ERR_ROW_PHOTO_OUTSIDE
 */
export async function resolvePhoto(folder: string, photo: string): Promise<string> {
  if (photo.includes("\0")) throw outside();
  const asWritten = resolve(folder, photo);
  const hasBackslashes = photo.includes("\\") && !isWindowsPath(photo) && (await kindOf(asWritten)) === null;
  const path = hasBackslashes ? resolve(folder, photo.replaceAll("\\", "/")) : asWritten;
  if (!isWithin(folder, path)) throw outside();
  const real = await realPathOfNearest(path);
  if (!isWithin(folder, real)) throw outside();
  return real;
}

/**
 * Resolves the nearest existing folder: a missing photo is reported when faces are computed, but its folder
 * is checked now.
 */
async function realPathOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // A link without a target today may get any target later.
    if ((await lstat(path).catch(() => null))?.isSymbolicLink()) throw outside();
    const parent = dirname(path);
    return parent === path
      ? path
      : resolve(await realPathOfNearest(parent), path.slice(parent.length).replace(sep, ""));
  }
}

/** `C:\\photos\\a.jpg` or `\\\\server\\share`: a path of another computer. */
function isWindowsPath(photo: string): boolean {
  return /^(?:[a-z]:[\\/]|\\\\)/i.test(photo);
}

/** Kind of file at a path; null: none. Nothing is opened, because pipes and devices may block. */
async function kindOf(path: string): Promise<"file" | "other" | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  return found.isFile() ? "file" : "other";
}

/** Portraits of the customers' file that cannot be opened. */
export interface PortraitNotes {
  /** @param photo as the row has it; @param path as `resolvePhoto` found it */
  note(row: number, photo: string, path: string): Promise<void>;
  warnings(): ColumnWarning[];
}

const MAX_NAMED = 5;

export function notePortraits(): PortraitNotes {
  const named: string[] = [];
  let cells = 0;
  return {
    async note(row, photo, path) {
      const kind = await kindOf(path);
      if (kind === "file") return;
      cells++;
      if (named.length < MAX_NAMED)
        named.push(`row ${row}, ${JSON.stringify(photo.slice(0, 100))}, ${problemOf(photo, kind)}`);
    },
    warnings() {
      if (cells === 0) return [];
      const more = cells > named.length ? `; ${cells} in all` : "";
      const message = `Expected portraits in the folder of the customers' file but received ${named.join("; ")}${more}: these customers get the default photo`;
      return [{ column: "photo", cells, message }];
    },
  };
}

function problemOf(photo: string, kind: "other" | null): string {
  if (kind === "other") return "not a regular file";
  return isWindowsPath(photo) ? "a path of a Windows machine" : "no such file";
}

function isWithin(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outside(): LookalikeError {
  return new LookalikeError(
    "ERR_ROW_PHOTO_OUTSIDE",
    "Expected a path inside the folder of the customers' file for photo but received one outside of it",
    { hint: "Put the photos into that folder or below it, as files, not as links to other folders." },
  );
}
