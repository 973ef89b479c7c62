import { basename, extname } from "node:path";

/** Spellings of photo paths: macOS decomposes accents, Windows writes `\` and ignores case. */

/** Equal for paths that differ only in Unicode form, case or separators. */
export function canonicalPath(path: string): string {
  return path.normalize("NFC").toLowerCase().replaceAll("\\", "/");
}

/**
 * Equal for names that may refer to the same photo: without folder, extension, accents, blanks and punctuation. A name
 * that has no other characters is not changed.
 */
export function stemOf(path: string): string {
  const name = basename(canonicalPath(path));
  const stem = name.slice(0, name.length - extname(name).length);
  const bare = stem.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "");
  return bare === "" ? name : bare;
}
