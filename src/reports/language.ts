/** Texts by key; `{name}` is replaced by a value. */
export type Texts<Key extends string> = Readonly<Record<Key, string>>;

export type TextValues = Readonly<Record<string, string | number>>;

/** The texts of a page in one language. */
export interface Wording<Key extends string> {
  /** ISO 639-1. */
  readonly language: string;
  /** The text of a key with its values filled in. */
  say(key: Key, values?: TextValues): string;
  /** Whether a key that comes from data has a text. */
  knows(key: string): key is Key;
}

/**
 * @param languages texts by ISO 639-1 code; English is used for every missing language
 * @param language of the campaign; null means English
 */
export function wordingIn<Key extends string>(
  languages: Readonly<Record<string, Texts<Key>>> & { readonly en: Texts<Key> },
  language: string | null,
): Wording<Key> {
  const known = language !== null && Object.hasOwn(languages, language) ? language : "en";
  const texts = languages[known] ?? languages.en;
  return {
    language: known,
    say: (key, values = {}) =>
      texts[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)),
    knows: (key): key is Key => Object.hasOwn(texts, key),
  };
}
