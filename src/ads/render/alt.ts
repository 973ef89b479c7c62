import type { Brand, CreativeCopy } from "../types.ts";

/** Numbers that read better as words. */
const COUNTS = ["", "a person", "two people", "three people", "four people", "five people"];

/**
 * What a creative shows, in words: what it says comes first, because that is what a reader who cannot see it misses. The
 * people are counted, never described.
 *
 * @param copy the words that the creative shows
 * @param people how many of the photo's people it shows
 */
export function altText(brand: Brand, copy: CreativeCopy, people: number): string {
  const shown = people === 0 ? "" : ` Photo of ${COUNTS[people] ?? "a group of people"}.`;
  const said = [copy.headline, copy.body, copy.cta, copy.legal ?? ""].map(sentence).filter(Boolean).join(" ");
  return `${brand.name}: ${said}${shown}`;
}

/** Read aloud, a soft hyphen would break the word. */
function sentence(text: string): string {
  const trimmed = text.replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
  return trimmed === "" || /[.!?…。！？؟]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
