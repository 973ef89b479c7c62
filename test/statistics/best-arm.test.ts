import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { largestErrorQuantile } from "../../src/statistics/index.ts";

/** Effects of so many arms against one control of the same size. */
function against(arms: number, correlation: number) {
  const covariance = Array.from({ length: arms }, (_, i) =>
    Array.from({ length: arms }, (_, j) => (i === j ? 4 : 4 * correlation)),
  );
  return { effects: Array.from({ length: arms }, () => 0), covariance };
}

describe("the quantile of the largest error among arms", () => {
  it("is that of one arm, of independent arms, and of Dunnett's table for a common control", () => {
    expect(largestErrorQuantile(against(1, 0))).toBeCloseTo(1.96, 3);
    // (2 F(q) - 1)^10 = 0.95
    expect(Math.abs(largestErrorQuantile(against(10, 0)) - 2.7995)).toBeLessThan(0.05);
    // Dunnett 1964, "New tables for multiple comparisons with a control", two-sided, 5 %.
    expect(Math.abs(largestErrorQuantile(against(2, 0.5)) - 2.21)).toBeLessThan(0.04);
    expect(Math.abs(largestErrorQuantile(against(5, 0.5)) - 2.51)).toBeLessThan(0.04);
  });

  it("holds for the arm of the largest effect, where 1.96 does not", () => {
    const random = createRandom(4);
    const quantile = largestErrorQuantile(against(10, 0.5));
    const missed = { plain: 0, wide: 0 };
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const control = randomNormal(random);
      const errors = Array.from({ length: 10 }, () => Math.SQRT1_2 * (randomNormal(random) - control));
      const largest = Math.abs(Math.max(...errors));
      if (largest > 1.96) missed.plain++;
      if (largest > quantile) missed.wide++;
    }
    expect(missed.plain / runs).toBeGreaterThan(0.07);
    expect(missed.wide / runs).toBeLessThan(0.05);
  });

  it("passes over arms without variance", () => {
    const { effects, covariance } = against(2, 0);
    const known = covariance.map((row, i) => row.map((value) => (i === 0 ? 0 : value)));
    expect(Math.abs(largestErrorQuantile({ effects, covariance: known }) - 1.96)).toBeLessThan(0.04);
  });
});
