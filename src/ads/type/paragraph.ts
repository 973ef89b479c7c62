import { breakLines, joinWords, splitWords, type Word } from "./break.ts";
import { type ShapedLine, type TextStyle, type Typesetter, UNITS_PER_EM } from "./typesetter.ts";

/** A text whose words are measured, ready to be set at any size. */
export interface Measured {
  readonly style: TextStyle;
  /** Widths in em. */
  readonly words: readonly Word[];
  readonly spaceWidth: number;
}

/** Set text; px. */
export interface Paragraph {
  readonly lines: readonly ShapedLine[];
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

/** Kerning across word gaps is not in the sum of the words' widths: a line may come out wider by this share. */
const WIDTH_RESERVE = 1.005;

const ELLIPSIS = "…";

/** @throws ERR_GLYPH_MISSING */
export async function measureText(setter: Typesetter, text: string, style: TextStyle): Promise<Measured> {
  const pieces = splitWords(text);
  const words = await Promise.all(
    pieces.map(async (piece) => ({
      ...piece,
      width: (await setter.shape(piece.text, style)).advance * WIDTH_RESERVE,
    })),
  );
  // A space alone has no outline: its width is what it adds between two letters.
  const [apart, together] = await Promise.all([setter.shape("n n", style), setter.shape("nn", style)]);
  return { style, words, spaceWidth: (apart.advance - together.advance) * WIDTH_RESERVE };
}

/** Lines of the measured text at `size` px within `maxWidth` px; null where a word does not fit. */
export function linesAt(text: Measured, size: number, maxWidth: number): string[] | null {
  return breakLines(text.words, text.spaceWidth, maxWidth / size)?.map(joinWords) ?? null;
}

/** What is left of a text when it has to lose words at the end: shorter by one word, marked with an ellipsis. */
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
  const shaped = await Promise.all(lines.map((line) => setter.shape(line, style)));
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

/** From the top of the first line's capitals to the last baseline, px. */
export function blockHeight(lines: number, size: number, lineHeight: number): number {
  return lines === 0 ? 0 : CAP_HEIGHT * size + (lines - 1) * lineHeight * size;
}

/** SVG paths of a paragraph whose capitals' top left corner stands at (x, y). */
export function paragraphSvg(
  paragraph: Paragraph,
  x: number,
  y: number,
  options: { readonly color: string; readonly align?: LineAlign | undefined },
): string {
  const scale = paragraph.size / UNITS_PER_EM;
  return paragraph.lines
    .map((line, index) => {
      if (line.path === "") return "";
      const slack = (paragraph.width - line.advance * paragraph.size) * ALIGNMENT[options.align ?? "left"];
      const baseline = y + paragraph.capHeight + index * paragraph.lineHeight * paragraph.size;
      const transform = `translate(${round(x + slack)} ${round(baseline - line.baseline * scale)}) scale(${round(scale)})`;
      return `<path transform="${transform}" fill="${options.color}" d="${line.path}"/>`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
