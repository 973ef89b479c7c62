import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import {
  aucc,
  autoc,
  bootstrap,
  calibrationOf,
  compareRankings,
  effectScores,
  measureRanking,
  percentileInterval,
  profitCurve,
  qiniCount,
  rankByUplift,
  sortByUplift,
  type UpliftSample,
  upliftAtByGroup,
  upliftByDecile,
} from "../../src/statistics/index.ts";

function sample(rows: readonly (readonly [score: number, treated: number, outcome: number])[]): UpliftSample {
  return {
    scores: Float64Array.from(rows, (row) => row[0]),
    treated: Uint8Array.from(rows, (row) => row[1]),
    outcomes: Float64Array.from(rows, (row) => row[2]),
  };
}

/** Eight customers, worked by hand below. */
const EIGHT = sample([
  [0.8, 1, 1],
  [0.7, 0, 0],
  [0.6, 1, 1],
  [0.5, 0, 1],
  [0.4, 1, 0],
  [0.3, 0, 0],
  [0.2, 1, 0],
  [0.1, 0, 1],
]);

/** Customers whose effect is `spread x (2 score - 1)`; the score is known or, for a blind model, random. */
function simulate(
  rows: number,
  spread: number,
  seed: number,
): { informed: UpliftSample; blind: Float64Array } {
  const random = createRandom(seed);
  const all = Array.from({ length: rows }, () => {
    const score = random();
    const treated = random() < 0.5 ? 1 : 0;
    const outcome = random() < 0.3 + (treated === 1 ? spread * (2 * score - 1) : 0) ? 1 : 0;
    return [spread * (2 * score - 1), treated, outcome] as const;
  });
  return { informed: sample(all), blind: Float64Array.from(all, () => random()) };
}

describe("uplift@k by group", () => {
  it("ranks each arm on its own", () => {
    const ranking = rankByUplift(EIGHT);
    // The best half of each arm: treated 1, 1; control 0, 1.
    expect(upliftAtByGroup(ranking, 0.5)).toBeCloseTo(1 - 0.5, 12);
    // floor(4 x 0.75) = 3: treated 1, 1, 0; control 0, 1, 0.
    expect(upliftAtByGroup(ranking, 0.75)).toBeCloseTo(2 / 3 - 1 / 3, 12);
    expect(upliftAtByGroup(ranking, 0.2)).toBeNull();
    expect(() => upliftAtByGroup(ranking, 2)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});

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

describe("AUTOC", () => {
  it("is the mean of the first k's effect above the average", () => {
    const sorted = sortByUplift(
      sample([
        [4, 1, 1],
        [3, 0, 0],
        [2, 1, 0],
        [1, 0, 0],
      ]),
    );
    // Effects 4, 2, 0, -2: means 4, 3, 2, 1; average 1; so 3, 2, 1, 0.
    expect(autoc(sorted, Float64Array.of(4, 2, 0, -2))).toBeCloseTo(6 / 4, 12);
    // The last counts three times: means 4, 3, 2, 1, .4, 0; average 0.
    expect(autoc(sorted, Float64Array.of(4, 2, 0, -2), Uint8Array.of(1, 1, 1, 3))).toBeCloseTo(10.4 / 6, 12);
  });

  it("is 0 where all scores are equal", () => {
    const tied = sortByUplift({ ...EIGHT, scores: new Float64Array(8) });
    expect(autoc(tied, Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBeCloseTo(0, 12);
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

describe("measured rankings", () => {
  const { informed, blind } = simulate(6_000, 0.2, 7);
  const options = { resamples: 200, seed: 2 };

  it("hold each metric within its interval, and the curve within its band", () => {
    const { metrics, qini, customers } = measureRanking(informed, {}, options);
    expect(customers).toBe(6_000);
    expect(metrics.qiniCount?.value).toBeCloseTo(qiniCount(rankByUplift(informed)), 9);
    for (const estimate of Object.values(metrics)) {
      expect(estimate?.low).toBeLessThan(estimate?.value as number);
      expect(estimate?.high).toBeGreaterThan(estimate?.value as number);
    }
    expect(metrics.qiniCount?.low).toBeGreaterThan(0);
    expect(metrics.autoc?.low).toBeGreaterThan(0);
    expect(qini.share).toHaveLength(51);
    expect(qini.curve[0]).toBe(0);
    for (const [i, value] of qini.curve.entries()) {
      expect(qini.low[i]).toBeLessThanOrEqual(value);
      expect(qini.high[i]).toBeGreaterThanOrEqual(value);
    }
  });

  it("find nothing in a blind ranking", () => {
    const { metrics } = measureRanking({ ...informed, scores: blind }, {}, options);
    expect(metrics.qiniCount?.low).toBeLessThan(0);
    expect(metrics.qiniCount?.high).toBeGreaterThan(0);
  });

  it("are compared in pairs: the difference of a ranking with itself is exactly 0", () => {
    const same = compareRankings(informed, informed.scores, options);
    expect(same.qiniCount).toEqual({ value: 0, low: 0, high: 0 });
    const better = compareRankings(informed, blind, options);
    expect(better.qiniCount?.low).toBeGreaterThan(0);
    const width = (estimate: { low: number; high: number } | null) =>
      (estimate?.high ?? 0) - (estimate?.low ?? 0);
    // Nearly equal rankings differ little, though each is uncertain alone: that is what pairing is for.
    const noisy = informed.scores.map((score, i) => score + 0.001 * (blind[i] as number));
    const close = compareRankings(informed, noisy, options);
    expect(width(close.qiniCount)).toBeLessThan(
      width(measureRanking(informed, {}, options).metrics.qiniCount) / 5,
    );
  });

  it("are never NaN, however small the sample", () => {
    const samples = fc
      .array(fc.record({ score: fc.integer({ min: -3, max: 3 }), treated: fc.nat(1), outcome: fc.nat(1) }), {
        minLength: 2,
        maxLength: 12,
      })
      .filter((rows) => rows.some((row) => row.treated === 1) && rows.some((row) => row.treated === 0));
    fc.assert(
      fc.property(samples, (rows) => {
        const tiny = sample(rows.map((row) => [row.score, row.treated, row.outcome] as const));
        const { metrics, qini } = measureRanking(tiny, {}, { resamples: 10 });
        const numbers = [
          ...Object.values(metrics).flatMap((e) => (e ? [e.value, e.low, e.high] : [])),
          ...qini.curve,
        ];
        expect(numbers.every(Number.isFinite)).toBe(true);
        for (const bin of upliftByDecile(tiny, 3)) {
          expect([bin.predicted, bin.treated, bin.control].every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
