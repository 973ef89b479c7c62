import type { AdCopy, AdPhoto, Brand } from "../types.ts";

/** Numbers that read better as words. */
const COUNTS = ["", "a person", "two people", "three people", "four people", "five people"];

/**
 * What an ad shows, in words: what it says comes first, because that is what a reader who cannot see it misses. The
 * people are counted, never described.
 */
export function altText(brand: Brand, copy: AdCopy, photo: AdPhoto): string {
  const people = photo.faces.length;
  const shown = people === 0 ? "" : ` Photo of ${COUNTS[people] ?? "a group of people"}.`;
  const said = [copy.headline, copy.body, copy.cta].map(sentence).filter(Boolean).join(" ");
  return `${brand.name}: ${said}${shown}`;
}

function sentence(text: string): string {
  const trimmed = text.replace(/\s+/g, " ").trim();
  return trimmed === "" || /[.!?…。！？؟]$/u.test(trimmed) ? trimmed : `${trimmed}.`;
}
