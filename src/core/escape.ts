/**
 * What a terminal obeys instead of showing it, or shows as something else than it is: control characters, line breaks of
 * every kind, and marks that turn the direction of the text around them.
 */
const OBEYED = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from outside (names of files, ids, labels, columns) as one line that does nothing to a terminal.
 *
 * @example
 * escapeText("a\nb\u001b[31m"); // "a\\nb\\u{1b}[31m"
 */
export function escapeText(text: string): string {
  return text.replace(OBEYED, (sign) => SHORT[sign] ?? `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** The same for text of several lines. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}
