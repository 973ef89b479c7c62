import { LookalikeError } from "../../errors.ts";
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

/** The one file that knows satori: a line of text becomes outlines, so that no machine's fonts matter. */

export interface TextStyle {
  readonly weight: TextWeight;
  /** Added between letters, in em; default 0. */
  readonly tracking?: number | undefined;
  /** Letters where the brand has no font of its own; default `sans`. */
  readonly voice?: FontVoice | undefined;
  /** Read from right to left; default: by the text's first letter. */
  readonly rtl?: boolean | undefined;
  /** Weight of amounts with a currency; default: as the rest. */
  readonly price?: TextWeight | undefined;
}

/** One line as outlines at `UNITS_PER_EM` units per em, origin at the left end of the baseline, y downwards. */
export interface ShapedLine {
  readonly text: string;
  /** SVG path data in satori's own coordinates: shift by `-baseline` to bring the baseline to y = 0. */
  readonly path: string;
  readonly baseline: number;
  /** How far the line moves the pen, in em. */
  readonly advance: number;
  /** What the outlines cover, in em, relative to the left end of the baseline. */
  readonly ink: PathBounds;
}

export interface Typesetter {
  /** Changes with any byte of any font. */
  readonly fontsHash: string;
  /** @throws ERR_GLYPH_MISSING no loaded font has a character of the text */
  shape(text: string, style: TextStyle): Promise<ShapedLine>;
}

/** Size at which lines are shaped; outlines are scaled from there. Satori writes coordinates to 0.1. */
export const UNITS_PER_EM = 200;

const CACHED_LINES = 5_000;
const NO_INK: PathBounds = { left: 0, top: 0, right: 0, bottom: 0 };

/** Fractions of a unit that satori's layout may use; its default of 1 would round advances to whole units. */
const POINT_SCALE = 16;

/**
 * Loads the fonts once; lines are shaped on demand and the last 5,000 kept.
 *
 * @throws ERR_FONT_INVALID
 */
export async function createTypesetter(brandFonts: readonly BrandFont[] = []): Promise<Typesetter> {
  const fonts = await loadFonts(brandFonts);
  const selections = new Map<string, FontFile[]>();
  const lines = new Map<string, Promise<ShapedLine>>();

  /** One array per distinct choice of files: satori keeps parsed fonts by the array's identity. */
  const select = (text: string, style: TextStyle): FontFile[] => {
    const chosen = chooseFiles(fonts, text, style);
    const key = chosen.map((file) => `${file.name}/${file.weight}`).join();
    const known = selections.get(key);
    if (known) return known;
    selections.set(key, chosen);
    return chosen;
  };

  const outline = async (text: string, style: TextStyle): Promise<{ path: string; advance: number }> =>
    text === "" ? { path: "", advance: 0 } : runSatori(text, style, select(text, style));

  const shape = async (text: string, style: TextStyle): Promise<ShapedLine> => {
    const { path, advance } = await outline(text, style);
    if (path === "") return { text, path, baseline: 0, advance: advance / UNITS_PER_EM, ink: NO_INK };
    // A flat-footed letter stands on the baseline: the lower edge of its outline is where the baseline is.
    const reference = runSatori("H", style, select(`H${text}`, style));
    const baseline = pathBounds((await reference).path).bottom;
    const bounds = pathBounds(path);
    const ink = {
      left: bounds.left / UNITS_PER_EM,
      right: bounds.right / UNITS_PER_EM,
      top: (bounds.top - baseline) / UNITS_PER_EM,
      bottom: (bounds.bottom - baseline) / UNITS_PER_EM,
    };
    return { text, path, baseline, advance: advance / UNITS_PER_EM, ink };
  };

  return {
    fontsHash: fonts.hash,
    shape(text, style) {
      const { weight, voice = "sans", tracking = 0, rtl = "" } = style;
      const key = `${weight} ${voice} ${tracking} ${rtl} ${text}`;
      const known = lines.get(key);
      if (known) return known;
      const line = shape(text.normalize("NFC"), style);
      lines.set(key, line);
      if (lines.size > CACHED_LINES) lines.delete(lines.keys().next().value ?? "");
      return line;
    },
  };
}

/**
 * The files that a text needs: the first of its weight, which sets the line's metrics, and the first that has
 * each further character.
 */
function chooseFiles(fonts: FontSet, text: string, { weight, voice = "sans" }: TextStyle): FontFile[] {
  const ofWeight = fonts.files.filter((file) => file.weight === weight);
  const own = ofWeight.filter((file) => file.voice === "brand" || file.voice === voice);
  // A voice lends the other its letters where it lacks them.
  const candidates = [...own, ...ofWeight.filter((file) => !own.includes(file))];
  const chosen = new Set(candidates.slice(0, 1));
  const missing = new Set<string>();
  for (const character of text) {
    const file = candidates.find(({ has }) => has(character.codePointAt(0) ?? 0));
    if (file) chosen.add(file);
    else missing.add(character);
  }
  if (missing.size > 0) throw glyphMissing(text, [...missing]);
  return candidates.filter((file) => chosen.has(file));
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
    { hint: "Leave these characters out, or add a font to the brand that has them." },
  );
}

async function runSatori(
  text: string,
  style: TextStyle,
  files: FontFile[],
): Promise<{ path: string; advance: number }> {
  // Loaded with the first line that is set, not with the library.
  const { default: satori } = await import("satori");
  let advance = 0;
  const element = {
    type: "div",
    key: null,
    props: {
      style: {
        display: "flex",
        alignSelf: "flex-start",
        whiteSpace: "pre",
        fontSize: UNITS_PER_EM,
        lineHeight: 2,
        letterSpacing: (style.tracking ?? 0) * UNITS_PER_EM,
        direction: (style.rtl ?? isRightToLeft(text)) ? "rtl" : "ltr",
        fontFamily: files.map((file) => file.name).join(", "),
        fontWeight: style.weight,
      },
      children: text,
    },
  };
  const svg = await satori(element, {
    height: UNITS_PER_EM * 2,
    fonts: files,
    pointScaleFactor: POINT_SCALE,
    onNodeDetected: (node) => {
      advance = node.width;
    },
  });
  const paths = [...svg.matchAll(/<path[^>]* d="([^"]+)"/g)].map((match) => match[1]);
  return { path: paths.join(""), advance };
}
