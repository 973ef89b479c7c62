import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Table } from "../../src/core/index.ts";
import {
  type CustomerBatch,
  type CustomerReader,
  type CustomersOptions,
  openCustomers,
  readCustomers,
} from "../../src/customers/index.ts";
import { column, failure, scratchFolder, write, writeParquet } from "./scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-21T12:00:00Z");

async function readAll(
  options: CustomersOptions & { features?: string[] | Record<string, "number" | "category"> },
) {
  const reader: CustomerReader = await readCustomers({ ...options, now });
  const batches: CustomerBatch[] = [];
  for await (const batch of reader) batches.push(batch);
  return { reader, batches, first: batches[0] as CustomerBatch };
}

const codes = (reader: CustomerReader) => reader.report.refusals.map(({ row, code }) => [row, code]);

describe("readCustomers", () => {
  it("types columns by all of their values", async () => {
    const source = write(
      folder,
      "typed.csv",
      "customer_id,age,vip,joined,zip,city\n007,34,true,1970-01-11,01234, Utrecht \n8,,false,1970-01-02T12:00:00Z,99999,\n",
    );
    const { first, reader } = await readAll({ customers: { source } });
    expect(first.ids).toEqual(["007", "8"]);
    expect(reader.features).toEqual(["age", "vip", "joined", "zip", "city"]);
    expect(column(first.table, "age")).toEqual([34, null]);
    expect(column(first.table, "vip")).toEqual([1, 0]);
    expect(column(first.table, "joined")).toEqual([10, 1.5]);
    expect(column(first.table, "zip")).toEqual(["01234", "99999"]);
    expect(column(first.table, "city")).toEqual(["Utrecht", null]);
  });

  it("takes many columns of text in little memory, and refuses a table of more than 2,000", async () => {
    const wide = (count: number) => {
      const names = Array.from({ length: count }, (_, i) => `x${i}`);
      const text = `customer_id,${names}\na,${names.map((_, i) => `red ${i}`)}\nb,${names.map((_, i) => `blue ${i}`)}\n`;
      return write(folder, `wide-${count}.csv`, text);
    };
    const { first, reader } = await readAll({
      customers: { source: wide(150) },
      resources: { memoryMb: 120, threads: 2 },
    });
    expect(reader.features.length).toBe(150);
    expect(column(first.table, "x149")).toEqual(["red 149", "blue 149"]);
    await expect(readAll({ customers: { source: wide(2000) } })).rejects.toMatchObject({
      code: "ERR_SOURCE_UNREADABLE",
      message: expect.stringContaining("at most 2,000 columns but received 2,001"),
    });
  });

  it("reads the same customers from CSV with BOM, CRLF, semicolons and quoted line breaks, gzip and Parquet", async () => {
    const plain = 'customer_id,city,age\na,"Den ""Haag""",1\nb,"x\ny",2\n';
    const sources = [
      write(folder, "plain.csv", plain),
      write(folder, "bom.csv", `\ufeff${plain.replaceAll("\n", "\r\n").replace("x\r\ny", "x\ny")}`),
      write(folder, "semicolon.csv", plain.replaceAll(",", ";")),
      write(folder, "tab.csv", plain.replaceAll(",", "\t")),
      write(folder, "packed.csv.gz", gzipSync(plain)),
      await writeParquet(
        join(folder, "plain.parquet"),
        `SELECT * FROM (VALUES ('a', 'Den "Haag"', 1), ('b', e'x\\ny', 2)) t(customer_id, city, age)`,
      ),
      write(
        folder,
        "plain.jsonl",
        '{"customer_id":"a","city":"Den \\"Haag\\"","age":1}\n{"customer_id":"b","city":"x\\ny","age":2}\n',
      ),
    ];
    for (const source of sources) {
      const { first, reader } = await readAll({ customers: { source } });
      expect([source, first.ids]).toEqual([source, ["a", "b"]]);
      expect(column(first.table, "city")).toEqual(['Den "Haag"', "x\ny"]);
      expect(column(first.table, "age")).toEqual([1, 2]);
      expect(reader.report.refused).toBe(0);
    }
  });

  it("reads every row of files whose lines end now in LF, now in CR LF", async () => {
    const bodies = Array.from({ length: 3000 }, (_, i) => `${i},"a\nb, ${i}",x${i % 7}`);
    const ended = (end: (line: number) => string) =>
      ["customer_id,text,last", ...bodies].map((line, i) => line + end(i)).join("");
    const variants = {
      "crlf-header": ended((line) => (line === 0 ? "\r\n" : "\n")),
      "lf-header": ended((line) => (line === 0 ? "\n" : "\r\n")),
      "one-lf": ended((line) => (line === 2222 ? "\n" : "\r\n")),
      doubled: ended((line) => (line % 2 ? "\r\r\n" : "\n")),
      "some-cr": ended((line) => (line % 5 ? "\r\n" : "\r")),
      "last-crlf": ended((line) => (line === 3000 ? "\r\n" : "\n")),
    };
    for (const [name, text] of Object.entries(variants)) {
      const packed = name === "doubled" ? [write(folder, `${name}.csv.gz`, gzipSync(text))] : [];
      for (const source of [write(folder, `${name}.csv`, text), ...packed]) {
        const { batches, reader } = await readAll({ customers: { source }, features: ["text", "last"] });
        expect([source, batches.flatMap(({ ids }) => ids)]).toEqual([
          source,
          bodies.map((_, i) => String(i)),
        ]);
        const last = batches.flatMap(({ table }) => column(table, "last"));
        expect(last).toEqual(bodies.map((_, i) => `x${i % 7}`));
        expect(column(batches[0]?.table as Table, "text")[1]).toBe("a\nb, 1");
        expect(reader.report.refused).toBe(0);
      }
    }
  });

  it("still refuses the bad rows of such a file by their numbers", async () => {
    const home = join(folder, "mixed");
    mkdirSync(home);
    const source = write(home, "c.csv", "customer_id,photo\r\na,p.jpg\nb,p,q\r\nc\n\r\nd,d.jpg\r\n");
    const { first, reader } = await readAll({ customers: { source } });
    expect(first.ids).toEqual(["a", "d"]);
    expect(first.photos).toEqual([join(home, "p.jpg"), join(home, "d.jpg")]);
    expect(codes(reader)).toEqual([
      [2, "ERR_ROW_MALFORMED"],
      [3, "ERR_ROW_MALFORMED"],
    ]);
    expect(reader.report.refusals[0]?.source).toBe(source);
  });

  it("reports each refused row with its number and reads the others", async () => {
    const rows = [
      "a,2026-01-01,,", // 1
      ",2026-01-01,,", // 2: no id
      "b,soon,,", // 3: no date
      "a,,,", // 4: duplicate
      "c,2026-02-30,,", // 5: no day of the calendar
      "d,1,2,3,4,5", // 6: too many fields
      "e,,,../../etc/passwd", // 7
      "f,,,/etc/passwd", // 8
      "g,,,photos/g.jpg", // 9
      "h,2026-01-01,2025-99-01,", // 10
    ];
    const source = write(
      folder,
      "refused.csv",
      `customer_id,consent_biometric,consent_expires,photo\n${rows.join("\n")}\n`,
    );
    const { first, reader } = await readAll({ customers: { source } });
    expect(first.ids).toEqual(["a", "b", "c", "g", "h"]);
    expect(first.photos).toEqual([null, null, null, join(folder, "photos/g.jpg"), null]);
    expect(first.consents.map(({ status }) => status)).toEqual([
      "given",
      "unreadable",
      "unreadable",
      "missing",
      "unreadable",
    ]);
    expect(codes(reader).toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      [2, "ERR_ROW_ID_MISSING"],
      [4, "ERR_ROW_ID_DUPLICATE"],
      [6, "ERR_ROW_MALFORMED"],
      [7, "ERR_ROW_PHOTO_OUTSIDE"],
      [8, "ERR_ROW_PHOTO_OUTSIDE"],
    ]);
    expect(reader.report.read).toBe(10);
    expect(reader.report.refused).toBe(5);
    expect(reader.report.warnings.map(({ column, cells }) => [column, cells])).toEqual([
      ["consent_biometric", 2],
      ["consent_expires", 1],
      ["photo", 1],
    ]);
  });

  it("refuses a photo that a link leads out of the folder, also one that dangles", async () => {
    const home = join(folder, "home");
    mkdirSync(home);
    mkdirSync(join(folder, "elsewhere"));
    write(join(folder, "elsewhere"), "x.jpg", "x");
    symlinkSync(join(folder, "elsewhere"), join(home, "photos"));
    symlinkSync("/nowhere/at-all.jpg", join(home, "dangling.jpg"));
    const source = write(
      home,
      "c.csv",
      "customer_id,photo\na,photos/x.jpg\nb,dangling.jpg\nc,c\u0000.jpg\nd,ok.jpg\n",
    );
    const { first, reader } = await readAll({ customers: { source } });
    expect(first.photos).toEqual([join(home, "ok.jpg")]);
    expect(codes(reader).map(([, code]) => code)).toEqual(Array(3).fill("ERR_ROW_PHOTO_OUTSIDE"));
  });

  it("maps columns, and names a missing one with those present and the nearest", async () => {
    const source = write(folder, "mapped.csv", "subscriber,agee\n1,2\n");
    const { first } = await readAll({ customers: { source, mapping: { customer_id: "subscriber" } } });
    expect(first.ids).toEqual(["1"]);
    const missing = await failure(readAll({ customers: { source, mapping: { customer_id: "subscribr" } } }));
    expect(missing.code).toBe("ERR_COLUMN_MISSING");
    expect(missing.message).toContain('"subscribr"');
    expect(missing.message).toContain("subscriber, agee");
    expect(missing.hint).toContain('"subscriber"');
    const feature = await failure(
      readAll({ customers: { source, mapping: { customer_id: "subscriber" } }, features: ["age"] }),
    );
    expect(feature.hint).toContain('"agee"');
  });

  it("numbers rows where a file has no id, refused lines counted", async () => {
    const source = write(folder, "no-id.csv", "x,y\n1,2\n3\n5,6\n");
    const { first } = await readAll({ customers: { source, ids: "row-number" } });
    expect(first.ids).toEqual(["1", "3"]);
    expect((await failure(readAll({ customers: { source } }))).code).toBe("ERR_COLUMN_MISSING");
  });

  it("reads the usual spellings of a missing value as missing, in CSV alone", async () => {
    const spellings = ["", "NaN", "nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "-"];
    const rows = spellings.map((spelling, i) => `${i},${spelling},${spelling}`);
    const source = write(folder, "missing.csv", `customer_id,age,city\nx,30,Delft\n${rows.join("\n")}\n`);
    const { first, reader } = await readAll({ customers: { source } });
    expect(column(first.table, "age")).toEqual([30, ...spellings.map(() => null)]);
    expect(column(first.table, "city")).toEqual(["Delft", ...spellings.map(() => null)]);
    expect(reader.report).toMatchObject({ refused: 0, warnings: [] });
    const named = await readAll({
      customers: { source: write(folder, "na.json", '[{"customer_id":"NA","city":"NA"}]') },
    });
    expect(column(named.first.table, "city")).toEqual(["NA"]);
  });

  it("takes a column of nearly all numbers for one of numbers, and warns of the other cells by name", async () => {
    const ages = Array.from({ length: 40 }, (_, i) => (i < 2 ? "abc" : String(20 + i)));
    const codes = ages.map((_, i) => (i < 1 ? "01234" : String(1000 + i)));
    const rows = ages.map((age, i) => `c${i},${age},${codes[i]},${i < 3 ? "few" : i}`);
    const source = write(folder, "nearly.csv", `customer_id,age,zip,mixed\n${rows.join("\n")}\n`);
    const expectAges = async (features?: Record<string, "number" | "category">) => {
      const { first, reader } = await readAll({ customers: { source }, ...(features ? { features } : {}) });
      expect(column(first.table, "age").slice(0, 3)).toEqual([null, null, 22]);
      expect(reader.report.refused).toBe(0);
      expect(reader.report.warnings[0]).toMatchObject({ column: "age", cells: 2 });
      return first.table;
    };
    const table = await expectAges();
    expect(column(table, "zip").slice(0, 2)).toEqual(["01234", "1001"]);
    expect(column(table, "mixed").slice(2, 4)).toEqual(["few", "3"]);
    await expectAges({ age: "number" });
    const asTrained = await readAll({ customers: { source }, features: { age: "category" } });
    expect(column(asTrained.first.table, "age").slice(0, 3)).toEqual(["abc", "abc", "22"]);
  });

  it("reads decimal commas where the whole column leaves no doubt", async () => {
    const source = write(
      folder,
      "commas.csv",
      "customer_id;income;thousands;mixed\na;34,5;1,250;1,5\nb;-1.234,75;2,000;1.5\nc;7;3,000;2,5\n",
    );
    const { first } = await readAll({ customers: { source } });
    expect(column(first.table, "income")).toEqual([34.5, -1234.75, 7]);
    expect(column(first.table, "thousands")).toEqual([1250, 2000, 3000]);
    expect(column(first.table, "mixed")).toEqual(["1,5", "1.5", "2,5"]);
    const quoted = write(folder, "quoted.csv", 'customer_id,income\na,"0,125"\nb,"12,5"\n');
    expect(column((await readAll({ customers: { source: quoted } })).first.table, "income")).toEqual([
      0.125, 12.5,
    ]);
  });

  it("keeps kinds that are asked for and refuses the rows that break them", async () => {
    const source = write(folder, "kinds.csv", "customer_id,zip,age\na,1234,30\nb,5678,old\n");
    const { first, reader } = await readAll({
      customers: { source },
      features: { zip: "category", age: "number" },
    });
    expect(column(first.table, "zip")).toEqual(["1234"]);
    expect(codes(reader)).toEqual([[2, "ERR_ROW_VALUE_INVALID"]]);
  });

  it("leaves texts that tell people apart out, unless they are asked for", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `${i},name ${i},${i % 7}`);
    const source = write(folder, "names.csv", `customer_id,name,group\n${lines.join("\n")}\n`);
    expect((await readAll({ customers: { source } })).reader.features).toEqual(["group"]);
    const { batches } = await readAll({ customers: { source }, features: ["name"] });
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flatMap((batch) => column(batch.table, "name"))).toEqual(lines.map((_, i) => `name ${i}`));
  });

  it("keeps the order and the first of repeated ids over several files and batches", async () => {
    const parts = join(folder, "parts");
    mkdirSync(parts);
    const ids = Array.from({ length: 5000 }, (_, i) => `c${i}`);
    write(
      parts,
      "1.csv",
      `customer_id,v\n${ids
        .slice(0, 2500)
        .map((id) => `${id},1`)
        .join("\n")}\n`,
    );
    write(
      parts,
      "2.csv",
      `v,customer_id\n2,c7\n${ids
        .slice(2500)
        .map((id) => `2,${id}`)
        .join("\n")}\n`,
    );
    for (const source of [parts, join(parts, "*.csv"), [join(parts, "1.csv"), join(parts, "2.csv")]]) {
      const { batches, reader } = await readAll({ customers: { source } });
      expect(batches.flatMap((batch) => batch.ids)).toEqual(ids);
      expect(codes(reader)).toEqual([[1, "ERR_ROW_ID_DUPLICATE"]]);
      expect(reader.report.refusals[0]?.source).toBe(join(parts, "2.csv"));
    }
  });

  it("refuses sources that cannot be read", async () => {
    const read = (source: string) => failure(readAll({ customers: { source } })).then(({ code }) => code);
    expect(await read(write(folder, "empty.csv", ""))).toBe("ERR_SOURCE_EMPTY");
    expect(await read(write(folder, "header.csv", "customer_id,x\n"))).toBe("ERR_SOURCE_EMPTY");
    expect(await read("-")).toBe("ERR_SOURCE_NOT_FOUND");
    expect(await read("/dev/stdin")).toBe("ERR_SOURCE_NOT_FOUND");
    expect(await read(join(folder, "absent.csv"))).toBe("ERR_SOURCE_NOT_FOUND");
    expect(await read(join(folder, "absent-*.csv"))).toBe("ERR_SOURCE_NOT_FOUND");
    expect(await read(write(folder, "fake.parquet", "not parquet at all"))).toBe("ERR_SOURCE_UNREADABLE");
    expect(await read(write(folder, "utf16.csv", Buffer.from("\ufeffcustomer_id\n1\n", "utf16le")))).toBe(
      "ERR_SOURCE_UNREADABLE",
    );
    expect(await read(write(folder, "zeros.csv", new Uint8Array(5000)))).toBe("ERR_SOURCE_UNREADABLE");
    expect(await read(write(folder, "endless.csv", "x".repeat(2 << 20)))).toBe("ERR_SOURCE_UNREADABLE");
    expect((await failure(openCustomers({}).then((customers) => customers.read({ now })))).code).toBe(
      "ERR_OPTION_INVALID",
    );
  });

  it("survives hostile names, cells and lines", async () => {
    const name = `a"; DROP TABLE crm; --`;
    const header = `customer_id,"${name.replaceAll('"', '""')}",'); SELECT 1;`;
    const lines = [
      "1,x,y",
      `2,${"z".repeat(1 << 20)},y`,
      `3,${"z".repeat(3 << 20)},y`,
      "4,a\u0000b,y",
      '5,"open',
    ];
    const { first, reader } = await readAll({
      customers: { source: write(folder, "x';--[1]*.csv", `${header}\n${lines.join("\n")}`) },
    });
    expect(first.ids).toEqual(["1", "2", "4"]);
    expect(reader.features).toEqual([name, "'); SELECT 1;"]);
    expect(column(first.table, name)[2]).toBe("a\u0000b");
    expect(codes(reader)).toEqual([
      [3, "ERR_ROW_MALFORMED"],
      [5, "ERR_ROW_MALFORMED"],
    ]);
    const parquet = await writeParquet(
      join(folder, "names.parquet"),
      `SELECT 1 AS customer_id, 2 AS "${name.replaceAll('"', '""')}"`,
    );
    expect(column((await readAll({ customers: { source: parquet } })).first.table, name)).toEqual([2]);
  });

  it("stops when its signal fires", async () => {
    const controller = new AbortController();
    const customers = { source: join(folder, "names.csv") };
    const reader = await readCustomers({ customers, now, signal: controller.signal });
    controller.abort();
    const read = async () => {
      for await (const batch of reader) expect(batch.rows).toBeLessThan(0);
    };
    expect((await failure(read())).code).toBe("ERR_ABORTED");
    const opening = readCustomers({ customers, now, signal: controller.signal });
    expect((await failure(opening)).code).toBe("ERR_ABORTED");
  });

  it("gives back any text that is quoted as CSV asks for", async () => {
    const text = fc.string({ unit: "binary", maxLength: 12 }).filter((value) => !/^[\s]|[\s]$/.test(value));
    const rows = fc.array(text, { minLength: 1, maxLength: 200, size: "max" });
    let file = 0;
    await fc.assert(
      fc.asyncProperty(rows, async (values) => {
        const quoted = values.map((value, i) => `${i},"x${value.replaceAll('"', '""')}"`);
        const source = write(folder, `property-${file++}.csv`, `customer_id,text\n${quoted.join("\n")}\n`);
        const { first } = await readAll({ customers: { source }, features: { text: "category" } });
        expect(column(first.table, "text")).toEqual(values.map((value) => `x${value}`.trim()));
      }),
      { numRuns: 4 },
    );
  });
});
