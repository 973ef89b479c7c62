import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Column, categoryColumn, cell, numberColumn } from "../../src/core/index.ts";
import { openDatabase, quoteFile, quoteName, quoteText, type RowBatch } from "../../src/io/duckdb/index.ts";
import { folderOfFile } from "../temporary.ts";

const folder = folderOfFile();
const code = (error: string) => ({ code: error });

describe("openDatabase", () => {
  it("reads the named files and no other, nor the network, nor its own settings", async () => {
    const mine = join(folder, "mine[1]*.csv");
    const other = join(folder, "mine1x.csv");
    writeFileSync(mine, "a\n1\n");
    writeFileSync(other, "a\n2\n");
    const database = await openDatabase({ files: [mine], tempFolder: folder });
    expect(await database.all(`SELECT * FROM read_csv(${quoteFile(mine)})`)).toEqual([{ a: 1 }]);
    for (const sql of [
      `FROM read_csv(${quoteText(other)})`,
      "FROM read_text('/etc/passwd')",
      "FROM glob('/etc/*')",
      `COPY (SELECT 1) TO ${quoteText(join(folder, "out.csv"))}`,
      `ATTACH ${quoteText(join(folder, "x.db"))}`,
      "FROM read_csv('https://example.com/x.csv')",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SET enable_external_access = true",
      "SET allowed_paths = ['/etc/passwd']",
    ]) {
      await expect(database.run(sql), sql).rejects.toMatchObject(code("ERR_DATABASE_FAILED"));
    }
    mkdirSync(database.folder);
    writeFileSync(join(database.folder, "own.csv"), "a\n3\n");
    expect(await database.all(`FROM read_csv(${quoteFile(join(database.folder, "own.csv"))})`)).toEqual([
      { a: 3 },
    ]);
    await expect(
      database.run(`FROM read_csv(${quoteFile(join(database.folder, "../../mine1x.csv"))})`),
    ).rejects.toMatchObject(code("ERR_DATABASE_FAILED"));
    await database.close();
    expect(readdirSync(folder).toSorted()).toEqual(["mine1x.csv", "mine[1]*.csv"]);
  });

  it("spills to its folder within its memory and leaves nothing behind", async () => {
    const tempFolder = mkdtempSync(join(folder, "temp-"));
    const database = await openDatabase({ memoryMb: 60, threads: 1, tempFolder });
    await database.run("CREATE TABLE big AS SELECT hash(range) AS h, range::DOUBLE AS r FROM range(8000000)");
    const [spilled] = readdirSync(tempFolder).map((name) => readdirSync(join(tempFolder, name)));
    expect(spilled?.length).toBeGreaterThan(0);
    expect(await database.all("SELECT count(*) AS n, sum(r) AS s FROM big")).toEqual([
      { n: 8e6, s: 31999996000000 },
    ]);
    await database.close();
    await database.close();
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  it("streams numbers, texts and codes with what is missing", async () => {
    const database = await openDatabase();
    await database.run("CREATE TYPE color AS ENUM ('red', 'blue')");
    const batches: RowBatch[] = [];
    const sql = `SELECT CASE WHEN range % 3 > 0 THEN range::DOUBLE END AS d, range AS i, range % 2 = 0 AS b,
      CASE WHEN range % 2 = 0 THEN 'x' || range END AS t,
      CASE range % 3 WHEN 0 THEN 'red'::color WHEN 1 THEN 'blue'::color END AS c FROM range($1::INTEGER)`;
    for await (const batch of database.stream(sql, [5000])) batches.push(batch);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.reduce((rows, batch) => rows + batch.rows, 0)).toBe(5000);
    const [first] = batches;
    expect([...(first?.numbers("d").slice(0, 4) ?? [])]).toEqual([Number.NaN, 1, 2, Number.NaN]);
    expect([...(first?.numbers("i").slice(0, 3) ?? [])]).toEqual([0, 1, 2]);
    expect([...(first?.numbers("b").slice(0, 3) ?? [])]).toEqual([1, 0, 1]);
    expect(first?.texts("t").slice(0, 3)).toEqual(["x0", null, "x2"]);
    expect([...(first?.codes("c").codes.slice(0, 4) ?? [])]).toEqual([0, 1, -1, 0]);
    expect(first?.codes("c").labels).toEqual(["red", "blue"]);
    await database.close();
  });

  it("takes tables back, NUL bytes and all", async () => {
    const database = await openDatabase();
    const columns = new Map<string, Column>([
      ['n"', numberColumn([1, null])],
      ["c", categoryColumn(["a\0b", null])],
    ]);
    await database.insert("t", { rows: 2, columns });
    const rows = await database.all("FROM t");
    const names = [...columns.keys()];
    expect(rows.map((row) => names.map((name) => row[name]))).toEqual(
      [0, 1].map((row) => [...columns.values()].map((column) => cell(column, row))),
    );
    await database.close();
  });

  it("stops a running query when the signal fires", async () => {
    const database = await openDatabase();
    const controller = new AbortController();
    const read = async () => {
      const sql =
        "SELECT a.range AS r FROM range(100000) a, range(100000) b WHERE hash(a.range + b.range) = 1";
      for await (const batch of database.stream(sql, [], controller.signal)) expect(batch.rows).toBe(0);
    };
    setTimeout(() => controller.abort(), 50);
    await expect(read()).rejects.toMatchObject(code("ERR_ABORTED"));
    await database.close();
  });

  it("stops whatever it does, and all that is asked later, when its own signal fires", async () => {
    const controller = new AbortController();
    const database = await openDatabase({ signal: controller.signal });
    const endless = "SELECT sum(hash(a.range + b.range)) AS n FROM range(10000000) a, range(10000000) b";
    setTimeout(() => controller.abort(), 50);
    await expect(database.all(endless)).rejects.toMatchObject(code("ERR_ABORTED"));
    await expect(database.run("SELECT 1")).rejects.toMatchObject(code("ERR_ABORTED"));
    await database.close();
  });

  it("quotes any name but one with a NUL byte", async () => {
    expect(quoteName('a"b')).toBe('"a""b"');
    expect(quoteText("a'b")).toBe("'a''b'");
    expect(() => quoteText("a\0b")).toThrow(expect.objectContaining(code("ERR_OPTION_INVALID")));
  });
});
