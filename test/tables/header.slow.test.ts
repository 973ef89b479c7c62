import { describe, expect, it } from "vitest";
import { readCustomers, readExperiment } from "../../src/customers/index.ts";
import { failure, scratchFolder, write, writeParquet } from "../customers/scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");

async function read(source: string) {
  const reader = await readCustomers({ customers: { source }, now });
  const ids: string[] = [];
  for await (const batch of reader) ids.push(...batch.ids);
  return { ids, reader };
}

describe("the header of a CSV file", () => {
  it("may follow empty lines and Excel's line that names the delimiter", async () => {
    const rows = "c1;5\nc2;6;7\nc3;8\n";
    for (const before of ["sep=;\r\n", "\n", "\r\n  \n", "\ufeffsep=;\n", '"sep=;"\n\n', "SEP=;\n"]) {
      const { ids, reader } = await read(write(folder, "before.csv", `${before}customer_id;x\n${rows}`));
      expect(ids).toEqual(["c1", "c3"]);
      expect(reader.features).toEqual(["x"]);
      expect(reader.report.refusals.map(({ row }) => row)).toEqual([2]);
    }
  });

  it("takes the named delimiter where the header alone would not tell", async () => {
    const { reader } = await read(write(folder, "named.csv", "sep=;\ncustomer_id;a,b,c\nc1;5\n"));
    expect(reader.features).toEqual(["a,b,c"]);
  });

  it("is refused in another encoding", async () => {
    const latin1 = (text: string) => write(folder, "latin1.csv", Buffer.from(text, "latin1"));
    const error = await failure(read(latin1("customer_id,größe,umsätze\nc1,3,5\n")));
    expect(error.code).toBe("ERR_SOURCE_UNREADABLE");
    expect(error.message).toContain("UTF-8");
    expect((await read(write(folder, "utf8.csv", "customer_id,größe\nc1,3\n"))).reader.features).toEqual([
      "größe",
    ]);
  });
});

describe("a header that names a column twice", () => {
  it.each([
    ["customer_id,age,customer_id", '"customer_id"'],
    ["customer_id,consent_biometric,x,consent_biometric", '"consent_biometric"'],
    ["customer_id,age, age ", '"age"'],
    ["customer_id,Age,age", '"age"'],
    ["Customer_ID,x,customer_id ", '"customer_id"'],
    ["customer_id,x,Customer Id", '"Customer Id"'],
    ["customer_id,\ufeffcustomer-id\u00a0,x", '"customer-id"'],
    ["customer_id,consent_biometric,x,consent_biometric.1", '"consent_biometric.1"'],
  ])("is refused by name: %s", async (header, repeated) => {
    const error = await failure(
      read(write(folder, "twice.csv", `${header}\n${header.replace(/\w+/g, "1")}\n`)),
    );
    expect(error.code).toBe("ERR_COLUMN_REPEATED");
    expect(error.message).toContain(repeated);
  });

  it.each([
    ["rows.jsonl", '{"customer_id":"a","age":1}\n{"customer_id":"b","age":1,"age":2}\n', '"age"'],
    ["list.json", '[{"customer_id":"a"},{"age":"","customer_id":"b","\\u0061ge":3}]', '"age"'],
    ["case.json", '[{"customer_id":"a","Age":1,"age":2}]', '"age"'],
  ])("is refused in any object of JSON: %s", async (name, text, repeated) => {
    const error = await failure(read(write(folder, name, text)));
    expect([error.code, error.message]).toEqual(["ERR_COLUMN_REPEATED", expect.stringContaining(repeated)]);
  });

  it("is not taken for another column where a role is spelled differently", async () => {
    for (const [name, text] of [
      ["spelled.csv", "customer_id,consent_biometric,Consent_Expires\na,2026-01-01,2026-01-02\n"],
      ["spelled.csv", "customer_id,consent_biometric,consent\u00a0expires\na,2026-01-01,2026-01-02\n"],
      ["spelled.jsonl", '{"customer_id":"a","consent_biometric":"2026-01-01","consentExpires":"2026-01-02"}'],
    ] as const) {
      const error = await failure(read(write(folder, name, text)));
      expect([error.code, error.message]).toEqual([
        "ERR_COLUMN_MISSING",
        expect.stringMatching(/consent_expires/),
      ]);
      expect(error.hint).toMatch(/Did you mean/);
    }
  });

  it.each(["", "[]", "null", '["a", "b"]'])("is missing in JSON without rows: %j", async (text) => {
    expect((await failure(read(write(folder, "none.json", text)))).code).toBe("ERR_SOURCE_EMPTY");
  });

  it("may repeat names in nested objects and in values of JSON", async () => {
    const text = '[{"customer_id":"a","more":{"age":1},"note":"\\"age\\": 1"},{"customer_id":"b","age":1}]';
    expect((await read(write(folder, "nested.json", text))).ids).toEqual(["a", "b"]);
  });

  it("is refused in logs and in Parquet", async () => {
    const log = write(folder, "log.csv", "customer_id,offer_id,converted,offer_id\na,none,0,x\n");
    expect((await failure(readExperiment(log))).code).toBe("ERR_COLUMN_REPEATED");
    const nested = await writeParquet(
      `${folder}/nested.parquet`,
      "SELECT 'c1' AS customer_id, {'customer_id': 1, 'age': {'age': 2}} AS more, 3 AS age",
    );
    expect((await read(nested)).ids).toEqual(["c1"]);
  });
});
