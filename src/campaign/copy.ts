import type { AdCopy, CopyExtras } from "../ads/index.ts";
import { cell, expected, LookalikeError, type Table } from "../core/index.ts";
import { PLAIN_COPY } from "../experiments/index.ts";
import { suggestion } from "./problems.ts";
import type { CampaignOffer } from "./types.ts";

/** Whether an offer has words of that name. */
export function hasVariant({ variants }: CampaignOffer, name: string): boolean {
  return name === PLAIN_COPY || variants?.[name] !== undefined;
}

/** The offer with the words of a variant; as it is where it has none of that name. */
export function variantOf(offer: CampaignOffer, name: string): CampaignOffer {
  const words = offer.variants?.[name];
  return words === undefined ? offer : { ...offer, ...words };
}

/** The offer with each of its words in turn. */
export function allVariants(offer: CampaignOffer): CampaignOffer[] {
  return [offer, ...Object.keys(offer.variants ?? {}).map((name) => variantOf(offer, name))];
}

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

/** An offer's further words for one customer. */
export function fillExtras(offer: CampaignOffer, table: Table, row: number): CopyExtras {
  return extrasWith(
    offer,
    filler((name) => {
      const column = table.columns.get(name);
      return column === undefined ? null : cell(column, row);
    }),
  );
}

/** The same further words for everyone. */
export function plainExtras(offer: CampaignOffer): CopyExtras {
  return extrasWith(
    offer,
    filler(() => null),
  );
}

/** The customers' columns that an offer's words name, each once. */
export function placeholdersOf(offer: CampaignOffer): string[] {
  const words = allVariants(offer).flatMap((own) => textsOf(own).map(([, text]) => text));
  const names = [...words.join("\n").matchAll(PLACEHOLDER)].map(([, name = ""]) => name.trim());
  return [...new Set(names)];
}

function fill(offer: CampaignOffer, lookUp: (name: string) => number | string | null): AdCopy {
  const replace = filler(lookUp);
  return { headline: replace(offer.headline), body: replace(offer.body), cta: replace(offer.cta) };
}

function filler(lookUp: (name: string) => number | string | null): (text: string) => string {
  return (text) =>
    text.replace(PLACEHOLDER, (_, name: string, fallback = "") => spoken(lookUp(name.trim())) || fallback);
}

function extrasWith({ extras }: CampaignOffer, replace: (text: string) => string): CopyExtras {
  const { headlineShort, legal, channels } = extras;
  const inChannels = Object.entries(channels ?? {}).map(([id, words]) => {
    const filled = Object.entries(words).map(([key, text]) => [key, text && replace(text)]);
    return [id, Object.fromEntries(filled)];
  });
  return {
    headlineShort: headlineShort && replace(headlineShort),
    legal: legal && replace(legal),
    channels: Object.fromEntries(inChannels),
  };
}

/** Everything that an offer says, with the key under which the campaign's file says it. */
function textsOf({ headline, body, cta, extras }: CampaignOffer): [key: string, text: string][] {
  const { headlineShort, legal, channels = {} } = extras;
  const inChannels = Object.entries(channels).flatMap(([id, words]) =>
    Object.entries(words).map(([key, text = ""]): [string, string] => [`channels.${id}.${key}`, text]),
  );
  const own: [string, string | undefined][] = [
    ["headline", headline],
    ["body", body],
    ["cta", cta],
    ["headline_short", headlineShort],
    ["legal", legal],
  ];
  return [
    ...own.flatMap(([key, text]): [string, string][] => (text === undefined ? [] : [[key, text]])),
    ...inChannels,
  ];
}

/** Longer values are not suitable for a headline; values of columns are untrusted. */
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
  for (const offer of offers.flatMap(allVariants)) {
    for (const [key, text] of textsOf(offer)) {
      refuseStrayBraces(offer.id, key, text);
      for (const [whole, name = ""] of text.matchAll(PLACEHOLDER)) {
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

/** An unmatched brace would be visible to customers. */
function refuseStrayBraces(offerId: string, key: string, text: string): void {
  if (!/[{}]/.test(text.replace(PLACEHOLDER, ""))) return;
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    expected("pairs of braces", `${key} of offer ${offerId}`, text),
    {
      hint: "Write {column}, or {column|fallback text}.",
    },
  );
}
