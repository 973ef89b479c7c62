import type { Font } from "harfbuzzjs";
import { LookalikeError } from "../../core/index.ts";
import { type FontFile, notAFont } from "./fonts.ts";
import type { Run } from "./runs.ts";

/** The adapter of HarfBuzz: converts a run of text to outlines, with joined letters and placed marks. */

/** Outlines at `UNITS_PER_EM` units per em, the line's origin at the left end of the baseline, y downwards. */
interface ShapedRun {
  /** SVG path data of absolute commands. */
  readonly path: string;
  /** Width of the run, units. */
  readonly advance: number;
}

interface RunPlace {
  /** From the line's left end, units. */
  readonly x: number;
  /** Added behind each letter, units. */
  readonly tracking: number;
}

export interface Shaper {
  /** Shapes a run of a line at its place in it. */
  shape(line: string, run: Run, place: RunPlace): ShapedRun;
}

/** Size at which lines are shaped; outlines are scaled from there. */
export const UNITS_PER_EM = 200;
/** HarfBuzz counts in whole numbers: this many to a unit. */
const FINENESS = 100;

/** HarfBuzz keeps a copy of each font: the bundled ones are the same in every typesetter. */
const fonts = new WeakMap<FontFile, Font>();

/** Loaded with the first line that is set, not with the library. */
export async function createShaper(): Promise<Shaper> {
  const hb = await import("harfbuzzjs");
  const fontOf = (file: FontFile): Font => {
    const known = fonts.get(file);
    if (known) return known;
    const font = new hb.Font(new hb.Face(new hb.Blob(file.data)));
    font.setScale(UNITS_PER_EM * FINENESS, UNITS_PER_EM * FINENESS);
    fonts.set(file, font);
    return font;
  };
  // Letters with added space have no ligatures (CSS Text 3, section 8.2).
  const unbound = ["liga", "clig"].map((tag) => new hb.Feature(tag, 0));
  return {
    shape(line, { start, end, font: file, level, isJoined }, place) {
      const font = fontOf(file);
      const tracking = isJoined ? 0 : place.tracking;
      const buffer = new hb.Buffer();
      buffer.addText(line, start, end - start);
      buffer.setDirection(level % 2 === 1 ? hb.Direction.RTL : hb.Direction.LTR);
      buffer.guessSegmentProperties();
      hb.shape(font, buffer, tracking === 0 ? [] : unbound);
      const infos = buffer.getGlyphInfos();
      const positions = buffer.getGlyphPositions();
      const clusters = new Map<number, Drawn>();
      let path = "";
      let pen = 0;
      for (const [index, { codepoint: glyph, cluster }] of infos.entries()) {
        const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
        const outline = font.glyphToPath(glyph);
        if (outline.length > MOST_OUTLINE) throw tooDetailed(file.path);
        const drawn = clusters.get(cluster);
        clusters.set(cluster, {
          hasInk: drawn?.hasInk === true || outline !== "",
          advance: (drawn?.advance ?? 0) + xAdvance,
        });
        path += moved(outline, place.x + pen + xOffset / FINENESS, yOffset / FINENESS);
        pen += xAdvance / FINENESS;
        if (infos[index + 1]?.cluster !== cluster) pen += tracking;
      }
      requireLetters(line, end, clusters, file.path);
      return { path, advance: pen };
    },
  };
}

/**
 * Characters of one glyph's path, some 8,000 points: the most detailed fonts have a quarter of it, and ads with a multiple
 * take minutes.
 */
const MOST_OUTLINE = 100_000;

function tooDetailed(path: string): LookalikeError {
  return new LookalikeError(
    "ERR_FONT_INVALID",
    `Expected outlines of at most 8,000 points a letter for ${path} but received more`,
    { hint: "Simplify the font's outlines, or choose another font." },
  );
}

/** Characters with outlines in any font that has them; not the fillers among the letters and the blank Braille pattern. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
/** Characters that have a width as well. */
const SPACED = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u;

/** What a font gives the characters of a cluster. */
interface Drawn {
  readonly hasInk: boolean;
  readonly advance: number;
}

/**
 * Rejects a font whose outlines or widths are damaged: letters would be missing in the ad, or lie on each other.
 *
 * @param clusters by their first character; a cluster ends where the next one begins
 */
function requireLetters(line: string, end: number, clusters: ReadonlyMap<number, Drawn>, path: string): void {
  const starts = [...clusters.keys()].sort((a, b) => a - b);
  for (const [index, start] of starts.entries()) {
    const text = line.slice(start, starts[index + 1] ?? end);
    const { hasInk, advance } = clusters.get(start) as Drawn;
    if ((!hasInk && VISIBLE.test(text)) || (advance === 0 && SPACED.test(text))) throw notAFont(path);
  }
}

const POINT = /(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)/g;

/** A glyph's path at its place in the run, in units, with y downwards. */
function moved(path: string, x: number, y: number): string {
  return path.replace(POINT, (_, px: string, py: string) => {
    return `${tenths(Number(px) / FINENESS + x)} ${tenths(-Number(py) / FINENESS - y)} `;
  });
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
