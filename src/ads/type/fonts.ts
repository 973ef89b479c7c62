import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expected, LookalikeError, once } from "../../core/index.ts";
import { hashBytes, readNamed, reason } from "../../io/files.ts";
import { type Charset, readCharset } from "./charset.ts";
import { countFaces, extractFace } from "./collection.ts";
import { isWholeFont } from "./sfnt.ts";
import { bareFont } from "./woff.ts";

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
  /** Of its file. */
  readonly path: string;
  /** A bare TrueType or OpenType font, whatever the file was. */
  readonly data: Buffer;
  readonly has: Charset;
}

export interface FontSet {
  readonly files: readonly FontFile[];
  /** Changes with any byte of any font. */
  readonly hash: string;
}

/** A brand's own font file (TTF, OTF, TTC, OTC, WOFF or WOFF2); used before the bundled one. */
export interface BrandFont {
  /** Path of the file. */
  readonly file: string;
  /** The text it is for; default: all weights. */
  readonly weight?: TextWeight | undefined;
  /** Which face of a collection (TTC, OTC), from 0; default: the first. */
  readonly face?: number | undefined;
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

/** Inter for all text, Source Serif for headlines of serif templates. */
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
 * Loads the brand's fonts, followed by the bundled fonts of all scripts as fallback.
 *
 * @throws ERR_FONT_INVALID a brand font is missing, is not a font file, or is a collection without that face
 *
 * @example
 * const fonts = await loadFonts([{ file: "brand/Lumo-Regular.ttf", weight: 500 }]);
 */
export async function loadFonts(brandFonts: readonly BrandFont[] = []): Promise<FontSet> {
  const own = brandFonts.map(async ({ file, weight, face }, index) => {
    const first = weight ?? TEXT_WEIGHTS[0];
    const font = await loadFont(file, { name: `brand-${index}`, weight: first, voice: "brand" }, face);
    return (weight === undefined ? TEXT_WEIGHTS : [weight]).map((each) => ({ ...font, weight: each }));
  });
  const files = [...(await Promise.all(own)).flat(), ...(await bundledFonts())];
  const hash = hashBytes(files.map((file) => `${file.name} ${file.weight} ${hashBytes(file.data)}`).join());
  return { files, hash };
}

/** They are the same in every set, and unpacking them takes 50 ms: they are cached. */
const bundledFonts: () => Promise<readonly FontFile[]> = once(() =>
  Promise.all(BUNDLED.flatMap(loadBundled)),
);

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

/** Collections have several fonts; the largest have about 120 MB. */
const MOST_FILE_BYTES = 256_000_000;

async function loadFont(
  path: string,
  as: Pick<FontFile, "name" | "weight" | "voice">,
  face = 0,
): Promise<FontFile> {
  const file = await readNamed(path, MOST_FILE_BYTES).catch((cause) => {
    throw new LookalikeError("ERR_FONT_INVALID", `Could not read the font ${path}: ${reason(cause)}`, {
      hint: "Check the path of the font in the brand's settings.",
      cause,
    });
  });
  const data = await bareFont(oneFace(file, path, face));
  const has = data !== null && isWholeFont(data) ? readCharset(data) : null;
  if (data === null || has === null) throw notAFont(path);
  const guarded = guard(has, path);
  // Reports damage now rather than with the first text.
  for (const sample of SAMPLES) guarded(sample);
  return { ...as, path, data, has: guarded };
}

/** The first and last of some blocks of letters. */
const SAMPLES = [0x20, 0x41, 0x7a, 0xff, 0x17f, 0x3c9, 0x44f, 0x5ea, 0x64a, 0x20ac, 0xfffd, 0x1f600];

/** Tables are read on request; a truncated table is also reported as a font error. */
function guard(has: Charset, path: string): Charset {
  return (codePoint) => {
    try {
      return has(codePoint);
    } catch {
      throw notAFont(path);
    }
  };
}

/** @param path of the font's file */
export function notAFont(path: string): LookalikeError {
  return new LookalikeError(
    "ERR_FONT_INVALID",
    expected("a whole TTF, OTF, TTC, WOFF or WOFF2 font", path, "a damaged file, or none"),
    { hint: "Upload the font again, or convert it to TTF, OTF, WOFF or WOFF2." },
  );
}

/** The font itself, or the face of a collection; nothing where the collection is damaged. */
function oneFace(file: Buffer, path: string, face: number): Buffer {
  const faces = countFaces(file);
  if (faces === null && face === 0) return file;
  if (!Number.isInteger(face) || face < 0 || face >= (faces ?? 1)) {
    const known = faces === null ? "no collection" : `a collection of ${faces} faces, counted from 0`;
    throw new LookalikeError(
      "ERR_FONT_INVALID",
      expected("a face that the font has", `${path}, ${known}`, face),
      {
        hint: "Correct the font's face in the brand's settings, or remove it to use the first face.",
      },
    );
  }
  try {
    return extractFace(file, face);
  } catch {
    return Buffer.alloc(0);
  }
}
