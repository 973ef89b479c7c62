import { describe, expect, it } from "vitest";
import { normalQuantile, normalShare, normalTail } from "../../src/statistics/normal.ts";
import { betaShare, studentCritical, studentTwoSided } from "../../src/statistics/student.ts";

describe("the normal distribution", () => {
  it("has the tabulated quantiles and tails", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 10);
    expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 10);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 9);
    expect(normalTail(6) / 9.865876450376981e-10).toBeCloseTo(1, 9);
    expect(normalShare(0)).toBe(0.5);
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("inverts itself", () => {
    for (const share of [1e-8, 0.001, 0.02425, 0.3, 0.5, 0.77, 0.999, 1 - 1e-9]) {
      expect(normalShare(normalQuantile(share)) / share).toBeCloseTo(1, 9);
    }
  });
});

describe("Student's distribution", () => {
  it("has the tabulated critical values", () => {
    // Tables of t at 5 % two-sided.
    expect(studentCritical(0.05, 1)).toBeCloseTo(12.7062047362, 7);
    expect(studentCritical(0.05, 5)).toBeCloseTo(2.5705818356, 8);
    expect(studentCritical(0.05, 30)).toBeCloseTo(2.0422724563, 8);
    expect(studentCritical(0.01, 3.5)).toBeGreaterThan(4.604);
    expect(studentCritical(0.05, 1e7)).toBeCloseTo(1.959964, 5);
  });

  it("is arctangent for one degree of freedom", () => {
    for (const t of [0.1, 1, 3, 40]) {
      expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 10);
    }
    expect(betaShare(0.3, 1, 1)).toBeCloseTo(0.3, 10);
    expect(betaShare(0.3, 2, 3)).toBeCloseTo(0.3483, 10);
  });
});
