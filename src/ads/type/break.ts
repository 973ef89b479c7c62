import { evenLines, type Word } from "./even.ts";

/** Line breaking on measured words: pure geometry, in the unit of the widths. */

/** A piece of text before it is measured. */
export interface Piece {
  readonly text: string;
  readonly spaced: boolean;
  /** A soft hyphen follows: the word may break here. */
  readonly isSoft: boolean;
}

const SOFT_HYPHEN = "\u00ad";
const HYPHEN = "\u2010";
/** Has no width: a line may end here. */
const ZERO_WIDTH_SPACE = "\u200b";

/** Scripts written without spaces, where a line may end after nearly any character. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const FULL_WIDTH = /[\u3000-\u303f\uff00-\uffef]/u;
/** Marks and small letters that never begin a line, and brackets that never end one (JIS X 4051, line breaking). */
const NOT_FIRST =
  /[、。，．：；？！・…‥ー々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ）］｝」』】〕〉》〙〗％℃]/u;
const NOT_LAST = /[（［｛「『【〔〈《〘〖￥＄]/u;
/** A borrowed word stays whole up to this length. */
const LONGEST_KATAKANA = 8;
const KATAKANA = /[\p{Script=Katakana}ー]/u;

/** A number keeps its unit or currency: "29 EUR" and "128 GB" never break apart. */
const NUMBER_AND_UNIT = /(\d) (?=(?:\p{Lu}{1,3}|[kMG]?Hz|[kcm]?m|kg|[%\p{Sc}])(?![\p{Script=Latin}\p{N}]))/gu;

