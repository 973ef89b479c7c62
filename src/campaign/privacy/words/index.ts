import { GERMAN } from "./de.ts";
import { ENGLISH, type PrivacyWord, type PrivacyWords } from "./en.ts";
import { SPANISH } from "./es.ts";
import { FRENCH } from "./fr.ts";
import { ITALIAN } from "./it.ts";
import { DUTCH } from "./nl.ts";

const LANGUAGES: Readonly<Record<string, PrivacyWords>> = {
  en: ENGLISH,
  de: GERMAN,
  es: SPANISH,
  fr: FRENCH,
  it: ITALIAN,
  nl: DUTCH,
};

export interface Speaker {
  /** ISO 639-1. */
  readonly language: string;
  /** The text of a key with its values filled in. */
  say(word: PrivacyWord, values?: Readonly<Record<string, string | number>>): string;
  /** Whether there is a text for a key that comes from data. */
  knows(word: string): word is PrivacyWord;
  number(value: number, digits: number): string;
  percent(share: number): string;
}

/**
 * Speaks the campaign's language: English, German, Spanish, French, Italian or Dutch; English for every other.
 *
 * @param language ISO 639-1; null: English
 */
export function speakerOf(language: string | null): Speaker {
  const known = language !== null && language in LANGUAGES ? language : "en";
  const words = LANGUAGES[known] ?? ENGLISH;
  return {
    language: known,
    say: (word, values = {}) =>
      words[word].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)),
    knows: (word): word is PrivacyWord => word in words,
    number: (value, digits) =>
      value.toLocaleString(known, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    percent: (share) => `${(100 * share).toLocaleString(known, { maximumFractionDigits: 1 })} %`,
  };
}
