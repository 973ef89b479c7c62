import type { AdCopy } from "../ads/index.ts";
import { LookalikeError } from "../errors.ts";
import { cell, type Table } from "../table.ts";
import { suggestion } from "./problems.ts";
import type { CampaignOffer } from "./types.ts";

/** `{column}` or `{column|what to say where it is missing}`. */
const PLACEHOLDER = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** An offer's words for one customer: placeholders become the customer's values. */
export function fillCopy(offer: CampaignOffer, table: Table, row: number): AdCopy {
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => {
      const column = table.columns.get(name.trim());
      const value = column === undefined ? null : cell(column, row);
      return value === null ? (fallback ?? "") : String(value);
    });
  return { headline: fill(offer.headline), body: fill(offer.body), cta: fill(offer.cta) };
}

/**
 * Refuses placeholders that name no column of the customers.
 * @throws ERR_CAMPAIGN_INVALID
 */
export function checkPlaceholders(offers: readonly CampaignOffer[], table: Table): void {
  const known = [...table.columns.keys()];
  for (const offer of offers) {
    for (const key of ["headline", "body", "cta"] as const) {
      for (const [whole, name = ""] of offer[key].matchAll(PLACEHOLDER)) {
        if (table.columns.has(name.trim())) continue;
        throw new LookalikeError(
          "ERR_CAMPAIGN_INVALID",
          `Expected a column of the customers for ${key} of offer ${offer.id} but received ${whole}${suggestion(name.trim(), known)}`,
          { hint: `The customers have these columns: ${known.join(", ")}.` },
        );
      }
    }
  }
}