/** French sets a space before these marks and inside its quotes; the mark stays with its word all the same. */
const BEFORE_MARK = / (?=[!?:;»]+(?:[ \t\n\r]|$))/g;
const AFTER_QUOTE = /(?<=(?:^|[ (])«) /g;

/** Splits text into unbreakable pieces: at white space, after hyphens, and around characters of unspaced scripts. */
export function splitWords(text: string): Piece[] {
  return text
    .replace(/[ \t\n\r]+/g, " ")
    .replace(NUMBER_AND_UNIT, "$1\u00a0")
    .replace(BEFORE_MARK, "\u00a0")
    .replace(AFTER_QUOTE, "\u00a0")
    .split(" ")
    .filter((chunk) => chunk !== "")
    .flatMap((chunk) => splitChunk(chunk).map(pieceOf))
    .filter((piece) => piece.text !== "");
}

function pieceOf(text: string, index: number): Piece {
  return {
    text: text.replaceAll(SOFT_HYPHEN, "").replaceAll(ZERO_WIDTH_SPACE, ""),
    spaced: index === 0,
    isSoft: text.endsWith(SOFT_HYPHEN),
  };
}

function splitChunk(chunk: string): string[] {
  const pieces: string[] = [];
  let open = "";
  let before = "";
  let at = 0;
  const starts = wordStarts(chunk);
  for (const character of chunk) {
    if (open !== "" && (starts.has(at) || mayBreak(before, character, open))) {
      pieces.push(open);
      open = "";
    }
    open += character;
    before = character;
    at += character.length;
  }
  return open === "" ? pieces : [...pieces, open];
}

/** Scripts that are written without spaces between words. */
const RUN_TOGETHER = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Where words begin inside of a chunk of such a script, in UTF-16 units (Unicode Standard Annex 29, by dictionary). */
function wordStarts(chunk: string): ReadonlySet<number> {
  if (!RUN_TOGETHER.test(chunk)) return new Set();
  const words = [...new Intl.Segmenter("th", { granularity: "word" }).segment(chunk)];
  const starts = words.flatMap(({ index, segment, isWordLike }, turn) => {
    const before = words[turn - 1];
    const isBetween = RUN_TOGETHER.test(segment) && RUN_TOGETHER.test(before?.segment ?? "");
    return isBetween && isWordLike && !REPEATS.test(segment) ? [index] : [];
  });
  return new Set(starts);
}

/** Thai and Lao marks that repeat or cut short the word before them. */
const REPEATS = /^[\u0e2f\u0e46\u0eaf\u0ec6]/u;

/** Whether a line may end between two neighbours, the first of which ends `open`. */
function mayBreak(before: string, after: string, open: string): boolean {
  if (before === "-" || before === HYPHEN) return open.length > 1;
  if (before === SOFT_HYPHEN || before === ZERO_WIDTH_SPACE) return true;
  const unspaced = [before, after].some(
    (character) => UNSPACED.test(character) || FULL_WIDTH.test(character),
  );
  if (!unspaced || NOT_FIRST.test(after) || NOT_LAST.test(before)) return false;
  return !(KATAKANA.test(before) && KATAKANA.test(after) && open.length < LONGEST_KATAKANA);
}

/**
 * The lines of the words within `maxWidth`: as few as possible, then as even as possible and broken by the sense. Soft
 * hyphens break words that are too wide for a line, and no others.
 *
 * @returns null where a single word is wider than `maxWidth`
 */
export function breakLines(pieces: readonly Word[], spaceWidth: number, maxWidth: number): Word[][] | null {
  const words = withoutNeedlessBreaks(pieces, maxWidth);
  if (words.some((word) => endingWidth(word) > maxWidth)) return null;
  const fewest = fillLines(words, spaceWidth, maxWidth);
  // A single line cannot be made even.
  return fewest.length < 2 ? fewest : evenLines(words, { count: fewest.length, spaceWidth, maxWidth });
}

function fillLines(words: readonly Word[], spaceWidth: number, maxWidth: number): Word[][] {
  const lines: Word[][] = [];
  let line: Word[] = [];
  let width = 0;
  for (const word of words) {
    const added = (word.spaced ? spaceWidth : 0) + word.width;
    if (line.length > 0 && width + added + (word.hyphen ?? 0) > maxWidth) {
      lines.push(line);
      line = [];
      width = 0;
    }
    width += line.length === 0 ? word.width : added;
    line.push(word);
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/** Width of a word that a line ends with. */
function endingWidth({ width, hyphen = 0 }: Word): number {
  return width + hyphen;
}

/** Compounds stay whole where they fit a line, then their parts between hyphens do; soft hyphens break the rest. */
function withoutNeedlessBreaks(pieces: readonly Word[], maxWidth: number): readonly Word[] {
  const fitting = (parts: readonly Word[], otherwise: () => readonly Word[]) => {
    const whole = joined(parts);
    return endingWidth(whole) <= maxWidth ? [whole] : otherwise();
  };
  const isSoft = ({ hyphen }: Word) => hyphen !== undefined;
  const isHyphenated = (word: Word) => isSoft(word) || HARD_HYPHEN.test(word.text);
  // Most texts. This runs for each size of each text in each arrangement.
  if (!pieces.some(isHyphenated)) return pieces;
  return grouped(pieces, isHyphenated).flatMap((compound) =>
    fitting(compound, () => grouped(compound, isSoft).flatMap((parts) => fitting(parts, () => parts))),
  );
}

const HARD_HYPHEN = /[-\u2010]$/;

/** Pieces that follow one another without a space where `goesOn` says so. */
function grouped(pieces: readonly Word[], goesOn: (word: Word) => boolean): Word[][] {
  const groups: Word[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && !piece.spaced && goesOn(before)) last.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

function joined(parts: readonly Word[]): Word {
  return {
    text: parts.map(({ text }) => text).join(""),
    width: parts.reduce((sum, { width }) => sum + width, 0),
    spaced: parts[0]?.spaced ?? false,
    hyphen: parts.at(-1)?.hyphen,
  };
}

/** The text of a line. */
export function joinWords(words: readonly Word[]): string {
  const text = words.map((word, index) => (index > 0 && word.spaced ? ` ${word.text}` : word.text)).join("");
  return words.at(-1)?.hyphen === undefined ? text : `${text}-`;
}
