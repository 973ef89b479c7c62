import { sentence, type TextValues, type Wording, wordingIn } from "../../../reports/index.ts";
import { GERMAN } from "./de.ts";
import { ENGLISH, type ProofWord } from "./en.ts";
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

/** Stems of the texts with a singular and a plural form. */
type Counted = ProofWord extends infer Word ? (Word extends `${infer Stem}_one` ? Stem : never) : never;

/** Texts, numbers and dates of the page in one language. */
export interface Speaker extends Wording<ProofWord> {
  /** The singular or plural text for this number; `{count}` is the number. */
  sayFor(number: number, word: Counted, values?: TextValues): string;
  /** Why a customer is shown the default photo; a code without a text is shown as it is. */
  reason(code: string): string;
  warning(code: string): string;
  count(number: number): string;
  fixed(number: number, digits: number): string;
  /** A number with up to 6 decimals. */
  decimal(number: number): string;
  /** A share in percent; never 0 % or 100 % unless it is exactly that. */
  share(part: number, whole: number): string;
  signed(value: number, digits: number): string;
  day(iso: string): string;
  /** Date and time to the minute, in UTC. */
  moment(iso: string): string;
}

/**
 * @param language ISO 639-1 code of the campaign: en, de, es, fr, it or nl; English for others and for none
 */
export function speakerOf(language: string | undefined): Speaker {
  const wording = wordingIn<ProofWord>(LANGUAGES, language ?? null);
  const { say, knows } = wording;
  const locale = wording.language === "en" ? "en-GB" : wording.language;
  const count = (number: number) => number.toLocaleString(locale);
  const fixed = (number: number, digits: number) =>
    number.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const coded = (prefix: "reason" | "warning", code: string) => {
    const word = `${prefix}_${code}`;
    return knows(word) ? say(word) : sentence(code.replaceAll("_", " "));
  };
  const day = (iso: string) =>
    new Date(iso).toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" });
  return {
    ...wording,
    sayFor: (number, word, values = {}) =>
      say(`${word}_${number === 1 ? "one" : "many"}`, { count: count(number), ...values }),
    reason: (code) => coded("reason", code),
    warning: (code) => coded("warning", code),
    count,
    fixed,
    decimal: (number) => number.toLocaleString(locale, { maximumFractionDigits: 6 }),
    share: shareText,
    signed: (value, digits) => `${value < 0 ? "−" : "+"}${fixed(Math.abs(value), digits)}`,
    day,
    moment: (iso) => `${day(iso)}, ${new Date(iso).toISOString().slice(11, 16)} UTC`,
  };
}

function shareText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0\u00a0%";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<\u00a01\u00a0%";
  if (part < whole && percent > 99) return ">\u00a099\u00a0%";
  return `${Math.round(percent)}\u00a0%`;
}
