import { openCustomers } from "../../customers/index.ts";
import type { ConsentRegistry } from "../../trust/index.ts";
import { openGate } from "../privacy/gate.ts";
import type { Campaign } from "../types.ts";
import { customerSources } from "./sources.ts";

export interface CustomerCounts {
  /** Customers of the file who were not erased. */
  readonly customers: number;
  /** Of these, customers with a portrait that may be opened: only they can be shown a look-alike. */
  readonly matchable: number;
}

/**
 * Counts a campaign's customers as a run would; no portrait is opened.
 *
 * @throws as opening the customers, ERR_CAMPAIGN_INVALID, ERR_ABORTED
 */
export async function countCustomers(
  campaign: Campaign,
  {
    consents,
    at,
    signal,
  }: {
    readonly consents: ConsentRegistry | null;
    readonly at: Date;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<CustomerCounts> {
  const customers = await openCustomers({ ...customerSources(campaign.inputs), signal });
  try {
    const reader = await customers.read({ now: at, signal });
    const { privacy } = campaign;
    const gate = await openGate({ privacy, columns: reader.features, consents, audit: null, now: () => at });
    const counts = { customers: 0, matchable: 0 };
    try {
      for await (const batch of reader) {
        const blocked = await gate.blocked(batch.table);
        for (const [row, customerId] of batch.ids.entries()) {
          if (gate.isErased(customerId)) continue;
          counts.customers++;
          const photo = batch.photos[row] ?? null;
          const crm = batch.consents[row] ?? { status: "missing" };
          const jurisdiction = gate.jurisdictionOf(batch.table, row);
          const mayOpen = gate.refusal({ customerId, photo, crm, jurisdiction }) === null;
          if (mayOpen && photo !== null && blocked[row] == null) counts.matchable++;
        }
      }
      return counts;
    } finally {
      await gate.close();
    }
  } finally {
    await customers.close();
  }
}
