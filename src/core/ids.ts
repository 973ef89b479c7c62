/**
 * The canonical spelling of a person's id, used for storage, comparison, withdrawal, erasure and the holdout.
 * Readers of tables apply it in SQL (`tables/ids.ts`), everything else here.
 */

/**
 * Invisible characters that exports leave around an id: Unicode spaces, line ends, invisible separators,
 * direction marks, byte order marks and fillers.
 */
export const BLANKS =
  "\t\n\u000b\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u00ad\u061c\u115f\u1160\u1680\u180e" +
  "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f" +
  "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069" +
  "\u2800\u3000\u3164\ufeff\uffa0";

const isBlank = new Set(BLANKS);

/** Most ids are canonical already. */
const PLAIN = /^[!-~]+$/;

/**
 * The canonical form of an id: Unicode NFC, without leading or trailing blanks of any kind. Case, inner
 * blanks, leading zeros and signs are kept: `A-1` and `a-1` are two people. The function is idempotent.
 *
 * @param text the id as spelled by the source, the operator or the caller
 * @returns "" if the text consists of blanks only, and so is not an id
 *
 * @example canonicalId("\u00a0Jose\u0301 "); // "José"
 */
export function canonicalId(text: string): string {
  if (PLAIN.test(text)) return text;
  const normal = text.normalize("NFC");
  let start = 0;
  let end = normal.length;
  while (start < end && isBlank.has(normal.charAt(start))) start++;
  while (end > start && isBlank.has(normal.charAt(end - 1))) end--;
  return normal.slice(start, end);
}
