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
  // Capitals, because those of "ß" are "SS".
  const bare = stem
    .toUpperCase()
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return bare === "" ? name : bare;
}

/** The stems of a name as it is, from a URL, and from UTF-8 that was read as Windows-1252 (`zoÃ«.jpg`). */
export function possibleStems(path: string): readonly string[] {
  return [...new Set([path, fromUrl(path), readAgain(path)].map(stemOf))];
}

function fromUrl(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Windows-1252 from 0x80 to 0x9f; the rest is Latin-1. Node 20 decodes both as Latin-1. */
const SPECIAL = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function readAgain(path: string): string {
  const bytes = [...path].map((letter) => {
    const special = SPECIAL.indexOf(letter);
    return special === -1 ? (letter.codePointAt(0) ?? 0) : 0x80 + special;
  });
  if (bytes.some((byte) => byte > 0xff)) return path;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return path;
  }
}
