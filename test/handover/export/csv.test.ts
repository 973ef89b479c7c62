import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine, isFormula, markText } from "../../../src/handover/index.ts";
import { escapeHtml } from "../../../src/reports/index.ts";

describe("csvLine", () => {
  it("is read back by another reader as it was, whatever the text", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
        const width = Math.max(...rows.map((row) => row.length));
        const even = rows.map((row) => [...row, ...Array<string>(width - row.length).fill("")]);
        const file = `${csvLine(even[0]?.map((_, i) => `c${i}`) ?? [])}${even.map(csvLine).join("")}`;
        expect(parse(file, { record_delimiter: "\r\n" }).slice(1)).toEqual(even);
      }),
    );
  });

  it("writes numbers plainly and leaves missing values empty", () => {
    expect(csvLine(["a", 1.5, null, Number.NaN, "", 'x"y', " z"])).toBe('a,1.5,,,,"x""y"," z"\r\n');
  });
});

describe("formulas", () => {
  it.each([
    "=1+1",
    "+SUM(A1)",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "-20% today",
  ])("marks %j", (text) => {
    expect(isFormula(text)).toBe(true);
    expect(markText(text)).toBe(`'${text}`);
  });

  it.each(["-1", "+31612345678", "-0.5", "1,5", "a=b", "", "'=1", "sale"])("leaves %j", (text) => {
    expect(markText(text)).toBe(text);
  });

  it("never lets a text begin with what a spreadsheet runs, unless it is a number", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const marked = markText(text);
        expect(/^[=+\-@\t\r]/.test(marked) && !/^[+-]?\d+([.,]\d+)*$/.test(marked)).toBe(false);
        expect(marked.replace(/^'/, "")).toBe(text.replace(/^'/, ""));
      }),
    );
  });
});

describe("escapeHtml", () => {
  it("leaves nothing that opens a tag, an attribute or an entity, and reads back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const html = escapeHtml(text);
        expect(html).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
        const back = html.replace(/&([^;]+);/g, (_, name: string) => named[name] ?? name);
        expect(back).toBe(text);
      }),
    );
  });
});
