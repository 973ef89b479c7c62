import { inVisualOrder } from "./bidi.ts";
import type { FontFile } from "./fonts.ts";

/** A line's pieces of one font, one script and one direction, which are shaped each on their own. */
export interface Run {
  /** Part of the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly font: FontFile;
  /** Bidirectional embedding level; odd: read from right to left. */
  readonly level: number;
  /** Letters that join their neighbours: space between them would separate them. */
  readonly isJoined: boolean;
}

/** Scripts that have letters of their own; all other characters go with the letters around them. */
const SCRIPTS = (
  "Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Syriac Thaana Nko Adlam Devanagari Bengali Gurmukhi Gujarati " +
  "Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Mongolian Ethiopic Cherokee Hangul " +
  "Hiragana Katakana Bopomofo Han"
)
  .split(" ")
  .map((name) => ({ name, has: new RegExp(`\\p{Script=${name}}`, "u") }));

/** Scripts whose letters are joined. */
const JOINED = new Set([
  "Arabic",
  "Syriac",
  "Nko",
  "Adlam",
  "Mongolian",
  "Devanagari",
  "Bengali",
  "Gurmukhi",
]);

/** Accents and vowel signs, which belong to the letter before them, and characters without an outline. */
const FOLLOWS = /[\p{M}\p{Default_Ignorable_Code_Point}]/u;

function isInvisible(character: string): boolean {
  return /\p{Default_Ignorable_Code_Point}/u.test(character);
}

/** Hyphens and dashes of fonts that have few of them, each with what is drawn in its place. */
const DASHES: Readonly<Record<string, string>> = {
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "\u2013",
  "\u2015": "\u2014",
  "\u2212": "\u2013",
};
const SPACE = 0x20;

/**
 * The text with the font's own hyphen for those that it lacks. A space that it lacks stays: HarfBuzz draws the font's own
 * in its width.
 */
export function withOwnDashes(text: string, has: (codePoint: number) => boolean): string {
  return text.replace(/[\u2010-\u2012\u2015\u2212]/gu, (dash) =>
    has(dash.codePointAt(0) ?? 0) ? dash : (DASHES[dash] ?? dash),
  );
}

/** Whether a line can be set without a glyph for the character: it is not seen, or is a space like any other. */
export function needsNoGlyph(character: string, has: (codePoint: number) => boolean): boolean {
  return isInvisible(character) || (/\p{Zs}/u.test(character) && has(SPACE));
}

/**
 * The runs of a line from left to right.
 *
 * @param fonts tried in this order for each character
 * @param levels by UTF-16 unit
 */
export function splitRuns(text: string, fonts: readonly FontFile[], levels: Uint8Array): Run[] {
  const runs: (Run & { readonly script: string | null })[] = [];
  let start = 0;
  for (const character of text) {
    const end = start + character.length;
    const open = runs.at(-1);
    const own = SCRIPTS.find(({ has }) => has.test(character))?.name ?? null;
    const font = fontFor(character, fonts, open?.font);
    const level = levels[start] ?? 0;
    const fits = open && (own === null || open.script === null || own === open.script);
    const script = own ?? (fits ? open.script : null);
    const isJoined = JOINED.has(script ?? "");
    if (open && fits && font === open.font && level === open.level) {
      runs[runs.length - 1] = { ...open, end, script, isJoined };
    } else if (font) {
      runs.push({ start, end, font, level, script, isJoined });
    }
    start = end;
  }
  return inVisualOrder(runs);
}

function fontFor(
  character: string,
  fonts: readonly FontFile[],
  before: FontFile | undefined,
): FontFile | undefined {
  const has = (font: FontFile) => font.has(character.codePointAt(0) ?? 0);
  if (before && FOLLOWS.test(character) && (isInvisible(character) || has(before))) return before;
  return fonts.find(has) ?? fonts[0];
}
