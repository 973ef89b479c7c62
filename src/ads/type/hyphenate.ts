import { invalidOption } from "../../core/index.ts";

/** Word breaks by the patterns of the library `hyphen`; each language is loaded on request. */

const LANGUAGES = {
  cs: () => import("hyphen/cs/index.js"),
  da: () => import("hyphen/da/index.js"),
  de: () => import("hyphen/de/index.js"),
  en: () => import("hyphen/en/index.js"),
  es: () => import("hyphen/es/index.js"),
  fi: () => import("hyphen/fi/index.js"),
  fr: () => import("hyphen/fr/index.js"),
  hu: () => import("hyphen/hu/index.js"),
  it: () => import("hyphen/it/index.js"),
  nb: () => import("hyphen/nb/index.js"),
  nl: () => import("hyphen/nl/index.js"),
  pl: () => import("hyphen/pl/index.js"),
  pt: () => import("hyphen/pt/index.js"),
  ru: () => import("hyphen/ru/index.js"),
  sv: () => import("hyphen/sv/index.js"),
  tr: () => import("hyphen/tr/index.js"),
  uk: () => import("hyphen/uk/index.js"),
} as const;

/** ISO 639-1 codes. */
export const HYPHENATED_LANGUAGES: readonly string[] = Object.keys(LANGUAGES);

/** Scripts that break without hyphens, and languages without patterns here: their words break at soft hyphens alone. */
const UNHYPHENATED: readonly string[] = "ar bg el et fa he hi hr id ja ko lt lv ro sk sl sr th vi zh".split(
  " ",
);

/** What a campaign's words may be written in, ISO 639-1 codes. */
export const AD_LANGUAGES: readonly string[] = [...HYPHENATED_LANGUAGES, ...UNHYPHENATED].sort();

/** The text with soft hyphens where its long words may break. */
export type Hyphenate = (text: string) => string;

const SOFT_HYPHEN = "\u00ad";
/** Shorter words stay whole, and no break leaves fewer letters than this on either line. */
const LEAST_WORD = 9;
const LEAST_PART = 3;
/** A word with soft hyphens is not changed. */
const LONG_WORD = new RegExp(`[\\p{L}\\p{M}${SOFT_HYPHEN}]{${LEAST_WORD},}`, "gu");

/** @throws ERR_OPTION_INVALID not one of `AD_LANGUAGES` */
export async function loadHyphenation(language: string): Promise<Hyphenate> {
  if (UNHYPHENATED.includes(language)) return (text) => text;
  const load = Object.entries(LANGUAGES).find(([code]) => code === language)?.[1];
  if (!load) {
    throw invalidOption(
      "a language",
      "language",
      language,
      `Choose one of ${AD_LANGUAGES.join(", ")}, or remove it.`,
    );
  }
  const { default: patterns } = await load();
  return (text) =>
    text.replace(LONG_WORD, (word) => {
      if (word.includes(SOFT_HYPHEN)) return word;
      return longParts(patterns.hyphenateSync(word, { minWordLength: LEAST_WORD, hyphenChar: SOFT_HYPHEN }));
    });
}

function longParts(word: string): string {
  const parts = word.split(SOFT_HYPHEN);
  let kept = parts[0] ?? "";
  let open = kept.length;
  for (const [index, part] of parts.slice(1).entries()) {
    const rest = parts.slice(index + 1).join("").length;
    const mayBreak = open >= LEAST_PART && rest >= LEAST_PART;
    kept += mayBreak ? SOFT_HYPHEN + part : part;
    open = mayBreak ? part.length : open + part.length;
  }
  return kept;
}
