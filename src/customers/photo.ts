import { lstat, realpath } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { LookalikeError } from "../core/index.ts";

/**
 * The absolute path of a customer's photo. It must lie in the folder of the customers' file or below, links resolved:
 * a row of a CRM export must not make us open any other file.
 *
 * @param folder absolute, symbolic links resolved
 * @throws ERR_ROW_PHOTO_OUTSIDE
 */
export async function resolvePhoto(folder: string, photo: string): Promise<string> {
  if (photo.includes("\0")) throw outside();
  const path = resolve(folder, photo);
  if (!isWithin(folder, path)) throw outside();
  const real = await realPathOfNearest(path);
  if (!isWithin(folder, real)) throw outside();
  return real;
}

/** A photo that is not there is the face stage's to report, but the folder it would be in counts already. */
async function realPathOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // A link that leads nowhere today may lead anywhere tomorrow.
    if ((await lstat(path).catch(() => null))?.isSymbolicLink()) throw outside();
    const parent = dirname(path);
    return parent === path
      ? path
      : resolve(await realPathOfNearest(parent), path.slice(parent.length).replace(sep, ""));
  }
}

function isWithin(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function outside(): LookalikeError {
  return new LookalikeError(
    "ERR_ROW_PHOTO_OUTSIDE",
    "Expected a path inside the folder of the customers' file for photo but received one outside of it",
    { hint: "Put the photos into that folder or below it, as files rather than links to elsewhere." },
  );
}
