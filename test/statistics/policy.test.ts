import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { comparePolicies, policyScores, policyValue } from "../../src/statistics/index.ts";

describe("the value of a policy", () => {
  const arms = Int32Array.of(0, 1, 2, 1, 0, 2);
  const outcomes = Float64Array.of(1, 0, 1, 1, 0, 1);
  const sample = { arms, armCount: 3, outcomes };

  it("is that of the rows which agree with it, weighted by their odds", () => {
    // Arm 1 for everyone: rows 1 and 3 agree, outcomes 0 and 1, all with the same odds.
    const value = policyValue(sample, [1, 1, 1, 1, 1, 1]);
    expect(value.ipw.value).toBeCloseTo(0.5, 12);
    expect(value.shares).toEqual([0, 1, 0]);
    // Given propensities 1/4 and 1/2: (0 x 4 + 1 x 2) / (4 + 2).
    const propensity = Float64Array.of(0.5, 0.25, 0.5, 0.5, 0.5, 0.5);
    expect(policyValue({ ...sample, propensity }, [1, 1, 1, 1, 1, 1]).ipw.value).toBeCloseTo(1 / 3, 12);
  });

  it("is doubly robust: predictions, corrected where the arm was really given", () => {
    const predicted = [0.5, 0.4, 0.9].map((m) => new Float64Array(6).fill(m));
    const policy = [2, 2, 2, 1, 0, 0];
    const { outcome, gain } = policyScores({ ...sample, predicted }, policy, [
      { margin: 0, cost: 0 },
      { margin: 100, cost: 3 },
      { margin: 10, cost: 1 },
    ]);
    // e = 1/3 everywhere. Row 2: .9 + 3 (1 - .9); row 3: .4 + 3 (1 - .4); row 4: .5 + 3 (0 - .5); others predicted.
    const wanted = [0.9, 0.9, 1.2, 2.2, -1, 0.5];
    for (const [row, value] of wanted.entries()) expect(outcome[row]).toBeCloseTo(value, 12);
    // Row 0 is a control: 10 (.9 - (.5 + 3 x .5)) - 1. Row 3: 100 (2.2 - .5) - 3. Shown nothing: 0.
    expect(gain[0]).toBeCloseTo(10 * (0.9 - 2) - 1, 12);
    expect(gain[3]).toBeCloseTo(167, 12);
    expect(gain[4]).toBe(0);
    const mean = wanted.reduce((sum, value) => sum + value, 0) / 6;
    expect(policyValue({ ...sample, predicted }, policy).doublyRobust.value).toBeCloseTo(mean, 12);
  });

  it("finds the truth of a simulated experiment, and its interval holds it", () => {
    const random = createRandom(3);
    const rows = 30_000;
    const x = Float64Array.from({ length: rows }, random);
    const drawn = Int32Array.from(x, (value) => (random() < 0.3 + 0.4 * value ? 1 : 0));
    const propensity = Float64Array.from(drawn, (arm, row) => {
      const e = 0.3 + 0.4 * (x[row] as number);
      return arm === 1 ? e : 1 - e;
    });
    const y = Float64Array.from(drawn, (arm, row) =>
      random() < 0.2 + (arm === 1 ? 0.2 * ((x[row] as number) - 0.5) : 0) ? 1 : 0,
    );
    const policy = Int32Array.from(x, (value) => (value > 0.5 ? 1 : 0));
    const holdout = { arms: drawn, armCount: 2, outcomes: y, propensity };
    // Those above one half gain .05 on average: .2 + .025.
    for (const estimate of [policyValue(holdout, policy).ipw, policyValue(holdout, policy).doublyRobust]) {
      expect(estimate.low).toBeLessThan(0.225);
      expect(estimate.high).toBeGreaterThan(0.225);
      expect(estimate.high - estimate.low).toBeLessThan(0.03);
    }
    const all = new Int32Array(rows).fill(1);
    const better = comparePolicies(policyScores(holdout, policy).gain, policyScores(holdout, all).gain);
    expect(better.low).toBeGreaterThan(0);
    expect(comparePolicies(x, x)).toEqual({ value: 0, low: 0, high: 0 });
  });

  it("is refused where no customer got what it would show: ERR_ARM_EMPTY", () => {
    const two = { arms: Int32Array.of(0, 0), armCount: 2, outcomes: Float64Array.of(1, 0) };
    expect(() => policyValue(two, [1, 1])).toThrow(expect.objectContaining({ code: "ERR_ARM_EMPTY" }));
    const propensity = Float64Array.of(0.5, 1.5);
    expect(() => policyValue({ ...two, propensity }, [0, 0])).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});
