import { tornLines } from "../../type/even.ts";
import { blockHeight, linesAt, type Measured } from "../../type/paragraph.ts";
import type { Rect } from "../rect.ts";
import type { CopyText, Parts, TextFit, TypeScale } from "./types.ts";

/** Parts common to stacks and rows. */

export const BODY_LEADING = 1.36;
/** Longer lines are hard to read, em: about 65 letters. */
export const MEASURE = 32;
const HEADLINE_LEADING = 1.06;
/** Scripts with marks above and below letters need more: Arabic, Indic scripts, Thai, Vietnamese capitals. */
const TALL_LEADING = 1.24;
const TALL =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Thai}\u1ea0-\u1ef9]/u;
export function fitText(text: Measured, size: number, width: number, leading: number): TextFit | null {
  const lines = linesAt(text, size, width);
  return lines && { lines, size, leading };
}

export function headlineLeading(text: Measured): number {
  return text.words.some((word) => TALL.test(word.text)) ? TALL_LEADING : HEADLINE_LEADING;
}

/** Least line height of a headline as a share of the creative's shorter side, by its length in letters. */
const LEAST_HEADLINE = [
  { letters: 30, share: 1 / 12 },
  { letters: 60, share: 1 / 16 },
] as const;
/** A headline below this share of its full size is replaced by a shorter one. */
export const SMALL = 0.8;
const TOO_SMALL = 2;
const TOO_SMALL_PER_SHARE = 9;

/** Penalty of a headline that is smaller than its length allows. */
export function smallHeadline(text: Measured, { size, leading }: TextFit, short: number): number {
  const rule = LEAST_HEADLINE.find(({ letters }) => lettersOf(text) <= letters);
  const share = rule ? (size * leading) / (rule.share * short) : 1;
  return share >= 0.999 ? 0 : TOO_SMALL + TOO_SMALL_PER_SHARE * (1 - share);
}

function lettersOf({ words }: Measured): number {
  return words.reduce((sum, { text, spaced }, index) => sum + text.length + (spaced && index > 0 ? 1 : 0), 0);
}

/** Share of a panel's height that its text uses: less looks empty, more looks crowded. */
const USED = { least: 0.6, most: 0.86 };
/** Below this share, the panel should be smaller. */
const HALF_EMPTY = { share: 0.56, penalty: 3 };

export function panelPenalty(used: number, panel: number | null): number {
  if (panel === null) return 0;
  const share = used / panel;
  const halfEmpty = share < HALF_EMPTY.share ? HALF_EMPTY.penalty : 0;
  return 9 * Math.max(0, USED.least - share) + 4 * Math.max(0, share - USED.most) + halfEmpty;
}

const OTHER_SIZE = 8;

/** Penalty of a headline that is larger or smaller than the others of its campaign, by the octave. */
export function otherSize({ size }: TextFit, campaign: number | null): number {
  return campaign === null ? 0 : OTHER_SIZE * Math.abs(Math.log2(size / campaign));
}

/** Small print has longer and closer lines. */
const LEGAL_LEADING = 1.28;
const LEGAL_MEASURE = 48;
const MAX_LEGAL_LINES = 5;

/** Null if the small print does not fit; it is never shortened. */
export function fitLegal({ legal }: CopyText, { legal: size }: TypeScale, width: number): TextFit | null {
  const fit = fitText(legal, size, Math.min(width, LEGAL_MEASURE * size), LEGAL_LEADING);
  return fit && fit.lines.length <= MAX_LEGAL_LINES ? fit : null;
}

const BROKEN_HEADLINE = 1.4;
const BROKEN_BODY = 0.3;
const TORN = 0.9;
const LONELY = 1.2;
const LONELY_SHARE = 0.5;

/** Penalty of lines that end in a hyphen, and of lines of a headline that are one short word or tear a sentence. */
export function breakPenalty(headline: TextFit, body: TextFit): number {
  const broken = ({ lines }: TextFit) => lines.slice(0, -1).filter((line) => /[-\u2010]$/.test(line)).length;
  const longest = Math.max(0, ...headline.lines.map((line) => line.length));
  const lonely = headline.lines.filter(
    (line) => !line.includes(" ") && line.length <= LONELY_SHARE * longest,
  ).length;
  return (
    BROKEN_HEADLINE * broken(headline) +
    BROKEN_BODY * broken(body) +
    LONELY * lonely +
    TORN * tornLines(headline.lines)
  );
}

export function textHeight({ lines, size, leading }: TextFit): number {
  return blockHeight(lines.length, size, leading);
}

/** The button around a text in one line; its height in letter sizes. */
export function buttonOf(
  cta: Measured,
  size: number,
  height = 2.5,
): { text: TextFit; width: number; height: number } {
  const lines = linesAt(cta, size, Number.POSITIVE_INFINITY) ?? [];
  return {
    text: { lines: [lines.join(" ")], size, leading: 1 },
    width: lineWidth(cta) * size + 2.3 * size,
    height: Math.round(size * height),
  };
}

/** The button's text is centred by the height of its capitals. */
export function ctaIn(button: Rect, size: number): Rect {
  const cap = 0.727 * size;
  return {
    x: button.x + 1.15 * size,
    y: button.y + (button.height - cap) / 2,
    width: button.width - 2.3 * size,
    height: cap,
  };
}

/** Width of a text set in one line, em. */
function lineWidth(text: Measured): number {
  return text.words.reduce(
    (sum, word, index) => sum + word.width + (index > 0 && word.spaced ? text.spaceWidth : 0),
    0,
  );
}

/** A compact logo is higher than a wordmark, so that both look about equally large. */
export function logoHeight(height: number, aspect: number): number {
  return height * Math.min(2, Math.max(1, Math.sqrt(WORDMARK_ASPECT / aspect)));
}

/** Width / height from which a logo counts as a wordmark. */
const WORDMARK_ASPECT = 3.4;

export function mirrored(parts: Parts, width: number): Parts {
  const flip = (rect: Rect): Rect => ({ ...rect, x: width - rect.x - rect.width });
  return {
    headline: flip(parts.headline),
    body: flip(parts.body),
    button: flip(parts.button),
    cta: flip(parts.cta),
    logo: flip(parts.logo),
    legal: flip(parts.legal),
    accent: parts.accent && flip(parts.accent),
  };
}
