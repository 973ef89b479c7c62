import { type Database, quoteText } from "../../io/duckdb/index.ts";
import type { Candidate } from "../../tables/index.ts";
import type { Joined } from "../read.ts";
import { DAYS_SINCE, PURCHASES_BEFORE, pastShare } from "./names.ts";
import type { PurchasePanel } from "./open.ts";

/**
 * Summarises each customer's purchases at the panel's end, as a table `buyers` to join with the customers:
 * the product bought last as `current_manufacturer`, the shares of all purchases, their number, and the days
 * from the last one to the panel's end.
 */
export async function summarisePurchases(database: Database, { products }: PurchasePanel): Promise<Joined> {
  const number = (name: string, sql: string) =>
    ({ name, sql: `(${sql})::DOUBLE`, storedAs: "number" }) as const;
  const columns: readonly Candidate[] = [
    { name: "current_manufacturer", sql: "arg_max(product, (moment, file, row))", storedAs: "text" },
    ...products.map((product) =>
      number(pastShare(product), `avg(CASE WHEN product = ${quoteText(product)} THEN 1.0 ELSE 0.0 END)`),
    ),
    number(PURCHASES_BEFORE, "count(*)"),
    number(DAYS_SINCE, "date_diff('second', max(moment), (SELECT max(moment) FROM bought)) / 86400.0"),
  ];
  const selected = columns.map(({ sql }, i) => `${sql} AS b${i}`).join(", ");
  await database.run(`CREATE TABLE buyers AS SELECT id, ${selected} FROM bought GROUP BY id`);
  return { table: "buyers", candidates: columns.map((column, i) => ({ ...column, sql: `b${i}` })) };
}

/** Joins two tables of customers into one; of columns with the same name, the second table's are kept. */
export async function joinBoth(
  database: Database,
  one: Joined | null,
  other: Joined | null,
): Promise<Joined | null> {
  if (one === null || other === null) return one ?? other;
  await database.run(
    `CREATE VIEW known_customers AS SELECT * FROM ${one.table} FULL JOIN ${other.table} USING (id)`,
  );
  return {
    table: "known_customers",
    candidates: [...one.candidates, ...other.candidates],
    warnings: [...(one.warnings ?? []), ...(other.warnings ?? [])],
  };
}
