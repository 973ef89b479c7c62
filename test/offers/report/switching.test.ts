import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { switchingFromCounts, switchingFromTransitions, switchingPage } from "../../../src/offers/index.ts";
import { lookalikeJson as lookalike } from "../../cli/capture.ts";
import { folderOfFile } from "../../temporary.ts";
import { DUTCH } from "../next/brands.ts";
import { joinTransitions, transitions } from "../simulate.ts";

const folder = folderOfFile();
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("a switching report", () => {
  const report = switchingFromCounts([
    { from: "A", to: "A", customers: 30 },
    { from: "A", to: "B", customers: 10 },
    { from: "B", to: "B", customers: 5 },
    { from: "B", to: "A", customers: 15 },
  ]);

  it("counts who stays and who goes where, with intervals and lift", () => {
    expect(report).toMatchObject({ customers: 60, loyalty: { value: 35 / 60 }, stays: null });
    expect(report.rows.map(({ manufacturer }) => manufacturer)).toEqual(["A", "B"]);
    const [a, b] = report.rows;
    expect(a).toMatchObject({ customers: 40, loyalty: { value: 0.75 } });
    expect(b?.next[0]).toMatchObject({ manufacturer: "A", customers: 15, share: { value: 0.75 } });
    // A is bought by 45 of 60.
    expect(b?.next[0]?.lift.value).toBeCloseTo(0.75 / 0.75, 12);
    expect(a?.next[1]?.lift.value).toBeCloseTo(0.25 / 0.25, 12);
    expect(a?.loyalty.low).toBeLessThan(0.75);
    expect(a?.loyalty.high).toBeGreaterThan(0.75);
  });

  it("gives lift by residence, age and manufacturer where they are known", () => {
    const logs = joinTransitions([
      ...Array.from({ length: 8 }, () => ({ current: "A", next: "A", age: 20, residence: "Delft" })),
      ...Array.from({ length: 2 }, () => ({ current: "A", next: "B", age: 20, residence: "Delft" })),
      ...Array.from({ length: 10 }, () => ({ current: "A", next: "B", age: 70, residence: "Breda" })),
    ]);
    const { lifts } = switchingFromTransitions(logs);
    const liftOf = (group: string, manufacturer: string) =>
      lifts.find((entry) => entry.group === group && entry.manufacturer === manufacturer);
    // A: 8 of 20 overall, 8 of 10 in Delft.
    expect(liftOf("Delft", "A")).toMatchObject({ by: "residence", customers: 10 });
    expect(liftOf("Delft", "A")?.lift.value).toBeCloseTo(2, 12);
    expect(liftOf("Breda", "A")?.lift.value).toBe(0);
    expect(liftOf("18 to 24", "A")).toMatchObject({ by: "age" });
    expect(liftOf("65 and over", "B")?.lift.value).toBeCloseTo(1 / 0.6, 12);
    expect(liftOf("A", "A")).toMatchObject({ by: "manufacturer", share: { value: 0.4 } });
  });

  it("is refused where nobody bought again: ERR_TRANSITIONS_EMPTY", () => {
    const refused = expect.objectContaining({ code: "ERR_TRANSITIONS_EMPTY" });
    expect(() => switchingFromCounts([])).toThrow(refused);
    expect(() => switchingFromTransitions(transitions([]))).toThrow(refused);
  });

  it("is drawn as one page that loads nothing and escapes what it is told", async () => {
    const nasty = switchingFromCounts([{ from: "<script>alert(1)</script>", to: "A&B", customers: 3 }]);
    const page = await switchingPage(
      { title: "Switching", subtitle: '"quoted"', createdAt: "2026-11-21T00:00:00Z" },
      nasty,
    );
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toMatch(/(?:src|href)="|url\((?!#)|@import/);
    expect(page).toContain("<svg");
    expect(page).not.toContain("NaN");
  });
});

describe("report switching", () => {
  it("prints a table for people, JSON for programs, and writes a page", async () => {
    const html = join(folder, "switching.html");
    const switches = file("switches.csv", "previous,current,respondents\nA,A,30\nA,B,10\nB,B,20\n");
    const { status, lines, stderr } = await lookalike(
      "report",
      "switching",
      "--switches",
      switches,
      "--html",
      html,
      "--json",
    );
    expect(status).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      customers: 60,
      rows: [{ manufacturer: "A", loyalty: { value: 0.75 } }, {}],
    });
    expect(stderr).toContain("75.0 (59.8 to 85.8)");
    expect(readFileSync(html, "utf8")).toContain("<!doctype html>");
  });

  it("wants one source: ERR_OPTION_INVALID", async () => {
    const { status, stderr } = await lookalike("report", "switching");
    expect(status).toBe(2);
    expect(stderr).toContain("ERR_OPTION_INVALID");
  });

  it.skipIf(!existsSync(DUTCH))(
    "reproduces the retention of the Dutch survey (shared/data/brands)",
    async () => {
      const { lines } = await lookalike("report", "switching", "--switches", DUTCH, "--json");
      const retention = (name: string) =>
        lines[0].rows.find((row: { manufacturer: string }) => row.manufacturer === name).loyalty.value;
      expect(
        [retention("Apple"), retention("Samsung"), retention("Nokia")].map((share) => share.toFixed(3)),
      ).toEqual(["0.837", "0.662", "0.393"]);
      expect(retention("Apple")).toBe(175 / 209);
    },
  );
});
