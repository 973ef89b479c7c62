import { type Wording, wordingIn } from "../../../reports/index.ts";
import { GERMAN } from "./de.ts";
import { ENGLISH, type PrivacyWord } from "./en.ts";
import { SPANISH } from "./es.ts";
import { FRENCH } from "./fr.ts";
import { ITALIAN } from "./it.ts";
import { DUTCH } from "./nl.ts";

const LANGUAGES = {
  en: ENGLISH,
  de: GERMAN,
  es: SPANISH,
  fr: FRENCH,
  it: ITALIAN,
  nl: DUTCH,
};

export interface Speaker extends Wording<PrivacyWord> {
  number(value: number, digits: number): string;
  percent(share: number): string;
}

/**
 * The texts in the campaign's language: English, German, Spanish, French, Italian or Dutch; English for
 * others.
 *
 * @param language ISO 639-1; null: English
 */
export function speakerOf(language: string | null): Speaker {
  const wording = wordingIn<PrivacyWord>(LANGUAGES, language);
  return {
    ...wording,
    number: (value, digits) =>
      value.toLocaleString(wording.language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
    percent: (share) => `${(100 * share).toLocaleString(wording.language, { maximumFractionDigits: 1 })} %`,
  };
}
