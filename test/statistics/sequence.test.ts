import { describe, expect, it } from "vitest";
import {
  bernoulliSequence,
  gammaExponentialMixture,
  normalMixtureBound,
  twoSidedRho,
} from "../../src/statistics/mixture.ts";
import { sampleOf } from "../../src/statistics/sample.ts";
import { sequenceFactor, sequenceInterval } from "../../src/statistics/sequence.ts";
import { differenceOfMeans } from "../../src/statistics/welch.ts";

const read = (control: Parameters<typeof differenceOfMeans>[0], arm: typeof control, tuning: number) => {
  const difference = differenceOfMeans(control, arm, { relative: true });
  if (difference === null) throw new Error("no difference");
  return { difference, found: sequenceInterval(difference, control.n + arm.n, { tuning }) };
};

describe("the asymptotic confidence sequence", () => {
  // Values: GrowthBook, packages/stats/tests/frequentist/test_tests.py (MIT).
  it("gives GrowthBook's sequential intervals", () => {
    const a = sampleOf({ n: 3000, sum: 1396.87, squares: 52377.9767 });
    const b = sampleOf({ n: 3461, sum: 2422.7, squares: 134698.29 });
    const { difference, found } = read(a, b, 1000);
    expect(difference.value).toBeCloseTo(0.50336, 5);
    expect(found.low).toBeCloseTo(-0.55844, 5);
    expect(found.high).toBeCloseTo(1.56516, 5);
    expect(found.pValue).toBe(1);
  });

  it("gives them for proportions", () => {
    const proportion = (sum: number, n: number) => ({
      n,
      mean: sum / n,
      variance: (sum / n) * (1 - sum / n),
    });
    const { difference, found } = read(proportion(1396, 3000), proportion(2422, 3461), 5000);
    expect(difference.value).toBeCloseTo(0.50386, 5);
    expect(found.low).toBeCloseTo(0.40098, 5);
    expect(found.high).toBeCloseTo(0.60675, 5);
    expect(found.pValue).toBeLessThan(1e-5);
  });

  it("has a p-value that is alpha where the interval touches 0", () => {
    for (const n of [10, 500, 100_000]) {
      const half = sequenceFactor(n, { tuning: 500 });
      const touching = sequenceInterval({ value: half, standardError: 1 }, n, { tuning: 500 });
      expect(touching.low).toBeCloseTo(0, 12);
      expect(touching.pValue).toBeCloseTo(0.05, 12);
    }
  });

  it("is narrowest, in standard errors, near the planned size", () => {
    const at = (n: number) => sequenceFactor(n, { tuning: 1000 });
    expect(at(1000)).toBeLessThan(at(100));
    expect(at(1000)).toBeLessThan(at(20_000));
    expect(at(1000)).toBeGreaterThan(2.5);
    expect(at(1000)).toBeLessThan(3.2);
  });
});

describe("mixture boundaries", () => {
  // Values: confseq, test/uniform_boundaries_unittest.cpp (MIT).
  it("gives confseq's normal mixture", () => {
    expect(twoSidedRho({ best: 100 })).toBeCloseTo(12.60056, 5);
    expect(normalMixtureBound(100, 0.05, { best: 100 })).toBeCloseTo(30.35209, 5);
  });

  it("gives confseq's gamma-exponential mixture", () => {
    const mixture = gammaExponentialMixture(2, { best: 100 });
    expect(mixture.log(10, 100)).toBeCloseTo(-0.2490165, 5);
    expect(mixture.bound(100, 0.05)).toBeCloseTo(33.02017, 5);
  });

  it("gives confseq's sequences of a proportion", () => {
    const expected = [
      [700, 1000, 100, 0.651629, 0.745949],
      [15, 50, 50, 0.129556, 0.511896],
      [5, 50, 50, 0.013021, 0.269264],
      [1, 50, 50, 0, 0.13489],
      [1, 2, 50, 0, 1],
    ] as const;
    for (const [successes, trials, best, low, high] of expected) {
      const found = bernoulliSequence(successes, trials, { best });
      expect(Math.abs(found.low - low)).toBeLessThan(1e-4);
      expect(Math.abs(found.high - high)).toBeLessThan(1e-4);
    }
  });
});
