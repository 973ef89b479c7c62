import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expected, LookalikeError } from "../../errors.ts";
import { hashBytes, reason } from "../../files.ts";
import { type Charset, readCharset } from "./charset.ts";

/** Font files in memory, with what each can draw. */

export const TEXT_WEIGHTS = [500, 700, 800] as const;
export type TextWeight = (typeof TEXT_WEIGHTS)[number];

export interface FontFile {
  /** Unique per file: files of one family must not shadow each other's scripts. */
  readonly name: string;
  readonly weight: TextWeight;
  readonly data: Buffer;
  readonly has: Charset;
}

export interface FontSet {
  readonly files: readonly FontFile[];
  /** Changes with any byte of any font. */
  readonly hash: string;
}

/** A brand's own font file (TTF, OTF or WOFF); used before the bundled one. */
export interface BrandFont {
  /** Path of the file. */
  readonly file: string;
  /** The text it is for; default: all weights. */
  readonly weight?: TextWeight | undefined;
}

/** Inter comes cut by script; Latin first, because it also sets the metrics of a line. */
const INTER_SUBSETS = [
  "latin",
  "latin-ext",
  "cyrillic",
  "cyrillic-ext",
  "greek",
  "greek-ext",
  "vietnamese",
] as const;

/**
 * Loads the bundled Inter (all its scripts) behind the brand's own fonts.
 *
 * @throws ERR_FONT_INVALID a brand font is missing or no TTF, OTF or WOFF file
 */
export async function loadFonts(brandFonts: readonly BrandFont[] = []): Promise<FontSet> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("@fontsource/inter/package.json")),
    "files",
  );
  const own = brandFonts.flatMap(({ file, weight }, index) =>
    (weight === undefined ? TEXT_WEIGHTS : [weight]).map((w) => loadFont(file, `brand-${index}`, w)),
  );
  const bundled = TEXT_WEIGHTS.flatMap((weight) =>
    INTER_SUBSETS.map((subset) =>
      loadFont(join(folder, `inter-${subset}-${weight}-normal.woff`), `inter-${subset}`, weight),
    ),
  );
  const files = await Promise.all([...own, ...bundled]);
  const hash = hashBytes(files.map((file) => `${file.name} ${file.weight} ${hashBytes(file.data)}`).join());
  return { files, hash };
}

async function loadFont(path: string, name: string, weight: TextWeight): Promise<FontFile> {
  const data = await readFile(path).catch((cause) => {
    throw new LookalikeError("ERR_FONT_INVALID", `Could not read the font ${path}: ${reason(cause)}`, {
      hint: "Check the path of the font in the brand's settings.",
      cause,
    });
  });
  const has = readCharset(data);
  if (has === null) {
    throw new LookalikeError("ERR_FONT_INVALID", expected("a TTF, OTF or WOFF font", path, "other bytes"), {
      hint: "Convert the font to TTF, OTF or WOFF.",
    });
  }
  return { name, weight, data, has };
}
