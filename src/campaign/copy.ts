import type { AdCopy } from "../ads/index.ts";
import { cell, expected, LookalikeError, type Table } from "../core/index.ts";
import { suggestion } from "./problems.ts";
import type { CampaignOffer } from "./types.ts";

/** `{column}` or `{column|what to say where it is missing}`. */
const PLACEHOLDER = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** An offer's words for one customer: placeholders become the customer's values. */
export function fillCopy(offer: CampaignOffer, table: Table, row: number): AdCopy {
  return fill(offer, (name) => {
    const column = table.columns.get(name);
    return column === undefined ? null : cell(column, row);
  });
}

/** The same words for everyone: each placeholder says what it says where the value is missing. */
export function plainCopy(offer: CampaignOffer): AdCopy {
  return fill(offer, () => null);
}

/** The customers' columns that an offer's words name, each once. */
export function placeholdersOf({ headline, body, cta }: CampaignOffer): string[] {
  const names = [...`${headline}\n${body}\n${cta}`.matchAll(PLACEHOLDER)].map(([, name = ""]) => name.trim());
  return [...new Set(names)];
}

function fill(offer: CampaignOffer, lookUp: (name: string) => number | string | null): AdCopy {
  const replace = (text: string) =>
    text.replace(PLACEHOLDER, (_, name: string, fallback = "") => spoken(lookUp(name.trim())) || fallback);
  return { headline: replace(offer.headline), body: replace(offer.body), cta: replace(offer.cta) };
}

/** Longer values are no words of a headline; what a column holds is not ours to trust. */
const LONGEST_VALUE = 60;
/** Control characters, and the marks that turn the direction of the text around them. */
const UNSPOKEN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** A customer's value as words: one line, nothing that hides or turns other words; empty where it is missing. */
function spoken(value: number | string | null): string {
  const words = String(value ?? "")
    .replace(/\s+/g, " ")
    .replace(UNSPOKEN, "")
    .trim();
  return words.length > LONGEST_VALUE ? "" : words;
}

/**
 * Refuses placeholders that name no column of the customers, and braces that are none.
 * @throws ERR_CAMPAIGN_INVALID
 */
export function checkPlaceholders(offers: readonly CampaignOffer[], columns: readonly string[]): void {
  for (const offer of offers) {
    for (const key of ["headline", "body", "cta"] as const) {
      refuseStrayBraces(offer, key);
      for (const [whole, name = ""] of offer[key].matchAll(PLACEHOLDER)) {
        if (columns.includes(name.trim())) continue;
        throw new LookalikeError(
          "ERR_CAMPAIGN_INVALID",
          `Expected a column of the customers for ${key} of offer ${offer.id} but received ${whole}${suggestion(name.trim(), columns)}`,
          { hint: `The customers have these columns: ${columns.join(", ")}.` },
        );
      }
    }
  }
}

/** A brace that opens nothing would be read by customers as it stands. */
function refuseStrayBraces(offer: CampaignOffer, key: "headline" | "body" | "cta"): void {
  if (!/[{}]/.test(offer[key].replace(PLACEHOLDER, ""))) return;
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    expected("pairs of braces", `${key} of offer ${offer.id}`, offer[key]),
    {
      hint: "Write {column}, or {column|what to say where it is missing}.",
    },
  );
}
