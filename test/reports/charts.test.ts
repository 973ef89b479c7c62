import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScale, niceStep } from "../../src/reports/charts/scale.ts";
import { curveChart, drawChart, intervalChart } from "../../src/reports/index.ts";

describe("a scale", () => {
  it("labels round values around the data, and maps its ends to the ends of the axis", () => {
    const scale = createScale({ values: [0.03, 0.97], splits: 5 }, [0, 100]);
    expect(scale.ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect([scale(0), scale(0.5), scale(1)]).toEqual([0, 50, 100]);
  });

  it("keeps to given ends, and keeps what lies beyond at its end", () => {
    const scale = createScale({ values: [5], min: 1, max: 20, splits: 10 }, [0, 190]);
    expect(scale.ticks).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect([scale(1), scale(2), scale(99)]).toEqual([0, 10, 190]);
  });

  it("counts powers of ten on a logarithmic axis", () => {
    const scale = createScale({ values: [], min: 1e-3, max: 1, splits: 3, kind: "log" }, [0, 300]);
    expect(scale.ticks).toEqual([1e-3, 1e-2, 1e-1, 1]);
    expect(scale(1e-2)).toBeCloseTo(100);
  });

  it("reaches every finite value with at most a few ticks more than asked for", () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const scale = createScale({ values, splits: 5 }, [0, 1]);
        const rounding = 1e-8 * (scale.to - scale.from);
        expect(scale.from).toBeLessThanOrEqual(Math.min(...values) + rounding);
        expect(scale.to).toBeGreaterThanOrEqual(Math.max(...values) - rounding);
        expect(scale.ticks.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it.each([
    [0.3, 0.5],
    [2, 2],
    [2.1, 5],
    [70, 100],
    [0, 1],
  ])("steps no smaller than %f by %f", (least, step) => expect(niceStep(least)).toBeCloseTo(step, 12));
});

describe("a chart", () => {
  it("is drawn for wide pages and for phones, with its text escaped", () => {
    const chart = drawChart(
      { title: "Shares", height: 200, width: "full" },
      intervalChart([{ label: "<b>x", estimate: { value: 0.5, low: 0.4, high: 0.6 }, color: "red" }], {
        format: String,
        min: 0,
        max: 1,
      }),
    );
    expect(chart.wide).toContain('viewBox="0 0 1040 200"');
    expect(chart.narrow).toContain('viewBox="0 0 320 184"');
    expect(chart.wide).toContain("&lt;b&gt;x");
    expect(chart.wide).not.toContain("<b>x");
  });

  it("has a finite place for everything, whatever is missing", () => {
    const { wide } = drawChart(
      { title: "Nothing", height: 200 },
      curveChart({
        curves: [{ x: [0, 1], y: [Number.NaN, 0], color: "red" }],
        x: { format: String },
        y: { format: String },
      }),
    );
    expect(wide.replace(/NaN(?= \d)/g, "")).not.toMatch(/Infinity|undefined/);
  });
});
