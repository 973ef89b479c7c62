import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { holdoutDesign, planExperiment, readBaseline } from "../../src/experiments/index.ts";
import type { RowReport } from "../../src/tables/index.ts";
import { writeOutcomes } from "./world.ts";

const BASE = { mean: 0.02, variance: 0.02 * 0.98 };
const plan = (holdout: number, customers: number, more = {}) => {
  const design = holdoutDesign("autumn", { holdout, seed: 1 });
  return planExperiment({ design, baseline: BASE, customers, matchable: 0, ...more });
};

describe("a plan", () => {
  it("gives the smallest effect that a holdout can show", () => {
    const [small] = plan(0.05, 100_000).comparisons;
    expect(small?.smallest.fixed).toBeGreaterThan(0.28);
    expect(small?.smallest.fixed).toBeLessThan(0.29);
    const [large] = plan(0.1, 500_000).comparisons;
    expect(large?.smallest.fixed).toBeCloseTo(0.09, 2);
    // Looking at any time costs.
    expect(large?.smallest.sequence).toBeGreaterThan(0.12);
    expect(large?.smallest.sequence).toBeLessThan(0.15);
  });

  it("needs as many customers as make the effect show with the planned power", () => {
    const [first] = plan(0.1, 100_000, { effect: 0.2, perDay: 10_000 }).comparisons;
    const needed = first?.needed.fixed ?? 0;
    const [again] = plan(0.1, needed, { effect: 0.2 }).comparisons;
    expect(again?.power.fixed).toBeCloseTo(0.8, 3);
    const [often] = plan(0.1, first?.needed.sequence ?? 0, { effect: 0.2 }).comparisons;
    expect(often?.power.sequence).toBeCloseTo(0.8, 2);
    expect(first?.days?.fixed).toBe(Math.ceil(needed / 10_000 + 28));
  });

  it("counts only the matchable customers for the faces, outside of the holdout", () => {
    const design = {
      ...holdoutDesign("autumn", { holdout: 0.1, seed: 1 }),
      faces: [
        { arm: "lookalike", share: 0.6, band: null },
        { arm: "random", share: 0.4, band: null },
      ],
    } as const;
    const { comparisons } = planExperiment({
      design,
      baseline: BASE,
      customers: 100_000,
      matchable: 20_000,
      matched: 0.5,
    });
    expect(comparisons.map(({ id, control, arm }) => [id, control, arm])).toEqual([
      ["programme", 10_000, 90_000],
      ["lookalike", 3600, 5400],
    ]);
  });

  it("says when an experiment is hopeless, and when it draws nothing", () => {
    expect(plan(0.01, 1000).isHopeless).toBe(true);
    expect(plan(0.1, 500_000).isHopeless).toBe(false);
    expect(plan(0, 1000).comparisons).toEqual([]);
    const design = {
      ...holdoutDesign("faces", { holdout: 0, seed: 1 }),
      faces: [
        { arm: "lookalike", share: 0.5, band: null },
        { arm: "default", share: 0.5, band: null },
      ],
    } as const;
    const [nobody] = planExperiment({ design, baseline: BASE, customers: 1000, matchable: 0 }).comparisons;
    expect(nobody).toMatchObject({ isHopeless: true, smallest: { fixed: null, sequence: null } });
  });

  it("takes the baseline from past outcomes, over all customers", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lookalike-baseline-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const day = (n: number) => `2026-03-${String(n).padStart(2, "0")}T00:00:00Z`;
    writeOutcomes(join(folder, "past.csv"), [
      ["a", day(1), "1", "10"],
      ["b", day(20), "1", "20"],
      ["b", day(21), "1", "10"],
      ["c", day(22), "1", "40"],
    ]);
    const options = { outcomes: join(folder, "past.csv"), customers: 100, windowDays: 7 };
    const rate = await readBaseline({ ...options, metric: "converted" });
    expect(rate.mean).toBeCloseTo(0.02, 12);
    const value = await readBaseline({ ...options, metric: "value" });
    expect(value.mean).toBeCloseTo(0.7, 12);
    expect(value.variance).toBeCloseTo((30 * 30 + 40 * 40 - 100 * 0.49) / 99, 9);
    // One purchase of a wrong clock must not move the window, nor bad rows be lost without a word.
    writeOutcomes(join(folder, "odd.csv"), [
      ...[
        ["b", day(20), "1", "20"],
        ["b", day(20), "1", "20"],
        ["c", day(22), "1", "40"],
      ],
      ...[
        ["d", "2062-01-01", "1", "90"],
        ["e", "31.02.2026", "1", "5"],
        ["", day(22), "1", "7"],
      ],
    ]);
    const rows: RowReport[] = [];
    const odd = await readBaseline({
      ...{ ...options, outcomes: join(folder, "odd.csv"), metric: "value", at: new Date(day(30)) },
      onRows: (report) => void rows.push(report),
    });
    expect(odd.mean).toBeCloseTo(0.6, 12);
    expect(rows[0]).toMatchObject({
      read: 6,
      refusedByCode: { ERR_ROW_VALUE_INVALID: 1, ERR_ROW_DATE_INVALID: 1 },
      warnings: [{ message: "1 outcomes lie in the future and are left out" }],
    });
    await expect(readBaseline({ ...options, customers: 1, metric: "value" })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });
});
