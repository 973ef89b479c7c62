import { type CategoryColumn, type Column, expected, LookalikeError, type Table } from "../../core/index.ts";
import { type Database, quoteText, type RowBatch } from "../../io/duckdb/index.ts";
import { chooseFeatures } from "../../tables/index.ts";
import { createTableBuilder, numbersOf } from "../builder.ts";
import type { TransitionTable } from "../types.ts";
import { DAYS_SINCE, PURCHASES_BEFORE, pastShare } from "./names.ts";
import type { PurchasePanel } from "./open.ts";

/**
 * Collects every purchase of a panel except a customer's first, with the product bought before it as the
 * current one, by customer and time.
 *
 * @throws ERR_TRANSITIONS_EMPTY no customer bought twice
 */
export async function collectTransitions(
  database: Database,
  { candidates, products }: PurchasePanel,
  signal: AbortSignal | undefined,
): Promise<TransitionTable> {
  const past = products.map(
    (product, k) =>
      `avg(CASE WHEN product = ${quoteText(product)} THEN 1.0 ELSE 0.0 END) OVER earlier AS p${k}`,
  );
  await database.run(
    `CREATE OR REPLACE TABLE purchases AS SELECT * FROM (
      SELECT *, lag(product) OVER time AS before, lag(moment) OVER time AS since, row_number() OVER time - 1 AS number,
        ${past.join(", ")}
      FROM bought
      WINDOW time AS (PARTITION BY id ORDER BY moment, file, row),
        earlier AS (PARTITION BY id ORDER BY moment, file, row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) WHERE before IS NOT NULL`,
  );
  const features = await chooseFeatures(database, "purchases", candidates, undefined);
  const columns = [
    "id, before::product AS current, product::product AS next",
    'epoch_us(since) / 8.64e10 AS since, epoch_us(moment) / 8.64e10 AS "at", number::DOUBLE AS number',
    ...products.map((_, k) => `p${k}`),
    ...features.select,
  ];
  const [{ rows = 0 } = {}] = await database.all("SELECT count(*) AS rows FROM purchases");
  if (Number(rows) === 0) {
    throw new LookalikeError(
      "ERR_TRANSITIONS_EMPTY",
      expected("a customer who bought twice", "the purchases", "none"),
      { hint: "Use purchases over more time, with the customer's id in every row." },
    );
  }
  const customerIds: string[] = [];
  const own = createTableBuilder(Number(rows));
  const known = createTableBuilder(Number(rows));
  const sql = `SELECT ${columns.join(", ")} FROM purchases ORDER BY id, number`;
  for await (const batch of database.stream(sql, [], signal)) {
    for (const id of batch.texts("id")) customerIds.push(id ?? "");
    own.append({ rows: batch.rows, columns: ownColumns(batch) });
    known.append({ rows: batch.rows, columns: featureColumns(batch, products, features) });
  }
  const table = own.finish();
  return {
    rows: table.rows,
    customerIds,
    current: labelled(table, "current", products),
    next: labelled(table, "next", products),
    since: numbersOf(table, "since"),
    at: numbersOf(table, "at"),
    features: known.finish(),
  };
}

function ownColumns(batch: RowBatch): Map<string, Column> {
  const number = (name: string): [string, Column] => [name, { kind: "number", values: batch.numbers(name) }];
  const product = (name: string): [string, Column] => [name, { kind: "category", ...batch.codes(name) }];
  return new Map([product("current"), product("next"), number("since"), number("at")]);
}

function featureColumns(
  batch: RowBatch,
  products: readonly string[],
  features: Awaited<ReturnType<typeof chooseFeatures>>,
): Map<string, Column> {
  const number = (name: string, values: Float64Array): [string, Column] => [name, { kind: "number", values }];
  const [since, at] = [batch.numbers("since"), batch.numbers("at")];
  return new Map([
    ...features.read(batch),
    ...products.map((product, k) => number(pastShare(product), batch.numbers(`p${k}`))),
    number(PURCHASES_BEFORE, batch.numbers("number")),
    number(
      DAYS_SINCE,
      at.map((day, row) => day - (since[row] ?? day)),
    ),
  ]);
}

function labelled(table: Table, name: string, products: readonly string[]): CategoryColumn {
  const column = table.columns.get(name);
  if (column?.kind === "category") return column;
  return { kind: "category", codes: new Int32Array(0), labels: products };
}
