import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readCustomers } from "../../src/customers/index.ts";
import { findOpenQuotes } from "../../src/tables/quotes.ts";
import { scratchFolder, write } from "../customers/scratch.ts";

const folder = scratchFolder();

async function read(source: string) {
  const reader = await readCustomers({ customers: { source }, now: new Date("2026-11-26T12:00:00Z") });
  const ids: string[] = [];
  for await (const batch of reader) ids.push(...batch.ids);
  return { ids, report: reader.report };
}

/** 300 customers; `change` may break some of their lines. */
function table(change: (row: number) => string | null, end = "\n"): string {
  const lines = Array.from({ length: 300 }, (_, i) => change(i) ?? `c${i},${20 + (i % 60)},note ${i},urban`);
  return `${["customer_id,age,note,residence", ...lines].join(end)}${end}`;
}

async function lines(text: string, columns = 4, size = 7): Promise<number[]> {
  async function* pieces() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  return (await findOpenQuotes(pieces(), { delimiter: 44, columns })).map(({ line }) => line);
}

describe("a quote that is not closed", () => {
  it("costs its own row and no other, to the end of the file", async () => {
    for (const end of ["\n", "\r\n"]) {
      const text = table((i) => (i === 9 ? 'c9,29,"open quote,urban' : null), end);
      const { ids, report } = await read(write(folder, "open.csv", text));
      expect(ids.length).toBe(299);
      expect(ids).not.toContain("c9");
      expect(report.read).toBe(300);
      expect(report.refusals.map(({ row, code }) => [row, code])).toEqual([[10, "ERR_ROW_MALFORMED"]]);
      expect(report.refusals[0]?.message).toContain("a quote that is not closed");
    }
  });

  it("does not take the rows between it and a quote far below", async () => {
    const text = table((i) => {
      if (i === 20) return 'c20,40,"5 inch,urban';
      return i === 261 ? 'c261,41,6 inch",rural' : null;
    });
    const { ids, report } = await read(write(folder, "pair.csv", text));
    expect(report.read).toBe(300);
    expect(ids.length + report.refused).toBe(300);
    expect(ids.length).toBe(299);
    expect(report.refusals[0]?.row).toBe(21);
  });

  it("is found beside quoted cells and in compressed files", async () => {
    const text = table((i) => {
      if (i === 5) return 'c5,25,"open,urban';
      return i % 3 === 0 ? `c${i},30,"a, ""b"" and c",urban` : null;
    });
    const { ids, report } = await read(write(folder, "zipped.csv.gz", gzipSync(text)));
    expect(ids.length).toBe(299);
    expect(report.refusals.map(({ row }) => row)).toEqual([6]);
  });

  it.each([
    ["a backslash in place of a second quote", '"c\\"9",29,x,urban'],
    ["quotes within quotes", 'c9,29,"say "hi" you",urban'],
    ["text after it", '"c9"x,29,x,urban'],
    ["an empty field before it", 'c9,29,""x,"urban"'],
  ])("or not doubled costs its own row and no other: %s", async (_, line) => {
    const { ids, report } = await read(
      write(
        folder,
        "text.csv",
        table((i) => (i === 9 ? line : null)),
      ),
    );
    expect([ids.length, report.read, report.refused]).toEqual([299, 300, 1]);
    expect(report.refusals[0]?.row).toBe(10);
  });

  it("leaves cells with line breaks as they are", async () => {
    const text = table((i) => (i === 3 ? 'c3,23,"Dear all,\nsee, below\r\nBye",urban' : null));
    const { ids, report } = await read(write(folder, "breaks.csv", text));
    expect(report.refused).toBe(0);
    expect(ids.length).toBe(300);
  });
});

describe("findOpenQuotes", () => {
  it("gives the same lines however the text is cut", async () => {
    const text =
      'a,b,c,d\n1,"x",2,3\n2,"open,3,4\n3,x,y,"q ""r"" s"\n4,"l1\nl2",5,6\n5,"a "b" c",7,8\n6,x,"end,9\n';
    for (const size of [1, 2, 3, 7, 64, 1000]) expect(await lines(text, 4, size)).toEqual([3, 7, 8]);
  });

  it("needs more than two lines of text in a table of two columns", async () => {
    expect(await lines('id,note\n1,"Hello\nBye, all"\n2,x\n', 2)).toEqual([]);
    expect(await lines('id,note\n1,"open\n2,x\n3,y\n4,z"\n5,q\n', 2)).toEqual([2]);
  });
});
