import { describe, expect, it } from "vitest";
import { normalQuantile, normalShare } from "../../src/statistics/normal.ts";
import { powerOf, smallestEffect, unitsNeeded } from "../../src/statistics/power.ts";
import { sequenceFactor } from "../../src/statistics/sequence.ts";

describe("power", () => {
  // Values: GrowthBook, packages/shared/test/power.test.ts (MIT); 400,000 users in three variations.
  const plan = { mean: 10, variance: 3909.9997749994377, control: 400_000 / 3, arm: 400_000 / 3 };

  it("gives GrowthBook's power and smallest effect", () => {
    expect(powerOf(plan, 0.05)).toBeCloseTo(0.52144, 5);
    expect(smallestEffect(plan)).toBeCloseTo(0.07027, 5);
  });

  it("gives GrowthBook's sequential power, where the estimate's own error is widened as the interval is", () => {
    const z = normalQuantile(0.975);
    const factor = sequenceFactor(800_000 / 3, { tuning: 5000 });
    const widened = (effect: number) => {
      const arm = plan.variance / plan.arm / plan.mean ** 2;
      const error = Math.sqrt(arm + arm * (1 + effect) ** 2);
      const shift = (effect / error) * (z / factor);
      return normalShare(shift - z) + normalShare(-shift - z);
    };
    expect(widened(0.05)).toBeCloseTo(0.20596, 5);
    expect(widened(0.12821)).toBeCloseTo(0.8, 3);
    // The estimate scatters by its plain error, however wide its interval is, so fewer effects show than that.
    const { tuning } = { tuning: 5000 };
    expect(powerOf(plan, 0.05, { tuning })).toBeLessThan(0.1);
    expect(powerOf(plan, 0.05, { tuning: 800_000 / 3 })).toBeGreaterThan(powerOf(plan, 0.05, { tuning }));
    expect(smallestEffect(plan, 0.8, { tuning })).toBeGreaterThan(0.07027);
  });

  it("gives the sizes of spotify/confidence and G*Power, planned for a power of 85 %", () => {
    // Values: spotify/confidence, tests/samplesize/test_samplesizecalculator.py (Apache-2.0).
    const power = 0.85;
    expect(unitsNeeded(0.3, { control: 100, arm: 100 }, { power }) / 39_906).toBeCloseTo(1, 3);
    const variance = (p: number) => p * (1 - p);
    const small = unitsNeeded(0.003, { control: variance(0.34), arm: variance(0.343) }, { power });
    expect(small / 897_348).toBeCloseTo(1, 3);
    const alpha = 0.14;
    const other = unitsNeeded(0.003, { control: variance(0.34), arm: variance(0.343) }, { alpha, power });
    expect(other / 630_710).toBeCloseTo(1, 2);
  });

  it("says what a holdout can show at a base of 2 %", () => {
    const relative = (customers: number, share: number) => {
      const arms = { control: customers * share, arm: customers * (1 - share) };
      const least = smallestEffect({ mean: 0.02, variance: 0.02 * 0.98, ...arms }, 0.8, { relative: false });
      return (least ?? Number.NaN) / 0.02;
    };
    expect(relative(100_000, 0.05)).toBeCloseTo(0.28, 2);
    expect(relative(500_000, 0.1)).toBeCloseTo(0.09, 2);
  });

  it("is alpha without an effect, and null where nothing varies", () => {
    expect(powerOf(plan, 0)).toBeCloseTo(0.05, 9);
    expect(smallestEffect({ ...plan, variance: 0 })).toBeNull();
  });
});
