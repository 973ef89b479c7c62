import { invalidOption } from "../core/index.ts";
import { type RgbaImage, rasterizeSvg } from "../io/image/index.ts";
import type { TextWeight } from "./type/fonts.ts";
import { linesAt, measureText, type Paragraph, paragraphSvg, setLines, shortened } from "./type/paragraph.ts";
import type { Typesetter } from "./type/typesetter.ts";

export interface RenderTextOptions {
  /** Letter size, px; at least 4. */
  readonly size: number;
  /** Any CSS colour; default black. */
  readonly color?: string | undefined;
  /** Lines break at this width, px; default: one line. */
  readonly maxWidth?: number | undefined;
  /** More lines than this are shortened at a word; default: no limit. */
  readonly maxLines?: number | undefined;
  readonly weight?: TextWeight | undefined;
  readonly align?: "left" | "center" | "right" | undefined;
  /** Distance of baselines in letter sizes; default 1.3. */
  readonly lineHeight?: number | undefined;
}

/**
 * Sets text as a transparent picture, the same on every machine: captions of contact sheets and the like. The
 * image is as wide as its widest line and contains complete ascenders and descenders.
 *
 * @throws ERR_OPTION_INVALID, ERR_GLYPH_MISSING
 * @example
 * const text = await createTypesetter();
 * const caption = await renderText(text, "distance 0.42", { size: 24, color: "#333", maxWidth: 300 });
 */
export async function renderText(
  setter: Typesetter,
  text: string,
  options: RenderTextOptions,
): Promise<RgbaImage> {
  const { size, color = "#000", lineHeight = 1.3, align, maxLines = Number.POSITIVE_INFINITY } = options;
  if (!(size >= 4)) throw invalidOption("at least 4 px", "size", size);
  if (/["'<>&]/.test(color)) {
    throw invalidOption("a CSS colour", "color", color);
  }
  const style = { weight: options.weight ?? 500 };
  const lines = await fittingLines(setter, text, style, { size, maxLines, maxWidth: options.maxWidth });
  const paragraph = await setLines(setter, lines, style, { size, lineHeight });
  const reach = Math.max(Math.ceil(size * LATIN_REACH), Math.ceil(size * reachOf(paragraph)) + 1);
  const width = Math.max(1, Math.ceil(paragraph.width) + 2);
  const height = Math.max(1, Math.ceil(paragraph.height) + 2 * reach);
  const body = paragraphSvg(paragraph, 1, reach, { color, align });
  return rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`,
  );
}

/** Accented capitals reach 0.25 em above plain ones, descenders 0.25 em below the baseline. */
const LATIN_REACH = 0.28;

/** How far letters extend above capitals or below the baseline, em. */
function reachOf({ lines, capHeight, size }: Paragraph): number {
  const inks = lines.flatMap(({ pieces }) => pieces.map(({ shape }) => shape.ink));
  return Math.max(0, ...inks.map(({ top, bottom }) => Math.max(bottom, -top - capHeight / size)));
}

async function fittingLines(
  setter: Typesetter,
  text: string,
  style: { readonly weight: TextWeight },
  limits: { readonly size: number; readonly maxLines: number; readonly maxWidth?: number | undefined },
): Promise<readonly string[]> {
  const maxWidth = limits.maxWidth === undefined ? Number.POSITIVE_INFINITY : limits.maxWidth - 2;
  let rest: string | null = text;
  let widest: string[] = [text];
  while (rest !== null) {
    const measured = await measureText(setter, rest, style);
    const lines = linesAt(measured, limits.size, maxWidth);
    if (lines !== null && lines.length <= limits.maxLines) return lines;
    widest = [rest];
    rest = shortened(rest);
  }
  return fitCharacters(setter, widest[0] ?? "", style, maxWidth / limits.size);
}

/** A single word wider than the line loses letters at its end. */
async function fitCharacters(
  setter: Typesetter,
  word: string,
  style: { readonly weight: TextWeight },
  maxEm: number,
): Promise<string[]> {
  const letters = [...word.replace(/…$/, "")];
  while (letters.length > 1) {
    letters.pop();
    const text = `${letters.join("")}…`;
    if ((await setter.shape(text, style)).advance <= maxEm) return [text];
  }
  return [letters.join("")];
}
