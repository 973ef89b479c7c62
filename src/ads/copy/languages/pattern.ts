/** What patterns of all languages share. */

export interface AttributePattern {
  /** What the words give away, as it completes "implies knowledge of". */
  readonly attribute: string;
  readonly pattern: RegExp;
}

export interface LanguageRules {
  /** ISO 639-1. */
  readonly language: string;
  /** Wording that implies an attribute. */
  readonly attributes: readonly AttributePattern[];
  /** Wording that most often leads to an attribute, and is harmless now and then. */
  readonly suspects: readonly AttributePattern[];
}

/** Whole words, including letters with accents, which `\b` does not support. */
function wholeWords(source: string, flags = "iu"): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, flags);
}

/** The attributes of a language, by the words for each, as they are listed. */
export function attributesOf(
  patterns: Readonly<Partial<Record<Attribute, readonly string[]>>>,
  flags?: string,
): AttributePattern[] {
  return Object.entries(patterns).flatMap(([attribute, sources]) =>
    sources.map((source) => ({
      attribute: ATTRIBUTES[attribute as Attribute],
      pattern: wholeWords(source, flags),
    })),
  );
}

const ATTRIBUTES = {
  age: "the reader's age",
  belief: "the reader's belief",
  origin: "the reader's origin",
  orientation: "the reader's sexual orientation",
  health: "the reader's health",
  finances: "the reader's finances",
  record: "the reader's record or membership",
  looks: "the reader's looks",
  something: "something about the reader",
} as const;
export type Attribute = keyof typeof ATTRIBUTES;
