import { describe, expect, it } from "vitest";
import { posteriorOf } from "../../src/statistics/bayes.ts";
import { holm } from "../../src/statistics/holm.ts";
import { sampleOf } from "../../src/statistics/sample.ts";
import { differenceOfMeans } from "../../src/statistics/welch.ts";

// Values: GrowthBook, packages/stats/tests/bayesian/test_tests.py (MIT).
const relative = (a: Parameters<typeof differenceOfMeans>[0], b: typeof a) => {
  const found = differenceOfMeans(a, b, { relative: true });
  if (found === null) throw new Error("no difference");
  return found;
};
const proportion = (sum: number, n: number) => ({ n, mean: sum / n, variance: (sum / n) * (1 - sum / n) });

describe("the Bayesian view", () => {
  it("gives GrowthBook's posterior of two proportions", () => {
    const found = posteriorOf(relative(proportion(49, 100), proportion(51, 100)));
    expect(found.mean).toBeCloseTo(0.04082, 5);
    expect(found.deviation).toBeCloseTo(0.14725, 5);
    expect(found.low).toBeCloseTo(-0.24779, 5);
    expect(found.high).toBeCloseTo(0.32943, 5);
    expect(found.chanceBetter).toBeCloseTo(0.60918, 5);
    expect(found.lossOfControl).toBeCloseTo(0.0814, 5);
    expect(found.lossOfArm).toBeCloseTo(0.04058, 5);
  });

  it("gives it for means, and under an informative prior", () => {
    const a = sampleOf({ n: 10, sum: 100, squares: 1002.25 });
    const b = sampleOf({ n: 10, sum: 105, squares: 1111.5 });
    const flat = posteriorOf(relative(a, b));
    expect(flat.chanceBetter).toBeCloseTo(0.91923, 5);
    expect([flat.lossOfControl, flat.lossOfArm].map((loss) => Number(loss.toFixed(5)))).toEqual([
      0.05131, 0.00131,
    ]);
    const informed = posteriorOf(relative(a, b), { mean: 0.1, variance: 0.1 });
    expect(informed.mean).toBeCloseTo(0.05063, 5);
    expect(informed.low).toBeCloseTo(-0.01893, 5);
    expect(informed.chanceBetter).toBeCloseTo(0.92315, 5);
    expect(informed.lossOfControl).toBeCloseTo(0.05186, 5);
    expect(informed.lossOfArm).toBeCloseTo(0.00123, 5);
  });

  it("stays finite where the data leave no doubt", () => {
    const found = posteriorOf({ value: 0.01, standardError: 4.5e-9 });
    expect([found.lossOfControl, found.lossOfArm]).toEqual([0.01, 0]);
    const losses = posteriorOf({ value: 0.1, standardError: 0.05 });
    expect(losses.lossOfControl).toBeCloseTo(0.1004245351308, 10);
    expect(losses.lossOfArm).toBeCloseTo(0.0004245351308414, 10);
  });
});

describe("Holm's adjustment", () => {
  it("multiplies by the tests that are left and never falls", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
