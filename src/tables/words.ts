/** Words that exports write for no value, for yes and for no. Callers add the words of their own column. */

/** Spellings of a missing value, in lower case. */
export const MISSING_WORDS: ReadonlySet<string> = new Set(
  "null|nil|none|nan|na|n/a|n.a.|#n/a|<na>|-|–|—|--|---".split("|"),
);

const NO_WORDS: ReadonlySet<string> = new Set("0|n|no|false|nein|non|nee|falsch".split("|"));
const YES_WORDS: ReadonlySet<string> = new Set(
  "1|x|y|j|o|s|yes|ja|oui|sí|si|true|wahr|given|granted".split("|"),
);

/** Whether a cell is empty or says that it has no value. */
export function isMissingText(text: string): boolean {
  const word = fold(text);
  return word === "" || MISSING_WORDS.has(word);
}

export function isNoText(text: string): boolean {
  return NO_WORDS.has(fold(text));
}

export function isYesText(text: string): boolean {
  return YES_WORDS.has(fold(text));
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
