import { createMemo, LookalikeError, once } from "../../core/index.ts";
import { readLevels } from "./bidi.ts";
import { isRightToLeft } from "./direction.ts";
import {
  type BrandFont,
  type FontFile,
  type FontSet,
  type FontVoice,
  loadFonts,
  type TextWeight,
} from "./fonts.ts";
import { type PathBounds, pathBounds } from "./path.ts";
import { needsNoGlyph, splitRuns, withOwnDashes } from "./runs.ts";
import { createShaper, UNITS_PER_EM } from "./shaper.ts";

/** Converts lines of text to outlines, so that the fonts of the machine do not matter. */

export interface TextStyle {
  readonly weight: TextWeight;
  /** Added between letters, in em; default 0. */
  readonly tracking?: number | undefined;
  /** The bundled font, if the brand has none; default `sans`. */
  readonly voice?: FontVoice | undefined;
  /** Read from right to left; default: by the text's first letter. */
  readonly rtl?: boolean | undefined;
  /** Weight of amounts with a currency; default: as the rest. */
  readonly price?: TextWeight | undefined;
}

/** One line as outlines at `UNITS_PER_EM` units per em, origin at the left end of the baseline, y downwards. */
export interface ShapedLine {
  readonly text: string;
  /** SVG path data; empty if there is nothing to draw. */
  readonly path: string;
  /** Width of the line, em. */
  readonly advance: number;
  /** Bounds of the outlines, in em, relative to the left end of the baseline. */
  readonly ink: PathBounds;
}

export interface Typesetter {
  /** Changes with any byte of any font. */
  readonly fontsHash: string;
  /** @throws ERR_GLYPH_MISSING no loaded font has a character of the text */
  shape(text: string, style: TextStyle): Promise<ShapedLine>;
}

const CACHED_LINES = 5_000;

/**
 * Creates a typesetter. Loads the fonts once; lines are shaped on demand, and the last 5,000 are cached.
 *
 * @throws ERR_FONT_INVALID
 *
 * @example
 * const typesetter = await createTypesetter([{ file: "brand/Lumo-Bold.woff2", weight: 800 }]);
 */
export async function createTypesetter(brandFonts: readonly BrandFont[] = []): Promise<Typesetter> {
  const fonts = await loadFonts(brandFonts);
  const lines = createMemo<ShapedLine>(CACHED_LINES);
  const shaper = once(createShaper);

  const shape = async (given: string, style: TextStyle): Promise<ShapedLine> => {
    const files = filesFor(fonts, style);
    const text = withOwnDashes(given, hasIn(files));
    requireGlyphs(text, hasIn(files));
    const { tracking = 0, rtl = isRightToLeft(text) } = style;
    const runs = splitRuns(text, files, readLevels(text, rtl));
    const { shape: shapeRun } = await shaper();
    let path = "";
    let advance = 0;
    for (const run of runs) {
      const shaped = shapeRun(text, run, { x: advance, tracking: tracking * UNITS_PER_EM });
      path += shaped.path;
      advance += shaped.advance;
    }
    return { text, path, advance: advance / UNITS_PER_EM, ink: inkOf(path) };
  };

  return {
    fontsHash: fonts.hash,
    shape(text, style) {
      const { weight, voice = "sans", tracking = 0, rtl = "" } = style;
      const key = `${weight} ${voice} ${tracking} ${rtl} ${text}`;
      return lines(key, () => shape(text.normalize("NFC"), style));
    },
  };
}

function inkOf(path: string): PathBounds {
  const { left, top, right, bottom } = pathBounds(path);
  const em = UNITS_PER_EM;
  return { left: left / em, top: top / em, right: right / em, bottom: bottom / em };
}

/** The files of a weight, in fallback order. */
function filesFor(fonts: FontSet, { weight, voice = "sans" }: TextStyle): FontFile[] {
  const ofWeight = fonts.files.filter((file) => file.weight === weight);
  const own = ofWeight.filter((file) => file.voice === "brand" || file.voice === voice);
  // Letters that one voice lacks are taken from the other.
  return [...own, ...ofWeight.filter((file) => !own.includes(file))];
}

function hasIn(files: readonly FontFile[]): (codePoint: number) => boolean {
  return (codePoint) => files.some(({ has }) => has(codePoint));
}

function requireGlyphs(text: string, has: (codePoint: number) => boolean): void {
  const missing = [...new Set(text)].filter((character) => {
    return !needsNoGlyph(character, has) && !has(character.codePointAt(0) ?? 0);
  });
  if (missing.length > 0) throw glyphMissing(text, missing);
}

function glyphMissing(text: string, missing: readonly string[]): LookalikeError {
  const named = missing
    .map((character) => {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `"${character}" (U+${code})`;
    })
    .join(", ");
  return new LookalikeError(
    "ERR_GLYPH_MISSING",
    `Expected a font that has every character for "${text}" but received none with ${named}`,
    { hint: "Remove these characters, or add a brand font that has them." },
  );
}
