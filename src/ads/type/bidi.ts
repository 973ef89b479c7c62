import bidiJs from "bidi-js";
import { once } from "../../core/index.ts";

/** The adapter of bidi-js: the direction of each character of a line (Unicode Bidirectional Algorithm). */

export type ReadLevels = (text: string, isRtl: boolean) => Uint8Array;

/** Its types describe the ES module, of which Node is given the CommonJS form: the function itself. */
const createBidi = bidiJs as unknown as typeof bidiJs.default;

/** By the plain algorithm "128 GB" would become "GB 128" in a Hebrew line; an amount is one expression, like a word. */
const AMOUNT = /\d[\d.,]*[ \u00a0](?=\p{Script=Latin})/gu;

/** Unpacking its tables takes 20 ms: they are kept from the first use on. */
const bidi = once(createBidi);

/** Embedding levels by UTF-16 unit: odd ones are read from right to left. */
export const readLevels: ReadLevels = (text, isRtl) => {
  const words = text.replace(AMOUNT, (amount) => "a".repeat(amount.length));
  return bidi().getEmbeddingLevels(words, isRtl ? "rtl" : "ltr").levels;
};

/** Pieces of one line from left to right (rule L2). */
export function inVisualOrder<T extends { readonly level: number }>(pieces: readonly T[]): T[] {
  const ordered = [...pieces];
  const highest = Math.max(0, ...pieces.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    for (let start = 0; start < ordered.length; start++) {
      let end = start;
      while ((ordered[end]?.level ?? 0) >= level) end++;
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = end;
    }
  }
  return ordered;
}
