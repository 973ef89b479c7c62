import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import {
  arePropensitiesPlausible,
  armEffects,
  combinePValues,
  projectLinearly,
  propensityFits,
  shrinkEffects,
} from "../../src/statistics/index.ts";

describe("the best linear projection", () => {
  it("is least squares with robust errors, worked out by hand", () => {
    // y on x = -1, 0, 1: slope 1, residuals of y around 2 + x: 0.5, -1, 0.5.
    const scores = Float64Array.of(1.5, 1, 3.5);
    const { coefficients, errors } = projectLinearly(
      scores,
      { width: 1, values: Float64Array.of(-1, 0, 1) },
      [0],
    );
    expect(coefficients[0]).toBeCloseTo(1, 12);
    // Sandwich (0.25 + 0.25) / 4, times 3/2 and 2/1.
    expect(errors[0]).toBeCloseTo(Math.sqrt(0.125 * 3), 12);
  });

  it("finds the columns that effects depend on, leaves out what other columns say, and counts clusters once", () => {
    const random = createRandom(5);
    const rows = 2_000;
    const values = new Float64Array(rows * 3);
    const scores = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const [a, b] = [randomNormal(random), randomNormal(random)];
      values.set([a, b, a - b], row * 3);
      scores[row] = 0.2 * a + randomNormal(random);
    }
    const once = projectLinearly(scores, { width: 3, values }, [0, 1, 2]);
    expect(once.wald.freedom).toBe(2);
    expect(once.coefficients[2]).toBe(0);
    expect(once.coefficients[0]).toBeCloseTo(0.2, 1);
    expect(once.pValues[0]).toBeLessThan(1e-6);
    expect(once.pValues[1]).toBeGreaterThan(0.001);
    const twice = (column: Float64Array, width: number) => {
      const doubled = new Float64Array(2 * column.length);
      for (let row = 0; row < rows; row++) {
        const own = column.subarray(row * width, (row + 1) * width);
        doubled.set(own, 2 * row * width);
        doubled.set(own, (2 * row + 1) * width);
      }
      return doubled;
    };
    const clusters = Int32Array.from({ length: 2 * rows }, (_, row) => row >> 1);
    const again = projectLinearly(
      twice(scores, 1),
      { width: 3, values: twice(values, 3) },
      [0, 1, 2],
      clusters,
    );
    expect(again.wald.chiSquare).toBeCloseTo(once.wald.chiSquare, 0);
  });
});

describe("several tests as one", () => {
  it("have the p-value of the Cauchy combination, and one that finds nothing does not outvote one that does", () => {
    expect(combinePValues([0.03, 0.03])).toBeCloseTo(0.03, 10);
    expect(combinePValues([0.01, 0.5])).toBeCloseTo(0.02, 3);
    expect(combinePValues([0.01, 1])).toBeLessThan(0.03);
    expect(combinePValues([0.01, 0.5], [3, 1])).toBeLessThan(combinePValues([0.01, 0.5]));
  });
});

describe("the best of several arms", () => {
  const covariance = (arms: number, own: number, shared: number) =>
    Array.from({ length: arms }, (_, i) =>
      Array.from({ length: arms }, (_, j) => shared + (i === j ? own : 0)),
    );

  it("is promised little where noise explains it, and nearly all where it stands out", () => {
    const useless = [3, 3.5, 2.5, 2, 1.5, 1.5, 5.5, 4, 4, 4];
    const shrunk = shrinkEffects({ effects: useless, covariance: covariance(10, 2.4, 2.4) });
    expect(Math.max(...shrunk)).toBeLessThan(1.5);
    const strong = shrinkEffects({
      effects: [12, ...useless.slice(1).map(() => 0)],
      covariance: covariance(10, 1, 1),
    });
    expect(strong[0]).toBeGreaterThan(9);
  });

  it("stays as it is where it is the only one", () => {
    expect(shrinkEffects({ effects: [0.4], covariance: [[1]] })).toEqual([0.4]);
  });

  it("has the covariance of the doubly robust scores", () => {
    const { effects, covariance: found } = armEffects([Float64Array.of(1, 3), Float64Array.of(2, 0)]);
    expect(effects).toEqual([2, 1]);
    expect(found[0]?.[0]).toBeCloseTo(1, 12);
    expect(found[0]?.[1]).toBeCloseTo(-1, 12);
  });
});

describe("a column of propensities", () => {
  const arms = (counts: readonly number[]) => ({
    labels: counts.map((_, i) => `arm ${i}`),
    codes: Int32Array.from(counts.flatMap((count, arm) => new Array<number>(count).fill(arm))),
  });
  const fits = (counts: readonly number[], of: (arm: number) => number) =>
    arePropensitiesPlausible(
      propensityFits(
        arms(counts),
        Float64Array.from(arms(counts).codes, (arm) => of(arm)),
      ),
    );

  it("is that of the arm shown where 1 / p adds up to all rows in each arm", () => {
    expect(fits([500, 500], () => 0.5)).toBe(true);
    expect(fits([205, 795], (arm) => [0.2, 0.8][arm] as number)).toBe(true);
    // Rows of a third arm, a half of all, were left out.
    expect(fits([250, 250], () => 0.25)).toBe(true);
  });

  it("is not where it is the same for both arms of unequal size, or 1 for three", () => {
    expect(fits([200, 800], () => 0.8)).toBe(false);
    expect(fits([300, 300, 300], () => 1)).toBe(false);
    expect(fits([500, 500], () => 0.8)).toBe(false);
  });
});
