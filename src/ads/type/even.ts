/** Where to break words into a given number of lines: as even as possible, and by the sense. */

/** The smallest piece of text that stays together. */
export interface Word {
  readonly text: string;
  readonly width: number;
  /** Whether a space precedes it if it is not the first of its line. */
  readonly spaced: boolean;
  /** Width of the hyphen that shows where a line ends behind it, at a soft hyphen of the text; default: none shows. */
  readonly hyphen?: number | undefined;
}

/** Penalties of a break; those of uneven lines are the sums of the squares of their widths in the widest allowed. */
const FIRST_WORD_LEFT = 0.12;
const LAST_WORD_LEFT = 0.04;
const LOOSE_WORD = 0.06;

/** The end of a sentence, with closing quotes and brackets. */
const SENTENCE_END = /[.!?…:؟।][\p{Pf}\p{Pe}"']*$/u;
/** Prepositions and articles of many languages: they belong to the word behind them. */
const SHORT_WORD = /^\p{L}{1,2}$/u;

/**
 * No line ends with the first word of a sentence or begins with the last one, and none ends with a word of one or two
 * letters, unless the lines would be much more uneven.
 *
 * @param count number of lines, for which there is a way to break the words
 * @param maxWidth in the unit of the words' widths
 */
export function evenLines(
  words: readonly Word[],
  {
    count,
    spaceWidth,
    maxWidth,
  }: { readonly count: number; readonly spaceWidth: number; readonly maxWidth: number },
): Word[][] {
  const penaltyOf = lineMeasure(words, { spaceWidth, maxWidth });
  // For each number of lines and of words: the least penalty, and the first word of the last line.
  let least: number[] = [0, ...words.map(() => Number.POSITIVE_INFINITY)];
  const starts: number[][] = [];
  for (let line = 0; line < count; line++) {
    const next = least.map(() => Number.POSITIVE_INFINITY);
    const from = least.map(() => 0);
    for (const [start, before] of least.entries()) {
      if (before === Number.POSITIVE_INFINITY) continue;
      for (let end = start + 1; end <= words.length; end++) {
        const penalty = penaltyOf(start, end);
        if (penalty === null) break;
        if (before + penalty < (next[end] ?? 0)) {
          next[end] = before + penalty;
          from[end] = start;
        }
      }
    }
    least = next;
    starts.push(from);
  }
  const lines: Word[][] = [];
  let end = words.length;
  for (const from of starts.toReversed()) {
    const start = from[end] ?? 0;
    lines.unshift(words.slice(start, end));
    end = start;
  }
  return lines;
}

/** Number of lines that end with the first word of a sentence, or begin with the last one of it. */
export function tornLines(lines: readonly string[]): number {
  const torn = lines.filter((line, index) => {
    const words = line.split(" ");
    if (words.length < 2) return false;
    const [first = "", last] = [words[0], words.at(-2) ?? ""];
    const isStub = index < lines.length - 1 && SENTENCE_END.test(last);
    return isStub || (index > 0 && SENTENCE_END.test(first) && !SENTENCE_END.test(lines[index - 1] ?? ""));
  });
  return torn.length;
}

/** The penalty of a line from one word to before another; null: it is too wide, and so is every longer one. */
function lineMeasure(
  words: readonly Word[],
  { spaceWidth, maxWidth }: { readonly spaceWidth: number; readonly maxWidth: number },
): (start: number, end: number) => number | null {
  const senseOf = senseMeasure(words);
  let open = { start: -1, end: -1, width: 0 };
  return (start, end) => {
    const word = words[end - 1];
    if (!word) return null;
    const before = open.start === start && open.end === end - 1 ? open.width : 0;
    const width = before + (end - 1 > start && word.spaced ? spaceWidth : 0) + word.width;
    open = { start, end, width };
    if (width > maxWidth) return null;
    // Without its hyphen a longer line may fit.
    const whole = width + (word.hyphen ?? 0);
    return whole > maxWidth ? Number.POSITIVE_INFINITY : (whole / maxWidth) ** 2 + senseOf(start, end);
  };
}

/** The penalty of the words that a line begins and ends with. */
function senseMeasure(words: readonly Word[]): (start: number, end: number) => number {
  const isEnd = words.map(({ text }) => SENTENCE_END.test(text));
  const isShort = words.map(({ text }) => SHORT_WORD.test(text));
  const isTornBehind = (start: number, end: number) =>
    end < words.length && end - start > 1 && isEnd[end - 2] === true && words[end - 1]?.spaced === true;
  const isTornBefore = (start: number, end: number) =>
    start > 0 && end - start > 1 && isEnd[start] === true && isEnd[start - 1] === false;
  const isLoose = (end: number) => isShort[end - 1] === true && words[end]?.spaced === true;
  return (start, end) =>
    (isTornBehind(start, end) ? FIRST_WORD_LEFT : 0) +
    (isTornBefore(start, end) ? LAST_WORD_LEFT : 0) +
    (isLoose(end) ? LOOSE_WORD : 0);
}
