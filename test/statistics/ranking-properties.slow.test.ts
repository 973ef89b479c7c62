import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  auuc,
  compareRankings,
  measureRanking,
  qiniCount,
  qiniScore,
  rankByUplift,
  upliftAt,
  upliftByDecile,
} from "../../src/statistics/index.ts";
import { EIGHT, sample, simulate } from "./customers.ts";

const samples = fc
  .array(fc.record({ score: fc.integer({ min: -6, max: 6 }), treated: fc.nat(1), outcome: fc.nat(1) }), {
    minLength: 2,
    maxLength: 60,
  })
  .map((rows) => rows.map((row) => [row.score, row.treated, row.outcome] as const))
  .filter((rows) => rows.some((row) => row[1] === 1) && rows.some((row) => row[1] === 0));

function allMetrics(rows: Parameters<typeof sample>[0]): (number | null)[] {
  const ranking = rankByUplift(sample(rows));
  return [qiniCount(ranking), qiniScore(ranking), upliftAt(ranking, 0.4), auuc(ranking)];
}

function expectSame(actual: readonly (number | null)[], wanted: readonly (number | null)[]): void {
  for (const [i, value] of wanted.entries()) {
    if (value === null) expect(actual[i]).toBeNull();
    else expect(actual[i]).toBeCloseTo(value, 9);
  }
}

describe("every metric", () => {
  it("is never NaN", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        for (const value of allMetrics(rows)) expect(value === null || Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it("depends on the order of the scores alone", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const stretched = rows.map(
          ([score, treated, outcome]) => [Math.exp(score) * 3 + 1, treated, outcome] as const,
        );
        expectSame(allMetrics(stretched), allMetrics(rows));
      }),
    );
  });

  it("does not depend on the order in which ties are stored", () => {
    fc.assert(fc.property(samples, (rows) => expectSame(allMetrics([...rows].reverse()), allMetrics(rows))));
  });

  it("is that of a random order where all scores are equal", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const ranking = rankByUplift(sample(rows.map((row) => [0, row[1], row[2]] as const)));
        expect(qiniCount(ranking)).toBeCloseTo(0, 12);
      }),
    );
  });

  it("calls the perfect order 1", () => {
    fc.assert(
      fc.property(samples, (rows) => {
        const perfect = rows.map(([, treated, outcome]) => {
          return [outcome * (treated === 1 ? 1 : -1), treated, outcome] as const;
        });
        expect(qiniScore(rankByUplift(sample(perfect))) ?? 1).toBeCloseTo(1, 9);
      }),
    );
  });

  it("changes its sign when the arms of a paired sample change places", () => {
    // One treated and one control customer at every score: the curve then is n_t1 - n_c1 at each step.
    const pairs = fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(pairs, (outcomes) => {
        const rows = outcomes.flatMap(([a, b], i) => [[i, 1, a] as const, [i, 0, b] as const]);
        const swapped = rows.map(([score, treated, outcome]) => [score, 1 - treated, outcome] as const);
        expect(qiniCount(rankByUplift(sample(swapped)))).toBeCloseTo(
          -qiniCount(rankByUplift(sample(rows))),
          9,
        );
      }),
    );
  });

  it.each([
    ["treated", 0],
    ["control", 1],
  ])("refuses a sample without %s customers with ERR_ARM_EMPTY", (_, treated) => {
    expect(() =>
      rankByUplift(
        sample([
          [1, treated, 1],
          [2, treated, 0],
        ]),
      ),
    ).toThrow(expect.objectContaining({ code: "ERR_ARM_EMPTY" }));
  });

  it("refuses scores and outcomes that are no numbers, and columns of different lengths", () => {
    const refused = expect.objectContaining({ code: "ERR_OPTION_INVALID" });
    expect(() =>
      rankByUplift(
        sample([
          [Number.NaN, 1, 1],
          [1, 0, 0],
        ]),
      ),
    ).toThrow(refused);
    expect(() =>
      rankByUplift(
        sample([
          [1, 1, Number.NaN],
          [1, 0, 0],
        ]),
      ),
    ).toThrow(refused);
    expect(() => rankByUplift({ ...EIGHT, treated: new Uint8Array(3) })).toThrow(refused);
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
