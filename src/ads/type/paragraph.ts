import { breakLines, joinWords, splitWords } from "./break.ts";
import { isRightToLeft } from "./direction.ts";
import type { Word } from "./even.ts";
import { UNITS_PER_EM } from "./shaper.ts";
import type { ShapedLine, TextStyle, Typesetter } from "./typesetter.ts";

/** A text with measured words, ready to be set at any size. */
export interface Measured {
  readonly style: TextStyle;
  /** Widths in em. */
  readonly words: readonly Word[];
  readonly spaceWidth: number;
  /** How far letters reach below the baseline, em. */
  readonly depth: number;
}

/** A line of one weight or, with bold prices, of several pieces. */
interface SetLine {
  readonly pieces: readonly {
    readonly shape: ShapedLine;
    /** From the line's left end, em. */
    readonly x: number;
  }[];
  /** Width in em. */
  readonly advance: number;
}

/** Set text; px. */
export interface Paragraph {
  readonly lines: readonly SetLine[];
  readonly size: number;
  readonly lineHeight: number;
  /** Widest line. */
  readonly width: number;
  /** From the top of the first line's capitals to the last baseline. */
  readonly height: number;
  /** The height of capitals. */
  readonly capHeight: number;
}

export type LineAlign = "left" | "center" | "right";

const ALIGNMENT: Readonly<Record<LineAlign, number>> = { left: 0, center: 0.5, right: 1 };

/** Inter's capitals are 0.727 em high; brand fonts are near enough for optical spacing. */
const CAP_HEIGHT = 0.727;

/** Latin letters reach this far below the baseline, em; those of other scripts farther. */
const DESCENDER = 0.22;

/** Kerning across word gaps is not in the sum of the words' widths: a line may come out wider by this share. */
const WIDTH_RESERVE = 1.005;

const ELLIPSIS = "…";

/** @throws ERR_GLYPH_MISSING */
export async function measureText(setter: Typesetter, text: string, style: TextStyle): Promise<Measured> {
  const pieces = splitWords(text);
  const shapes = await Promise.all(
    pieces.map((piece) => setter.shape(piece.text, styleOf(piece.text, text, style))),
  );
  const hyphen = pieces.some(({ isSoft }) => isSoft) ? (await setter.shape("-", style)).advance : 0;
  const words = pieces.map(({ text, spaced, isSoft }, index): Word => {
    const width = (shapes[index]?.advance ?? 0) * WIDTH_RESERVE;
    const isInside = pieces[index + 1]?.spaced === false;
    return { text, spaced, width, hyphen: isSoft && isInside ? hyphen : undefined };
  });
  const depth = Math.max(DESCENDER, ...shapes.map(({ ink }) => ink.bottom));
  return { style, words, spaceWidth: (await spaceWidthOf(setter, style)) * WIDTH_RESERVE, depth };
}

/** A space alone has no outline: its width is what it adds between two letters, em. */
async function spaceWidthOf(setter: Typesetter, style: TextStyle): Promise<number> {
  const [apart, together] = await Promise.all([setter.shape("n n", style), setter.shape("nn", style)]);
  return apart.advance - together.advance;
}

/** An amount with its currency, which `splitWords` keeps together, and the marks behind it. */
const PRICE =
  /^(?:\p{Sc}\u00a0?\d[\d.,]*|\d[\d.,]*\u00a0?(?:\p{Sc}|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|ILS|INR|JPY|NOK|NZD|PLN|RON|SEK|TRY|USD|ZAR))[.,;:!?)]*$/u;

/** Prices are bold if the style requires it; a right-to-left line stays in one piece. */
function styleOf(word: string, text: string, style: TextStyle): TextStyle {
  const { price, ...plain } = style;
  const rtl = style.rtl ?? isRightToLeft(text);
  return price !== undefined && PRICE.test(word) && !rtl ? { ...plain, weight: price } : plain;
}

/** Lines by their widest width, em: most arrangements of a canvas set a text in columns of a few widths. */
const broken = new WeakMap<Measured, Map<number, readonly string[] | null>>();

