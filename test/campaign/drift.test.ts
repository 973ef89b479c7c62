import { describe, expect, it } from "vitest";
import { withDrift } from "../../src/campaign/run/drift.ts";
import { type CustomerReader, readCustomers } from "../../src/customers/index.ts";
import type { OfferModel } from "../../src/offers/index.ts";
import { learnReference } from "../../src/statistics/index.ts";
import { scratchFolder, write } from "../customers/scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");

async function read(factor: number): Promise<CustomerReader> {
  const rows = Array.from({ length: 400 }, (_, i) => `c${i},${(18 + (i % 60)) * factor}`).join("\n");
  return readCustomers({
    customers: { source: write(folder, `crm-${factor}.csv`, `customer_id,age\n${rows}\n`) },
    now,
  });
}

describe("withDrift", () => {
  it("warns of columns that are written otherwise than in training, and of no others", async () => {
    const training = await read(1);
    let reference: OfferModel["reference"];
    for await (const { table } of training) reference = learnReference(table, ["age"]);
    for (const [factor, warned] of [
      [1, false],
      [12, true],
    ] as const) {
      const reader = withDrift(await read(factor), { reference } as OfferModel);
      const ids: string[] = [];
      for await (const batch of reader) ids.push(...batch.ids);
      expect(ids.length).toBe(400);
      expect(reader.report.warnings.map(({ column }) => column)).toEqual(warned ? ["age"] : []);
      if (warned) expect(reader.report.warnings[0]?.message).toContain("drift: age is shifted");
    }
  });
});
