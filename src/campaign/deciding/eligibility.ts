import type { Table } from "../../core/index.ts";
import { openPredicates } from "../../customers/index.ts";
import type { CampaignOffer } from "../types.ts";

/** Decides which customers may be shown which offer, by the campaign's SQL conditions. */
export interface Eligibility {
  /** Per row, the ids of the offers that the customer may not be shown. */
  excluded(table: Table): Promise<readonly ReadonlySet<string>[]>;
  close(): Promise<void>;
}

/**
 * Compiles the offers' conditions before any customer is read.
 *
 * @param columns of the customers' tables
 * @throws ERR_PREDICATE_INVALID
 */
export async function openEligibility(
  offers: readonly CampaignOffer[],
  columns: readonly string[],
): Promise<Eligibility> {
  const rules = offers.flatMap(({ id, eligible }) => (eligible === null ? [] : [{ id, eligible }]));
  const nobody: ReadonlySet<string> = new Set();
  if (rules.length === 0) {
    return { excluded: async ({ rows }) => Array.from({ length: rows }, () => nobody), async close() {} };
  }
  const predicates = await openPredicates(
    rules.map(({ eligible }) => eligible),
    columns,
  );
  return {
    async excluded(table) {
      const masks = await predicates.evaluate(table);
      return Array.from({ length: table.rows }, (_, row) => {
        const refused = rules.filter((_, rule) => masks[rule]?.[row] !== 1);
        return refused.length === 0 ? nobody : new Set(refused.map(({ id }) => id));
      });
    },
    close: () => predicates.close(),
  };
}
