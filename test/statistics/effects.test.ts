import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import {
  aucc,
  bootstrap,
  calibrationOf,
  differenceOf,
  effectScores,
  percentileInterval,
  profitCurve,
  rankByUplift,
  sortByUplift,
  upliftByDecile,
  wilson,
} from "../../src/statistics/index.ts";
import { EIGHT, sample, simulate } from "./customers.ts";

describe("effect scores", () => {
  it("are the textbook's, row by row", () => {
    const four = sample([
      [4, 1, 1],
      [3, 0, 0],
      [2, 1, 0],
      [1, 0, 0],
    ]);
    // m1 = 1/2, m0 = 0, e = 1/2: 1/2 + 2 (y - 1/2) for the treated, 1/2 - 2 y for the others.
    expect(Array.from(effectScores(four))).toEqual([1.5, 0.5, -0.5, 0.5]);
    const propensity = Float64Array.of(0.25, 0.5, 0.5, 0.5);
    expect(effectScores(four, { propensity })[0]).toBeCloseTo(0.5 + 0.5 / 0.25, 12);
    expect(() => effectScores(four, { propensity: Float64Array.of(0, 1, 1, 1) })).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});

describe("uplift by decile", () => {
  it("compares the arms bin by bin", () => {
    const bins = upliftByDecile(EIGHT, 2);
    expect(bins[0]).toMatchObject({ bin: 1, treated: 2, control: 2 });
    expect(bins[0]?.predicted).toBeCloseTo(0.65, 12);
    expect(bins[0]?.uplift?.value).toBeCloseTo(1 - 0.5, 12);
    expect(bins[1]?.uplift?.value).toBeCloseTo(0 - 0.5, 12);
    expect(bins[1]?.uplift?.low).toBeLessThan(-0.5);
  });

  it("counts a tie across a boundary in part, and never depends on its order", () => {
    const tied = { ...EIGHT, scores: new Float64Array(8) };
    for (const { treated, control, uplift } of upliftByDecile(tied, 4)) {
      expect(treated).toBeCloseTo(1, 12);
      expect(control).toBeCloseTo(1, 12);
      expect(uplift?.value).toBeCloseTo(0, 12);
    }
  });

  it("is null where a bin lacks an arm, and takes values that are no 0 or 1", () => {
    const rows = sample([
      [3, 1, 5],
      [2, 1, 7],
      [1, 1, 2],
      [0, 0, 4],
    ]);
    const [first, second] = upliftByDecile(rows, 2);
    expect(first?.uplift).toBeNull();
    expect(first?.treatedRate).toMatchObject({ value: 6 });
    expect(second?.uplift?.value).toBe(-2);
  });
});

describe("calibration of effects", () => {
  it("finds slope 1 where predictions are right, 1/2 where they exaggerate twice", () => {
    const { informed } = simulate(40_000, 0.25, 3);
    const effects = effectScores(informed);
    const right = calibrationOf(informed, effects);
    expect(right.slope?.low).toBeLessThan(1);
    expect(right.slope?.high).toBeGreaterThan(1);
    expect(Math.abs(right.bias.value)).toBeLessThan(0.02);
    expect(right.bias.high - right.bias.low).toBeLessThan(0.03);
    const doubled = { ...informed, scores: informed.scores.map((score) => 2 * score) };
    const wrong = calibrationOf(doubled, effects);
    expect(wrong.slope?.value).toBeCloseTo((right.slope?.value as number) / 2, 9);
    expect(wrong.error).toBeGreaterThan(3 * right.error);
  });

  it("has no slope for a constant prediction", () => {
    const flat = { ...EIGHT, scores: new Float64Array(8).fill(0.1) };
    expect(calibrationOf(flat, effectScores(flat))).toMatchObject({ slope: null });
  });
});

describe("profit and cost curves", () => {
  it("follow the definition", () => {
    const { share, profit } = profitCurve(rankByUplift(EIGHT), { margin: 10, cost: 1 });
    // From k = 2 on both arms are there: uplift 1, 1, 1/2, 2/3 - 1/2, ...
    expect(Array.from(share.slice(0, 4))).toEqual([0, 2 / 8, 3 / 8, 4 / 8]);
    expect(profit[1]).toBeCloseTo((2 / 8) * 9, 12);
    expect(profit[3]).toBeCloseTo((4 / 8) * (10 * 0.5 - 1), 12);
    expect(profit.at(-1)).toBeCloseTo(-1, 12);
  });

  it("give an AUCC above one half for a good order and one half for none", () => {
    const { informed, blind } = simulate(20_000, 0.2, 5);
    const shifted = {
      ...informed,
      outcomes: informed.outcomes.map((y, i) => y + (informed.treated[i] ?? 0) * 0.1),
    };
    const costs = Float64Array.from(informed.treated);
    expect(aucc(sortByUplift(shifted), costs)).toBeGreaterThan(0.6);
    expect(aucc(sortByUplift({ ...shifted, scores: blind }), costs)).toBeCloseTo(0.5, 1);
    expect(aucc(sortByUplift({ ...shifted, scores: new Float64Array(20_000) }), costs)).toBeCloseTo(0.5, 9);
    // Steps treated buyer, control, both who did not buy: x 0, 1, 1, 2 and y 0, 1, 1, 1.
    const four = sortByUplift(
      sample([
        [4, 1, 1],
        [3, 0, 0],
        [2, 1, 0],
        [2, 0, 0],
      ]),
    );
    expect(aucc(four, Float64Array.of(1, 0, 1, 0))).toBeCloseTo((0.5 + 0 + 1) / (2 * 1), 12);
    expect(aucc(four, new Float64Array(4))).toBeNull();
    expect(() => aucc(four, new Float64Array(3))).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});

describe("the bootstrap", () => {
  it("draws counts of mean 1 and variance 1, the same for the same seed", () => {
    const rows = 20_000;
    const moments = bootstrap(
      rows,
      (weights) => {
        const sum = weights.reduce((total, weight) => total + weight, 0);
        const squares = weights.reduce((total, weight) => total + weight * weight, 0);
        return [sum / rows, squares / rows - (sum / rows) ** 2, weights[0] ?? 0];
      },
      { resamples: 20, seed: 4 },
    );
    for (const mean of moments[0] ?? []) expect(mean).toBeCloseTo(1, 1);
    for (const variance of moments[1] ?? []) expect(variance).toBeCloseTo(1, 1);
    const first = (seed: number) =>
      bootstrap(5, (weights) => [Number(weights.join(""))], { resamples: 20, seed })[0];
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it("covers a mean about as often as it promises", () => {
    let covered = 0;
    const random = createRandom(9);
    for (let trial = 0; trial < 100; trial++) {
      const values = Float64Array.from({ length: 200 }, () => (random() < 0.4 ? 1 : 0));
      const mean = (weights?: Uint8Array) => {
        let sum = 0;
        let count = 0;
        for (const [i, value] of values.entries()) {
          const weight = weights?.[i] ?? 1;
          sum += weight * value;
          count += weight;
        }
        return sum / count;
      };
      const interval = percentileInterval(
        mean(),
        bootstrap(200, (weights) => [mean(weights)], { resamples: 200, seed: trial })[0] ?? [],
      );
      if (interval && interval.low <= 0.4 && interval.high >= 0.4) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });

  it("has no interval where the value is undefined, or nearly every resample", () => {
    expect(percentileInterval(null, [1, 2])).toBeNull();
    expect(percentileInterval(1, [null, null, 1])).toBeNull();
  });
});

describe("intervals", () => {
  it("are Wilson's", () => {
    // Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilson(0, 0)).toEqual({ value: 0.5, low: 0, high: 1 });
  });

  it("of a difference are Newcombe's", () => {
    // Newcombe 1998, table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339.
    const difference = differenceOf(wilson(56, 70), wilson(48, 80));
    expect(difference.value).toBeCloseTo(0.2, 12);
    expect(difference.low).toBeCloseTo(0.0524, 4);
    expect(difference.high).toBeCloseTo(0.3339, 4);
  });

  it("hold the value and stay in [0, 1]", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (successes, more) => {
        const { value, low, high } = wilson(successes, successes + more);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});
