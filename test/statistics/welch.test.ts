import { describe, expect, it } from "vitest";
import { ratioOf, sampleOf } from "../../src/statistics/sample.ts";
import { differenceOfMeans } from "../../src/statistics/welch.ts";

// Values: GrowthBook, packages/stats/tests/frequentist/test_tests.py (MIT).
const A = sampleOf({ n: 3407, sum: 1396.87, squares: 52377.9767 });
const B = sampleOf({ n: 3461, sum: 2422.7, squares: 134698.29 });
const binomial = (sum: number, n: number) => ({ n, mean: sum / n, variance: (sum / n) * (1 - sum / n) });

describe("the difference of two means", () => {
  it("is Welch's, relative to the control", () => {
    const found = differenceOfMeans(A, B, { relative: true });
    expect(found?.value).toBeCloseTo(0.70732, 5);
    expect(found?.standardError).toBeCloseTo(0.37879, 5);
    expect(found?.low).toBeCloseTo(-0.03526, 5);
    expect(found?.high).toBeCloseTo(1.44989, 5);
    expect(found?.pValue).toBeCloseTo(0.06191, 5);
  });

  it("is Welch's, absolute", () => {
    const found = differenceOfMeans(A, B);
    expect(found?.value).toBeCloseTo(0.29, 5);
    expect(found?.standardError).toBeCloseTo(0.12478, 5);
    expect(found?.low).toBeCloseTo(0.04538, 5);
    expect(found?.high).toBeCloseTo(0.53462, 5);
    expect(found?.pValue).toBeCloseTo(0.02016, 5);
  });

  it("uses t quantiles, which matter for few units", () => {
    const found = differenceOfMeans(binomial(14, 28), binomial(16, 30), { relative: true });
    expect(found?.value).toBeCloseTo(0.06667, 5);
    expect(found?.standardError).toBeCloseTo(0.2717, 4);
    expect(found?.low).toBeCloseTo(-0.47767, 4);
    expect(found?.high).toBeCloseTo(0.61101, 4);
    expect(found?.pValue).toBeCloseTo(0.80707, 4);
  });

  it("keeps the sign of an improvement over a negative baseline", () => {
    const loss = { n: 100, mean: -2, variance: 1 };
    const smallerLoss = { n: 100, mean: -1, variance: 1 };
    const found = differenceOfMeans(loss, smallerLoss, { relative: true });
    expect(found?.value).toBeCloseTo(0.5, 12);
    expect(found?.low).toBeGreaterThan(0);
    const absolute = differenceOfMeans(loss, smallerLoss);
    expect(Math.sign(absolute?.value ?? 0)).toBe(Math.sign(found?.value ?? 0));
  });

  it("says nothing where nothing can be said", () => {
    expect(differenceOfMeans({ n: 1, mean: 0, variance: 0 }, B)).toBeNull();
    expect(differenceOfMeans({ n: 9, mean: 1, variance: 0 }, { n: 9, mean: 2, variance: 0 })).toBeNull();
    expect(differenceOfMeans({ n: 9, mean: 0, variance: 1 }, B, { relative: true })).toBeNull();
    expect(Number.isNaN(sampleOf({ n: 0, sum: 0, squares: 0 }).mean)).toBe(true);
  });
});

describe("a ratio of sums", () => {
  it("has the delta method's variance", () => {
    // y / x over five units, worked by hand: mean x 2, mean y 3, ratio 1.5.
    const units = [
      [1, 1],
      [2, 3],
      [3, 5],
      [2, 2],
      [2, 4],
    ] as const;
    const sums = { n: 5, x: 0, xx: 0, y: 0, yy: 0, xy: 0 };
    for (const [x, y] of units) {
      sums.x += x;
      sums.xx += x * x;
      sums.y += y;
      sums.yy += y * y;
      sums.xy += x * y;
    }
    const found = ratioOf(sums);
    expect(found.mean).toBeCloseTo(1.5, 12);
    // var y 2.5, var x 0.5, covariance 1: (2.5 - 2 x 1.5 x 1 + 2.25 x 0.5) / 4
    expect(found.variance).toBeCloseTo(0.15625, 12);
  });
});
