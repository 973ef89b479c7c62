import type { Cell } from "./check.ts";

/**
 * The last check before a public file: no word of it may be a customer's identifier. Files are small (a row
 * per distinct ad) and customers many, so the file's words are kept in memory and every customer is compared
 * with them once.
 */
export interface PersonalGuard {
  /** Keeps a row's words. */
  add(row: number, columns: readonly string[], cells: readonly Cell[]): void;
  /**
   * Where the identifier appears; null if it does not. Identifiers below 4 characters are ignored, and numbers below 7
   * digits unless they are a whole part of an address: "2026" or "1299" in a text for all customers is nobody.
   */
  find(customerId: string): { readonly row: number; readonly column: string } | null;
}

const LEAST_ID_LENGTH = 4;

export function createPersonalGuard(): PersonalGuard {
  const places = new Map<string, { row: number; column: string }>();
  return {
    add(row, columns, cells) {
      for (const [i, cell] of cells.entries()) {
        if (typeof cell !== "string") continue;
        for (const word of wordsOf(cell)) {
          if (!places.has(word)) places.set(word, { row, column: columns[i] ?? "" });
        }
      }
    },
    find: (customerId) => {
      const id = normalized(customerId);
      return id.length < LEAST_ID_LENGTH ? null : (places.get(id) ?? null);
    },
  };
}

const SHORT_NUMBER = /^\d{1,6}$/;

/** The whole cell, its words, and the segments and values of the addresses in it, in lower case. */
function wordsOf(cell: string): string[] {
  const parts = [cell, ...cell.split(/[\s,;|]+/)];
  const ofAddresses = parts
    .filter((part) => /^https?:/i.test(part) && URL.canParse(part))
    .flatMap(addressWords);
  const words = parts.map(normalized).filter((word) => !SHORT_NUMBER.test(word));
  return [...new Set([...words, ...ofAddresses.map(normalized)])].filter(
    (word) => word.length >= LEAST_ID_LENGTH,
  );
}

function addressWords(address: string): string[] {
  const url = new URL(address);
  const values = [...url.searchParams.values()];
  return [
    ...url.pathname.split("/").map(decoded),
    ...values,
    ...values.flatMap((value) => value.split(/[\s,;|]+/)).filter((word) => !SHORT_NUMBER.test(word)),
  ];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A word without the punctuation around it. */
function normalized(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/^[\p{P}]+|[\p{P}]+$/gu, "");
}
