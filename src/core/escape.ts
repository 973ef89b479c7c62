/**
 * Characters that a terminal interprets or that make text look different from what it is: control characters,
 * line breaks of every kind, and marks that change the direction of the surrounding text.
 */
const OBEYED = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Writes text from outside (file names, ids, labels, columns) as one line that is safe to print on a
 * terminal.
 *
 * @example escapeText("a\nb\u001b[31m"); // "a\\nb\\u{1b}[31m"
 */
export function escapeText(text: string): string {
  return text.replace(OBEYED, (sign) => SHORT[sign] ?? `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** The same for text with several lines; its line breaks stay. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeText).join("\n");
}
