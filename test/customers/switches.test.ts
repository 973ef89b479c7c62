import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSwitchTable } from "../../src/customers/index.ts";
import { failure, scratchFolder, write, writeParquet } from "./scratch.ts";

const folder = scratchFolder();

describe("readSwitchTable", () => {
  it("reads counts under any names, or one row per customer", async () => {
    const counted = write(folder, "counted.csv", "before,after,n\nA,B,2\nA,A,3\nA,B,1\n");
    const named = await readSwitchTable(counted, { from: "before", to: "After", count: "n" });
    expect(named.counts).toEqual([
      { from: "A", to: "A", customers: 3 },
      { from: "A", to: "B", customers: 3 },
    ]);
    expect(named.report).toMatchObject({ read: 3, refused: 0 });
    const parquet = await writeParquet(
      join(folder, "rows.parquet"),
      "SELECT * FROM (VALUES ('A', 'B'), ('A', 'B'), ('B', 'B')) t(previous, current)",
    );
    expect((await readSwitchTable(parquet)).counts).toEqual([
      { from: "A", to: "B", customers: 2 },
      { from: "B", to: "B", customers: 1 },
    ]);
  });

  it("leaves bad rows out, each named with what it lacks, and reads the others", async () => {
    const source = write(
      folder,
      "bad.csv",
      "previous;current;customers\nA;B;10,5\nA;A;abc\nB;B;-3\nB;;4\n;B;4\nB;B\nB;B;7\n",
    );
    const { counts, report } = await readSwitchTable(source);
    expect(counts).toEqual([
      { from: "A", to: "B", customers: 10.5 },
      { from: "B", to: "B", customers: 7 },
    ]);
    expect(report).toMatchObject({ read: 7, refused: 5 });
    const named = report.refusals.map(({ row, code, message }) => [
      row,
      code,
      /for (\w+) but/.exec(message)?.[1],
    ]);
    expect(named).toEqual([
      [6, "ERR_ROW_MALFORMED", undefined],
      [2, "ERR_ROW_VALUE_INVALID", "customers"],
      [3, "ERR_ROW_VALUE_INVALID", "customers"],
      [4, "ERR_ROW_VALUE_INVALID", "current"],
      [5, "ERR_ROW_VALUE_INVALID", "previous"],
    ]);
  });

  it("refuses files that are none", async () => {
    const code = async (name: string, text: string) =>
      (await failure(readSwitchTable(write(folder, name, text)))).code;
    expect(await code("no-column.csv", "a,b\n1,2\n")).toBe("ERR_COLUMN_MISSING");
    expect(await code("empty.csv", "from,to\n")).toBe("ERR_SOURCE_EMPTY");
  });
});
