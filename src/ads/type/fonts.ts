import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expected, LookalikeError } from "../../errors.ts";
import { hashBytes, reason } from "../../files.ts";
import { type Charset, readCharset } from "./charset.ts";

/** Font files in memory, with what each can draw. */

export const TEXT_WEIGHTS = [500, 700, 800] as const;
export type TextWeight = (typeof TEXT_WEIGHTS)[number];

/** Whose letters a bundled font has. */
export type FontVoice = "sans" | "serif";

export interface FontFile {
  /** Unique per file: files of one family must not shadow each other's scripts. */
  readonly name: string;
  readonly weight: TextWeight;
  readonly voice: FontVoice | "brand";
  readonly data: Buffer;
  readonly has: Charset;
}

export interface FontSet {
  readonly files: readonly FontFile[];
  /** Changes with any byte of any font. */
  readonly hash: string;
}

/** A brand's own font file (TTF, OTF, WOFF or WOFF2); used before the bundled one. */
export interface BrandFont {
  /** Path of the file. */
  readonly file: string;
  /** The text it is for; default: all weights. */
  readonly weight?: TextWeight | undefined;
}

/** Bundled fonts come cut by script; Latin first, because it also sets the metrics of a line. */
const SUBSETS = [
  "latin",
  "latin-ext",
  "cyrillic",
  "cyrillic-ext",
  "greek",
  "greek-ext",
  "vietnamese",
] as const;

interface BundledFont {
  readonly voice: FontVoice;
  readonly family: string;
  readonly weights: readonly TextWeight[];
  readonly subsets: readonly string[];
}

/** Inter for everything, Source Serif for headlines of templates that speak in serifs. */
const BUNDLED: readonly BundledFont[] = [
  { voice: "sans", family: "inter", weights: TEXT_WEIGHTS, subsets: SUBSETS },
  {
    voice: "serif",
    family: "source-serif-4",
    weights: [700],
    subsets: SUBSETS.filter((subset) => subset !== "greek-ext"),
  },
];

/**
 * Loads the bundled fonts (all their scripts) behind the brand's own.
 *
 * @throws ERR_FONT_INVALID a brand font is missing or no TTF, OTF, WOFF or WOFF2 file
 */
export async function loadFonts(brandFonts: readonly BrandFont[] = []): Promise<FontSet> {
  const own = brandFonts.flatMap(({ file, weight }, index) =>
    (weight === undefined ? TEXT_WEIGHTS : [weight]).map((w) =>
      loadFont(file, { name: `brand-${index}`, weight: w, voice: "brand" }),
    ),
  );
  const files = await Promise.all([...own, ...BUNDLED.flatMap(loadBundled)]);
  const hash = hashBytes(files.map((file) => `${file.name} ${file.weight} ${hashBytes(file.data)}`).join());
  return { files, hash };
}

function loadBundled({ voice, family, weights, subsets }: BundledFont): Promise<FontFile>[] {
  const manifest = createRequire(import.meta.url).resolve(`@fontsource/${family}/package.json`);
  const folder = join(dirname(manifest), "files");
  return weights.flatMap((weight) =>
    subsets.map((subset) =>
      loadFont(join(folder, `${family}-${subset}-${weight}-normal.woff`), {
        name: `${family}-${subset}`,
        weight,
        voice,
      }),
    ),
  );
}

async function loadFont(path: string, as: Pick<FontFile, "name" | "weight" | "voice">): Promise<FontFile> {
  const data = await readFile(path).catch((cause) => {
    throw new LookalikeError("ERR_FONT_INVALID", `Could not read the font ${path}: ${reason(cause)}`, {
      hint: "Check the path of the font in the brand's settings.",
      cause,
    });
  });
  const has = readCharset(data);
  if (has === null) {
    throw new LookalikeError(
      "ERR_FONT_INVALID",
      expected("a TTF, OTF, WOFF or WOFF2 font", path, "other bytes"),
      {
        hint: "Convert the font to TTF, OTF, WOFF or WOFF2.",
      },
    );
  }
  return { ...as, data, has };
}
