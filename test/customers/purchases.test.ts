import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CustomerBatch, openCustomers, readPurchases } from "../../src/customers/index.ts";
import { column, failure, scratchFolder, write } from "./scratch.ts";

const folder = scratchFolder();

describe("readPurchases", () => {
  it("takes every purchase but a customer's first, with what was known then", async () => {
    const rows = [
      "h1,2026-03-01,b,9",
      "h2,2026-01-01,a,5",
      "h1,2026-01-01,a,7",
      "h1,2026-02-01,a,8",
      "h1,2026-03-11,a,10",
    ];
    const table = await readPurchases(
      write(folder, "panel.csv", `household,week,brand,price.a\n${rows.join("\n")}\n`),
      { mapping: { customer_id: "household", at: "week", product: "brand" } },
    );
    expect(table.customerIds).toEqual(["h1", "h1", "h1"]);
    expect(table.current).toEqual({ kind: "category", labels: ["a", "b"], codes: Int32Array.of(0, 0, 1) });
    expect(table.next).toEqual({ kind: "category", labels: ["a", "b"], codes: Int32Array.of(0, 1, 0) });
    expect(column(table.features, "price.a")).toEqual([8, 9, 10]);
    expect(column(table.features, "past a")).toEqual([1, 1, 2 / 3]);
    expect(column(table.features, "purchases before")).toEqual([1, 2, 3]);
    expect(column(table.features, "days since")).toEqual([31, 28, 10]);
    expect([table.report.read, table.report.refused]).toEqual([5, 0]);
  });

  it("reports rows without a customer, a time or a product, and refuses a panel in which nobody bought twice", async () => {
    const rows = ["1,2026-01-01,a", ",2026-01-02,a", "1,someday,a", "1,2026-01-03,", "1,2026-01-04,b"];
    const table = await readPurchases(
      write(folder, "gaps.csv", `customer_id,at,product\n${rows.join("\n")}\n`),
    );
    expect(table.rows).toBe(1);
    const customers = await openCustomers({
      customers: { source: write(folder, "gaps-crm.csv", "customer_id\n1\n") },
      purchases: { source: join(folder, "gaps.csv") },
    });
    const reader = await customers.read({ now: new Date("2026-11-26") });
    for await (const _ of reader);
    await customers.close();
    expect([reader.report.refused, reader.report.warnings.map(({ message }) => message)]).toEqual([
      0,
      expect.arrayContaining(["3 rows of the purchases rejected: 3 ERR_ROW_VALUE_INVALID"]),
    ]);
    expect(table.report.refusals.map(({ row, code }) => [row, code])).toEqual([
      [2, "ERR_ROW_VALUE_INVALID"],
      [3, "ERR_ROW_VALUE_INVALID"],
      [4, "ERR_ROW_VALUE_INVALID"],
    ]);
    const once = write(folder, "once.csv", "customer_id,at,product\n1,2026-01-01,a\n2,2026-01-01,b\n");
    expect(await failure(readPurchases(once))).toMatchObject({ code: "ERR_TRANSITIONS_EMPTY" });
  });

  it("reports lines that are not CSV, and a quote that is not closed", async () => {
    const rows = ["1,2026-01-01,a", "1,2026-01-02", '1,2026-01-03,"b', "1,2026-01-04,b", "1,2026-01-05,a,x"];
    const table = await readPurchases(
      write(folder, "broken.csv", `customer_id,at,product\n${rows.join("\n")}\n`),
    );
    expect(table.rows).toBe(1);
    expect([table.report.read, table.report.refused]).toEqual([5, 3]);
    expect(table.report.refusals.map(({ row, code }) => `${row} ${code}`).sort()).toEqual([
      "2 ERR_ROW_MALFORMED",
      "3 ERR_ROW_MALFORMED",
      "5 ERR_ROW_MALFORMED",
    ]);
  });

  it("refuses a column of articles in place of products", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `1,${i},article ${i}`);
    const source = write(folder, "articles.csv", `customer_id,at,product\n${rows.join("\n")}\n`);
    expect(await failure(readPurchases(source))).toMatchObject({ code: "ERR_OPTION_INVALID" });
  });
});

describe("customers with a panel of purchases", () => {
  it("have what they bought so far as features, and the panel's transitions in place of the logs'", async () => {
    const panel = write(
      folder,
      "campaign-panel.csv",
      "customer_id,at,brand,price.a\nh1,2026-01-01,a,7\nh1,2026-02-01,b,8\nh1,2026-03-01,b,9\nh2,2026-03-11,a,5\n",
    );
    const crm = write(folder, "crm.csv", "customer_id,age,price.a\nh2,30,6\nh1,40,6\nh3,50,6\n");
    const customers = await openCustomers({
      customers: { source: crm },
      purchases: { source: panel, mapping: { product: "brand" } },
    });
    try {
      const batches: CustomerBatch[] = [];
      for await (const own of await customers.read({ now: new Date("2026-04-01T00:00:00Z") }))
        batches.push(own);
      const [batch] = batches;
      expect(batch?.ids).toEqual(["h2", "h1", "h3"]);
      const of = (name: string) => (batch ? column(batch.table, name) : null);
      expect(of("current_manufacturer")).toEqual(["a", "b", null]);
      expect(of("past b")).toEqual([0, 2 / 3, null]);
      expect(of("purchases before")).toEqual([1, 3, null]);
      expect(of("days since")).toEqual([0, 10, null]);
      expect(of("age")).toEqual([30, 40, 50]);
      expect((await customers.transitions()).rows).toBe(2);
      expect(customers.purchaseReport).toMatchObject({ read: 4, refused: 0 });
    } finally {
      await customers.close();
    }
  });
});