/** Lines of the measured text at `size` px within `maxWidth` px; null where a word does not fit. */
export function linesAt(text: Measured, size: number, maxWidth: number): readonly string[] | null {
  const widest = maxWidth / size;
  const known = broken.get(text) ?? new Map<number, readonly string[] | null>();
  broken.set(text, known);
  const lines = known.get(widest);
  if (lines !== undefined) return lines;
  const fresh = breakLines(text.words, text.spaceWidth, widest)?.map(joinWords) ?? null;
  known.set(widest, fresh);
  return fresh;
}

/** The text without its last word, marked with an ellipsis; null if one word is left. */
export function shortened(text: string): string | null {
  const words = text.replace(new RegExp(`[\\s.,;:!?–—-]*${ELLIPSIS}?$`), "").split(/\s+/);
  if (words.length < 2) return null;
  return `${words
    .slice(0, -1)
    .join(" ")
    .replace(/[\s.,;:!?–—-]+$/, "")}${ELLIPSIS}`;
}

/** Shapes lines that `linesAt` chose. */
export async function setLines(
  setter: Typesetter,
  lines: readonly string[],
  style: TextStyle,
  metrics: { readonly size: number; readonly lineHeight: number },
): Promise<Paragraph> {
  const shaped = await Promise.all(lines.map((line) => setLine(setter, line, style)));
  const { size, lineHeight } = metrics;
  const capHeight = CAP_HEIGHT * size;
  return {
    lines: shaped,
    size,
    lineHeight,
    width: Math.max(0, ...shaped.map((line) => line.advance * size)),
    height: blockHeight(shaped.length, size, lineHeight),
    capHeight,
  };
}

async function setLine(setter: Typesetter, line: string, style: TextStyle): Promise<SetLine> {
  const runs = runsOf(line, style);
  const shapes = await Promise.all(runs.map((run) => setter.shape(run.text, run.style)));
  const space = runs.length > 1 ? await spaceWidthOf(setter, style) : 0;
  let x = 0;
  const pieces = shapes.map((shape, index) => {
    const run = runs[index];
    if (index > 0 && run?.spaced) x += space;
    const piece = { shape, x };
    x += shape.advance;
    return piece;
  });
  return { pieces, advance: x };
}

interface Run {
  readonly text: string;
  readonly spaced: boolean;
  readonly style: TextStyle;
}

/** Neighbouring words of the same weight. */
function runsOf(line: string, style: TextStyle): Run[] {
  if (style.price === undefined) return [{ text: line, spaced: false, style }];
  const runs: Run[] = [];
  for (const { text, spaced } of splitWords(line)) {
    const of = styleOf(text, line, style);
    const last = runs.at(-1);
    if (last?.style.weight !== of.weight) runs.push({ text, spaced, style: of });
    else runs[runs.length - 1] = { ...last, text: `${last.text}${spaced ? " " : ""}${text}` };
  }
  return runs;
}

/** From the top of the first line's capitals to the last baseline, px. */
export function blockHeight(lines: number, size: number, lineHeight: number): number {
  return lines === 0 ? 0 : CAP_HEIGHT * size + (lines - 1) * lineHeight * size;
}

/** SVG paths of a paragraph whose capitals' top left corner is at (x, y). */
export function paragraphSvg(
  paragraph: Paragraph,
  x: number,
  y: number,
  options: { readonly color: string; readonly align?: LineAlign | undefined },
): string {
  const { size, lineHeight, capHeight, width } = paragraph;
  const { color, align = "left" } = options;
  const scale = size / UNITS_PER_EM;
  return paragraph.lines
    .flatMap(({ pieces, advance }, index) => {
      const start = x + (width - advance * size) * ALIGNMENT[align];
      const baseline = y + capHeight + index * lineHeight * size;
      return pieces
        .filter(({ shape }) => shape.path !== "")
        .map(({ shape, x: at }) => {
          const place = `${round(start + at * size)} ${round(baseline)}`;
          return `<path transform="translate(${place}) scale(${round(scale)})" fill="${color}" d="${shape.path}"/>`;
        });
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
