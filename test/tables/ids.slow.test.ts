import { describe, expect, it } from "vitest";
import { canonicalId } from "../../src/core/index.ts";
import { openCustomers, readCustomers, readExperiment } from "../../src/customers/index.ts";
import { failure, scratchFolder, write, writeParquet } from "../customers/scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");

async function idsOf(source: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const batch of await readCustomers({ customers: { source }, now })) ids.push(...batch.ids);
  return ids;
}

const SPELLINGS = [
  "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
  "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  "123456789012345678901234567890",
  "2026-01-05",
  "2026-01-05T10:00:00+09:00",
  "0017",
  "1e3",
  "+31612345678",
  "true",
  "MixedCase",
];

describe("ids are the source's text", () => {
  it("in JSON, whatever its values look like", async () => {
    const rows = SPELLINGS.map((customer_id) => ({ customer_id, age: 30 }));
    const array = write(folder, "texts.json", JSON.stringify(rows));
    const lines = write(folder, "texts.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"));
    expect(await idsOf(array)).toEqual(SPELLINGS);
    expect(await idsOf(lines)).toEqual(SPELLINGS);
    for (const id of SPELLINGS) {
      expect(await idsOf(write(folder, "one.json", JSON.stringify([{ customer_id: id, age: 1 }])))).toEqual([
        id,
      ]);
    }
  });

  it("in JSON numbers of any length, also beside text", async () => {
    const text =
      '[{"customer_id":123456789012345678901234567890},{"customer_id":123456789012345678901234567891},' +
      '{"customer_id":"A-1002"},{"customer_id":1001},{"customer_id":31612345678.0}]';
    expect(await idsOf(write(folder, "mixed.json", text))).toEqual([
      "123456789012345678901234567890",
      "123456789012345678901234567891",
      "A-1002",
      "1001",
      "31612345678",
    ]);
  });

  it("in Parquet, where whole numbers are stored as fractions", async () => {
    const double = await writeParquet(
      `${folder}/double.parquet`,
      "SELECT i::DOUBLE AS customer_id, 1 AS age FROM (VALUES (31612345678), (7), (9007199254740991)) t(i)",
    );
    expect(await idsOf(double)).toEqual(["31612345678", "7", "9007199254740991"]);
    const decimal = await writeParquet(
      `${folder}/decimal.parquet`,
      "SELECT i::DECIMAL(30,0) AS customer_id FROM (VALUES ('123456789012345678901234567890')) t(i)",
    );
    expect(await idsOf(decimal)).toEqual(["123456789012345678901234567890"]);
  });

  it("in one canonical form", async () => {
    const spellings = ["Jose\u0301", "\u00a0Zoë\u202f", " plain\t", "\u200bx\ufeff"];
    const source = write(
      folder,
      "blanks.csv",
      `customer_id,age\n${spellings.map((id) => `${id},1`).join("\n")}\n`,
    );
    const expected = ["José", "Zoë", "plain", "x"];
    expect(await idsOf(source)).toEqual(expected);
    expect(spellings.map(canonicalId)).toEqual(expected);
    const rows = JSON.stringify(spellings.map((customer_id) => ({ customer_id })));
    expect(await idsOf(write(folder, "blanks.json", rows))).toEqual(expected);
  });

  it("so that two spellings of one id are one customer", async () => {
    const source = write(folder, "twice.csv", "customer_id,age\nJosé,1\nJose\u0301\u00a0,2\n");
    const reader = await readCustomers({ customers: { source }, now });
    for await (const _ of reader);
    expect(reader.report.refusedByCode).toEqual({ ERR_ROW_ID_DUPLICATE: 1 });
  });

  it("in logs and experiments too, so that joins meet", async () => {
    const customers = write(folder, "crm.csv", "customer_id,age\nJosé,40\n31612345678,50\n");
    const calls = await writeParquet(
      `${folder}/calls.parquet`,
      `SELECT * FROM (VALUES (31612345678.0::DOUBLE, 7.0::DOUBLE, TIMESTAMP '2026-01-01 10:00:00', 60, 'Apple'))
       t(caller_id, callee_id, started_at, duration_s, device_manufacturer)`,
    );
    const opened = await openCustomers({ customers: { source: customers }, calls: { source: calls } });
    const maker: unknown[] = [];
    for await (const batch of await opened.read({ now, features: ["current_manufacturer"] })) {
      const column = batch.table.columns.get("current_manufacturer");
      if (column?.kind === "category")
        maker.push(...[...column.codes].map((code) => column.labels[code] ?? null));
    }
    await opened.close();
    expect(maker).toEqual([null, "Apple"]);
    const log = write(
      folder,
      "log.json",
      JSON.stringify([
        { customer_id: "Jose\u0301 ", offer_id: "none", converted: 0 },
        { customer_id: 31612345678, offer_id: "a", converted: true },
      ]),
    );
    const table = await readExperiment(log, { customers: { source: customers } });
    expect([...(table.features.columns.get("age") as { values: Float64Array }).values]).toEqual([40, 50]);
    expect([...table.outcome]).toEqual([0, 1]);
  });
});

describe("ids that a file does not keep", () => {
  const refused = async (source: string) => {
    const error = await failure(readCustomers({ customers: { source }, now }));
    expect(error.code).toBe("ERR_ID_INEXACT");
    expect(error.message).toContain('"customer_id"');
    expect(error.message).toContain(source);
  };

  it("are refused by file and column", async () => {
    const parquet = (name: string, id: string) =>
      writeParquet(`${folder}/${name}.parquet`, `SELECT ${id} AS customer_id`);
    await refused(await parquet("half", "1.5::DOUBLE"));
    await refused(await parquet("large", "9007199254740993::DOUBLE"));
    await refused(await parquet("time", "TIMESTAMP '2026-01-05 00:00:00'"));
    await refused(await parquet("list", "[1, 2]"));
    await refused(write(folder, "half.json", '[{"customer_id":1.5}]'));
    await refused(write(folder, "exponent.json", '[{"customer_id":1e25}]'));
    await refused(write(folder, "nested.json", '[{"customer_id":{"a":1}}]'));
    await refused(write(folder, "excel.csv", "customer_id;age\n3.16123E+10;40\n3.16124E+10;41\n"));
    await refused(write(folder, "frame.csv", 'age,customer_id\n40," 3.1612345678e+10 "\n'));
    await refused(await parquet("text", "'4.91E+11'"));
    await refused(await parquet("single", "31612345678::FLOAT"));
    await refused(write(folder, "german.csv", 'customer_id,age\n"3,16E+10",40\n'));
    await refused(write(folder, "rounded.json", '[{"customer_id":"3.1612E+10"}]'));
  });
});
