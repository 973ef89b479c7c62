import { type Database, openDatabase, quoteName } from "../duckdb.ts";
import { LookalikeError } from "../errors.ts";
import { reason } from "../files.ts";
import type { Table } from "../table.ts";
import type { CampaignOffer } from "./types.ts";

/** Who may be shown which offer: the campaign's SQL predicates, evaluated where no file and no network is in reach. */
export interface Eligibility {
  /**
   * Per row, the ids of the offers that the customer may not be shown.
   * @throws ERR_CAMPAIGN_INVALID a predicate is no SQL, or names a column that the customers do not have
   */
  excluded(table: Table): Promise<readonly ReadonlySet<string>[]>;
  close(): Promise<void>;
}

const NOBODY: ReadonlySet<string> = new Set();

export async function openEligibility(offers: readonly CampaignOffer[]): Promise<Eligibility> {
  const rules = offers.flatMap(({ id, eligible }) =>
    eligible === null ? [] : [{ id, predicate: eligible }],
  );
  if (rules.length === 0) {
    return {
      excluded: async (table) => Array.from({ length: table.rows }, () => NOBODY),
      async close() {},
    };
  }
  const database = await openDatabase({ threads: 1, memoryMb: 256 });
  let checked = false;
  return {
    async excluded(table) {
      await database.insert("customers", table);
      if (!checked) for (const rule of rules) await checkRule(database, rule, table);
      checked = true;
      const columns = rules.map(
        ({ predicate }, i) => `coalesce(CAST((${predicate}\n) AS BOOLEAN), false) AS r${i}`,
      );
      const sets: Set<string>[] = [];
      for await (const batch of database.stream(
        `SELECT ${columns.join(", ")} FROM customers ORDER BY rowid`,
      )) {
        const allowed = rules.map((_, i) => batch.numbers(`r${i}`));
        for (let row = 0; row < batch.rows; row++) {
          sets.push(new Set(rules.filter((_, i) => allowed[i]?.[row] !== 1).map(({ id }) => id)));
        }
      }
      return sets;
    },
    close: () => database.close(),
  };
}

/** One predicate at a time, so that the message can name the offer whose predicate is wrong. */
async function checkRule(
  database: Database,
  rule: { readonly id: string; readonly predicate: string },
  table: Table,
): Promise<void> {
  try {
    await database.describe(`SELECT CAST((${rule.predicate}\n) AS BOOLEAN) FROM customers`);
  } catch (cause) {
    const columns = [...table.columns.keys()].map(quoteName).join(", ");
    throw new LookalikeError(
      "ERR_CAMPAIGN_INVALID",
      `Expected an SQL predicate over the customers' columns for eligible of offer ${rule.id} but received "${rule.predicate}": ${reason(cause)}`,
      { hint: `The customers have these columns: ${columns}.`, cause },
    );
  }
}
