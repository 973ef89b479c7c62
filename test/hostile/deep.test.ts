import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readCustomers } from "../../src/customers/index.ts";
import { loadOfferModel } from "../../src/offers/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { writeParquet } from "../customers/scratch.ts";
import { folderOfTest } from "../temporary.ts";

const LISTS = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const OBJECTS = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;

it.each([
  ["deep.json", Buffer.from(LISTS)],
  ["deep.ndjson", Buffer.from(`{"customer_id":"a","x":${OBJECTS}}\n`)],
  ["deep.json.gz", gzipSync(LISTS)],
])("a table of values that are nested without end is refused by its name: %s", async (name, bytes) => {
  const folder = folderOfTest();
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const refusal = { code: "ERR_SOURCE_UNREADABLE", message: expect.stringContaining(name) };
  await expect(readCustomers({ customers: { source: path }, now: new Date() })).rejects.toMatchObject(
    refusal,
  );
  const consents = await openConsents(join(folder, "consents.db"));
  await expect(consents.import(path, { at: new Date() })).rejects.toMatchObject(refusal);
  consents.close();
});

it("a model that is nested without end is refused", async () => {
  const path = join(folderOfTest(), "deep.json");
  writeFileSync(path, LISTS);
  await expect(loadOfferModel(path)).rejects.toMatchObject({ code: "ERR_MODEL_UNREADABLE" });
});

it("a Parquet file that repeats one long text for every row is refused by its column", async () => {
  const folder = folderOfTest();
  const path = join(folder, "long.parquet");
  await writeParquet(
    path,
    "SELECT 'c' || i AS customer_id, 30 AS age, repeat('x', 200000) AS story FROM range(20) t(i)",
  );
  const options = { customers: { source: path }, now: new Date() };
  await expect(readCustomers(options)).rejects.toMatchObject({
    code: "ERR_SOURCE_UNREADABLE",
    message: expect.stringMatching(/"story" of .*long\.parquet but received one of 200,000/),
  });
});
