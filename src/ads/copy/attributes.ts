import { GERMAN } from "./languages/de.ts";
import { ENGLISH } from "./languages/en.ts";
import { SPANISH } from "./languages/es.ts";
import { FRENCH } from "./languages/fr.ts";
import { ITALIAN } from "./languages/it.ts";
import { DUTCH } from "./languages/nl.ts";
import type { AttributePattern, LanguageRules } from "./languages/pattern.ts";

/**
 * Words that imply that an advertiser knows something about the reader.
 *
 * Sources, checked 2026-11-21: Meta, Advertising Standards, Personal attributes
 * (https://transparency.meta.com/policies/ad-standards/objectionable-content/privacy-violations-personal-attributes/):
 * no assertion or implication of race, ethnicity, religion, belief, age, sexual orientation, gender identity,
 * disability, health, vulnerable financial status, voting status, union membership, criminal record or name; "you" and
 * "your" are fine without one. Google Ads, Personalised advertising
 * (https://support.google.com/adspolicy/answer/143465): no ad may imply knowledge of personally identifiable or
 * sensitive information.
 *
 * Every language's patterns are checked on every copy, so the language need not be declared. They find
 * what is plain to see and replace no reviewer.
 */
const LANGUAGES: readonly LanguageRules[] = [ENGLISH, GERMAN, FRENCH, DUTCH, SPANISH, ITALIAN];

export const ATTRIBUTE_PATTERNS: readonly AttributePattern[] = LANGUAGES.flatMap((rules) => rules.attributes);

/** Wording that most often leads to an attribute, and is harmless now and then. */
export const SUSPECT_PATTERNS: readonly AttributePattern[] = LANGUAGES.flatMap((rules) => rules.suspects);
