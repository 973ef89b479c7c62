import type { Decider, DeciderCustomer } from "../../campaign/index.ts";
import { cell } from "../../core/index.ts";

/** Customers of the CRM who are not in the run. */
export interface CrmRows {
  find(customerId: string): DeciderCustomer | null;
  readonly size: number;
}

/** If the CRM has more customers than this who are not in the run, only the first of them are kept in memory. */
const MOST_ROWS = 200_000;

/** Reads the customers' file once, and keeps the rows of customers who are not in the run. */
export async function readCrmRows(
  decider: Decider,
  isInRun: (customerId: string) => boolean,
): Promise<CrmRows> {
  const rows = new Map<string, DeciderCustomer>();
  for await (const { ids, photos, consents, table } of decider.customers()) {
    for (const [row, id] of ids.entries()) {
      if (isInRun(id) || rows.size >= MOST_ROWS) continue;
      const values = [...table.columns].map(([name, column]) => [name, cell(column, row)] as const);
      rows.set(id, {
        id,
        values: Object.fromEntries(values),
        photo: photos[row] ?? null,
        consent: consents[row] ?? { status: "missing" },
      });
    }
  }
  return { find: (customerId) => rows.get(customerId) ?? null, size: rows.size };
}
