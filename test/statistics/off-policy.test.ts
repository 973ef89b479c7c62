import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { importanceWeights, overlapOf } from "../../src/statistics/off-policy/logged.ts";
import { crossFitRewards } from "../../src/statistics/off-policy/predict.ts";
import { bernsteinInterval, policyEstimates } from "../../src/statistics/off-policy/value.ts";

// Four decisions between two actions, logged at 0.5, 0.25, 0.75 and 0.5; the policy always takes action 1.
const LOG = {
  actions: Int32Array.of(1, 1, 0, 1),
  rewards: Float64Array.of(1, 0, 1, 3),
  propensity: Float64Array.of(0.5, 0.25, 0.75, 0.5),
  actionCount: 2,
};
const ALWAYS = (_: number, action: number) => (action === 1 ? 1 : 0);

describe("the value of a policy on another's log", () => {
  it("is what the definitions give by hand", () => {
    const weights = importanceWeights(LOG, ALWAYS);
    expect([...weights]).toEqual([2, 4, 0, 2]);
    const overlap = overlapOf(LOG, ALWAYS, weights);
    expect(overlap).toEqual({
      rows: 4,
      effectiveRows: 64 / 24,
      largestWeight: 4,
      meanWeight: 2,
      unseen: [],
    });
    const found = policyEstimates(LOG, ALWAYS, weights, {
      predicted: (_, action) => (action === 1 ? 1 : 0.5),
      switchAt: 3,
      lambda: 4,
      resamples: 50,
    });
    expect(found.ips.value).toBeCloseTo((2 * 1 + 2 * 3) / 4, 12);
    expect(found.snips.value).toBeCloseTo(8 / 8, 12);
    // residuals 0, -1, 0.5, 2 at weights 2, 4, 0, 2 around a prediction of 1
    expect(found.dr.value).toBeCloseTo(1 + (0 - 4 + 0 + 4) / 4, 12);
    expect(found.switchDr.value).toBeCloseTo(1 + 4 / 4, 12);
    // 4 w / (w^2 + 4): 1, 0.8, 0, 1
    expect(found.drOs.value).toBeCloseTo(1 + (-0.8 + 2) / 4, 12);
  });

  it("names the actions that the log never took", () => {
    const log = { ...LOG, actionCount: 3 };
    const policy = (_: number, action: number) => (action === 2 ? 0.1 : 0.45);
    expect(overlapOf(log, policy, importanceWeights(log, policy)).unseen).toEqual([2]);
  });

  it("refuses actions counted from 1 and propensities that are none", () => {
    const off = { ...LOG, actions: Int32Array.of(2, 1, 1, 2) };
    expect(() => importanceWeights(off, ALWAYS)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
    const zero = { ...LOG, propensity: Float64Array.of(0.5, 0, 0.5, 0.5) };
    expect(() => importanceWeights(zero, ALWAYS)).toThrow(/propensity of row 1/);
    expect(() => importanceWeights(LOG, () => 1.5)).toThrow(/probability in \[0, 1\]/);
  });

  it("covers the truth, the ratio too", () => {
    // Action 1 pays 0.3, action 0 pays 0.1; logged at 1 : 4, the policy at 4 : 1.
    const policy = (_: number, action: number) => (action === 1 ? 0.8 : 0.2);
    const truth = 0.8 * 0.3 + 0.2 * 0.1;
    const covered = { ips: 0, snips: 0, dr: 0, bernstein: 0 };
    const runs = 40;
    for (let seed = 1; seed <= runs; seed++) {
      const random = createRandom(seed);
      const actions = Int32Array.from({ length: 1500 }, () => (random() < 0.2 ? 1 : 0));
      const rewards = Float64Array.from(actions, (action) => (random() < 0.1 + 0.2 * action ? 1 : 0));
      const propensity = Float64Array.from(actions, (action) => (action === 1 ? 0.2 : 0.8));
      const log = { actions, rewards, propensity, actionCount: 2 };
      const weights = importanceWeights(log, policy);
      const found = policyEstimates(log, policy, weights, {
        predicted: crossFitRewards(log),
        resamples: 200,
        seed,
      });
      for (const name of ["ips", "snips", "dr"] as const) {
        const interval = found[name].bootstrap;
        if (interval && interval.low <= truth && truth <= interval.high) covered[name]++;
      }
      const { bernstein } = found.ips;
      if (bernstein && bernstein.low <= truth && truth <= bernstein.high) covered.bernstein++;
    }
    for (const name of ["ips", "snips", "dr"] as const) {
      expect(covered[name]).toBeGreaterThanOrEqual(34);
      expect(covered[name]).toBeLessThanOrEqual(runs);
    }
    expect(covered.bernstein).toBe(runs);
  });

  it("has a Bernstein interval that narrows with the rows", () => {
    const terms = (n: number) => Float64Array.from({ length: n }, (_, i) => i % 2);
    const width = (n: number) => {
      const { low, high } = bernsteinInterval(terms(n));
      return high - low;
    };
    expect(width(10_000)).toBeLessThan(width(100) / 5);
  });
});
