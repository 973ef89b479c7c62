import { describe, expect, it } from "vitest";
import { readCustomers, readExperiment } from "../../src/customers/index.ts";
import { column, scratchFolder, write } from "../customers/scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");

async function read(cells: readonly string[], name = "income") {
  const rows = cells.map((cell, i) => `c${i}\t${cell}`).join("\n");
  const source = write(folder, "numbers.tsv", `customer_id\t${name}\n${rows}\n`);
  const reader = await readCustomers({ customers: { source }, now });
  let values: (number | string | null)[] = [];
  for await (const { table } of reader) values = table.columns.has(name) ? column(table, name) : [];
  return { values, warnings: reader.report.warnings.map(({ message }) => message) };
}

describe("numbers", () => {
  it.each([
    ["thousands with commas", ["1,250.50", "980.00", "12,000,000.25"], [1250.5, 980, 12000000.25]],
    ["thousands with narrow blanks", ["1\u202f250,50", "980,00", "12\u00a0000,25"], [1250.5, 980, 12000.25]],
    ["dollars", ["$1,234.56", "$ 99.00", "-$5.00"], [1234.56, 99, -5]],
    ["euros before", ["€ 12.50", "€ 1,200.00"], [12.5, 1200]],
    ["euros after, as in German", ["12,50 €", "1.200,00 €", "1.250 €"], [12.5, 1200, 1250]],
    ["a currency's code", ["EUR 12.50", "EUR 7"], [12.5, 7]],
    ["percent", ["12.5 %", "7%", "0.5 %"], [12.5, 7, 0.5]],
    ["accounts", ["(1,250.50)", "980.25"], [-1250.5, 980.25]],
    ["Swiss thousands", ["1'250.50", "980.25"], [1250.5, 980.25]],
    ["plain numbers", ["1250.5", "1e3", "-7"], [1250.5, 1000, -7]],
    ["decimal commas", ["34,5", "1.234,5", "7"], [34.5, 1234.5, 7]],
  ])("are read from %s", async (_, cells, expected) => {
    const { values, warnings } = await read(cells);
    expect(values).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it("that may be thousands or decimals are read as thousands, and the column is named", async () => {
    const { values, warnings } = await read(["1,250", "980", "3,400"]);
    expect(values).toEqual([1250, 980, 3400]);
    expect(warnings.join()).toMatch(/column "income" has numbers such as "1,250"/);
  });

  it("of several units, or beside much text, stay text, and the column is named", async () => {
    const mixed = await read(["$ 5.00", "€ 7.00", "$ 9.00"]);
    expect(mixed.values).toEqual(["$ 5.00", "€ 7.00", "$ 9.00"]);
    expect(mixed.warnings.join()).toMatch(/column "income" has amounts in several units: read as text/);
    const half = await read(["5", "7", "many", "9"]);
    expect(half.values[2]).toBe("many");
    expect(half.warnings.join()).toMatch(/has numbers in 75 % of its cells: read as text/);
  });

  it.each([
    ["sizes", ["XL 40", "EU 42", "US 10"]],
    ["codes", ["01234", "00250", "99999"]],
    ["words", ["urban", "rural", "5th"]],
  ])("are not made of %s", async (_, cells) => {
    const { values, warnings } = await read(cells, "label");
    expect(values).toEqual(cells);
    expect(warnings).toEqual([]);
  });
});

describe("columns that are no features", () => {
  it("are named with their reason, and used where they are asked for", async () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `c${i},Ann ${i},a${i}@example.com,+31612345${i % 10}78,${i},0`,
    ).join("\n");
    const source = write(folder, "people.csv", `customer_id,first_name,contact,line,spent,age\n${rows}\n`);
    const reader = await readCustomers({ customers: { source }, now });
    for await (const _ of reader);
    expect(reader.features).toEqual(["spent", "age"]);
    const messages = reader.report.warnings.map(({ message }) => message);
    for (const part of [
      '"first_name" is not used: names',
      '"contact" is not used: its cells are e-mail',
      '"line" is not used',
    ]) {
      expect(messages.some((message) => message.includes(part))).toBe(true);
    }
    const asked = await readCustomers({ customers: { source }, now, features: ["first_name"] });
    for await (const _ of asked);
    expect(asked.features).toEqual(["first_name"]);
  });

  it("of an experiment's log include those after the treatment and those of one value; spent is kept", async () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `c${i},${i % 2 ? "a" : "none"},${i % 3 === 0 ? 1 : 0},${i},${i * 2},1`,
    ).join("\n");
    const log = write(folder, "log.csv", `customer_id,offer_id,converted,spent,clicks,same\n${rows}\n`);
    const { features, report } = await readExperiment(log);
    expect([...features.columns.keys()]).toContain("spent");
    expect([...features.columns.keys()]).not.toContain("clicks");
    const messages = report.warnings.map(({ message }) => message).join("\n");
    expect(messages).toContain('column "clicks" is not used: ');
  });
});

describe("dates of a text column", () => {
  it.each([
    ["ISO", ["2026-03-31", "2026-03-01 12:00"], [20543, 20513.5]],
    ["slashes, the year first", ["2026/03/31", "2026/04/01"], [20543, 20544]],
    ["dots, the day first", ["31.03.2026", "01.04.2026"], [20543, 20544]],
    ["slashes, the month first", ["03/31/2026", "04/01/2026"], [20543, 20544]],
    ["slashes, the day first", ["31/03/2026", "01/04/2026"], [20543, 20544]],
  ])("are read as days: %s", async (_, cells, expected) => {
    const { values, warnings } = await read(cells, "since");
    expect(values).toEqual(expected);
    expect(warnings).toEqual([]);
  });

  it("stay text if the day or the month may come first, and are no telephone numbers", async () => {
    const cells = ["03/04/2026", "01/02/2026", "05/06/2026"];
    const { values, warnings } = await read(cells, "since");
    expect(values).toEqual(cells);
    expect(warnings).toEqual([
      'column "since" has dates with the day or the month first, and no cell shows which: read as text',
    ]);
  });
});

describe("columns of an experiment that became numbers", () => {
  const log = (rows: readonly string[]) =>
    write(folder, "log.csv", ["offer_id;converted;age;spent;since;club", ...rows].join("\n"));
  const source = () => log(["none;0;41;$1,250.50;31.03.2026;yes", "o;1;52;$98.00;01.04.2026;no"]);

  it("are named, by what they had", async () => {
    const { report } = await readExperiment(source());
    expect(report.warnings.map(({ message }) => message)).toEqual([
      "Columns with amounts or shares, read as numbers: spent",
      "Columns with dates, read as days since 1970: since",
      "Columns with yes and no, read as 1 and 0: club",
    ]);
  });

  it("are not named again by the reader of a model", async () => {
    const { report } = await readExperiment(source(), { features: { spent: "number", since: "number" } });
    expect(report.warnings).toEqual([]);
  });
});
