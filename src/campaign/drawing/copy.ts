import type { AdCopy, CopyExtras } from "../../ads/index.ts";
import { cell, expected, LookalikeError, type Table } from "../../core/index.ts";
import { PLAIN_COPY } from "../../experiments/index.ts";
import { suggestion } from "../file/problems.ts";
import type { CampaignOffer } from "../types.ts";

/** Whether an offer has a variant of that name. */
export function hasVariant({ variants }: CampaignOffer, name: string): boolean {
  return name === PLAIN_COPY || variants?.[name] !== undefined;
}

/** The offer with the text of a variant; unchanged if it has none of that name. */
export function variantOf(offer: CampaignOffer, name: string): CampaignOffer {
  const words = offer.variants?.[name];
  return words === undefined ? offer : { ...offer, ...words };
}

/** The offer with each of its texts. */
export function allVariants(offer: CampaignOffer): CampaignOffer[] {
  return [offer, ...Object.keys(offer.variants ?? {}).map((name) => variantOf(offer, name))];
}

/** `{column}` or `{column|fallback if the value is missing}`. */
const PLACEHOLDER = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** An offer's text for one customer: placeholders become the customer's values. */
export function fillCopy(offer: CampaignOffer, table: Table, row: number): AdCopy {
  return fill(offer, (name) => {
    const column = table.columns.get(name);
    return column === undefined ? null : cell(column, row);
  });
}

/** The text for all customers: each placeholder becomes its fallback. */
export function plainCopy(offer: CampaignOffer): AdCopy {
  return fill(offer, () => null);
}

/** An offer's further texts for one customer. */
export function fillExtras(offer: CampaignOffer, table: Table, row: number): CopyExtras {
  return extrasWith(
    offer,
    filler((name) => {
      const column = table.columns.get(name);
      return column === undefined ? null : cell(column, row);
    }),
  );
}

/** An offer's further texts for all customers. */
export function plainExtras(offer: CampaignOffer): CopyExtras {
  return extrasWith(
    offer,
    filler(() => null),
  );
}

/** The customers' columns in an offer's placeholders, each once. */
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

/** All texts of an offer, with their keys in the campaign file. */
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

/** Longer values do not fit a headline; values of columns are untrusted. */
const LONGEST_VALUE = 60;
/** Control characters, and the marks that change the direction of the surrounding text. */
const UNSPOKEN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * A customer's value as text: one line, without characters that hide or reverse other text; empty if it is
 * missing.
 */
function spoken(value: number | string | null): string {
  const words = String(value ?? "")
    .replace(/\s+/g, " ")
    .replace(UNSPOKEN, "")
    .trim();
  return words.length > LONGEST_VALUE ? "" : words;
}

/**
 * Rejects placeholders whose column does not exist, and stray braces.
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

/** Rejects unmatched braces, which customers would see. */
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
