import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeCallLog } from "../../../scripts/simulate/calls.ts";
import { cell } from "../../../src/core/index.ts";
import { openCustomers } from "../../../src/customers/index.ts";
import { folderOfFile } from "../../temporary.ts";

const folder = folderOfFile();

it("a call log of any size tells the handsets that its subscribers truly have", async () => {
  const log = await writeCallLog(join(folder, "a"), { rows: 6_000, subscribers: 60, months: 6, seed: 2 });
  expect(log.calls).toHaveLength(6);
  const customers = await openCustomers({
    customers: { source: log.truth, mapping: { customer_id: "caller_id" } },
    calls: { source: join(folder, "a", "calls-*.parquet") },
  });
  expect(customers.logReport).toMatchObject({ read: 6_000, refused: 0 });
  let [seen, right, switched] = [0, 0, 0];
  for await (const { rows, table } of await customers.read({ now: new Date(0) })) {
    const value = (name: string, row: number) => {
      const column = table.columns.get(name);
      return column ? cell(column, row) : null;
    };
    for (let row = 0; row < rows; row++) {
      seen++;
      if (value("manufacturer", row) === value("current_manufacturer", row)) right++;
      if (value("manufacturer_switches", row) === 1) switched++;
    }
  }
  await customers.close();
  expect(seen).toBe(60);
  expect(right).toBeGreaterThanOrEqual(58);
  expect(switched).toBeGreaterThan(10);
});

it("the same seed writes the same log, another another", async () => {
  const write = async (name: string, seed: number) => {
    const { calls } = await writeCallLog(join(folder, name), { rows: 500, subscribers: 30, months: 2, seed });
    return calls.map((path) => readFileSync(path).toString("base64"));
  };
  const first = await write("b", 1);
  expect(await write("c", 1)).toEqual(first);
  expect(await write("d", 2)).not.toEqual(first);
});
