import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  auuc,
  differenceOf,
  qiniCount,
  qiniCurve,
  qiniScore,
  rankByUplift,
  type UpliftSample,
  upliftAt,
  wilson,
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

describe("the Qini curve", () => {
  it("is what the definition says, customer by customer", () => {
    // k:       0  1  2  3  4  5  6  7  8
    // n_t1:    0  1  1  2  2  2  2  2  2
    // n_c1:    0  0  0  0  1  1  1  1  2
    // N_t:     0  1  1  2  2  3  3  4  4
    // N_c:     0  0  1  1  2  2  3  3  4
    // Q:       0  1  1  2  1  .5 1  2/3 0
    const expected = [0, 1, 1, 2, 1, 0.5, 1, 2 / 3, 0];
    const curve = qiniCurve(rankByUplift(EIGHT));
    for (const [k, value] of expected.entries()) expect(curve[k]).toBeCloseTo(value, 12);
  });

  it("gives the area above the random line in outcomes, over the share of customers", () => {
    // Trapezoids of the curve above: (0 + 1)/2 + 1 + 1.5 + 1.5 + .75 + .75 + 5/6 + 1/3 = 7.1666...; random line 0.
    expect(qiniCount(rankByUplift(EIGHT))).toBeCloseTo(43 / 6 / 8, 12);
  });

  it("gives the normalised coefficient against the perfect order", () => {
    // Perfect order: two treated buyers (Q 2 at k 2), four who did not buy (Q 2 at k 6, N_c 2, n_c1 0), two control
    // buyers (Q 0 at k 8): area 2 + 8 + 2 = 12.
    expect(qiniScore(rankByUplift(EIGHT))).toBeCloseTo(43 / 6 / 12, 12);
  });

  it("subtracts the random line where the arms differ", () => {
    // Steps (k, Q): (1, 1), (2, 1), (3, 1 - 0), (4, 1 - 0): treated 1 of 2 bought, control 0 of 2.
    const ranking = rankByUplift(
      sample([
        [4, 1, 1],
        [3, 0, 0],
        [2, 1, 0],
        [1, 0, 0],
      ]),
    );
    // Area .5 + 1 + 1 + 1 = 3.5, random 4 x 1 / 2 = 2, share of four customers.
    expect(qiniCount(ranking)).toBeCloseTo(1.5 / 4, 12);
    expect(qiniScore(ranking)).toBeCloseTo(1, 12);
  });
});

describe("uplift@k", () => {
  it("compares the arms among the best customers", () => {
    const ranking = rankByUplift(EIGHT);
    expect(upliftAt(ranking, 0.5)).toBeCloseTo(2 / 2 - 1 / 2, 12);
    expect(upliftAt(ranking, 1)).toBeCloseTo(0, 12);
    // floor(8 x 0.3) = 2: one treated buyer, one control who did not.
    expect(upliftAt(ranking, 0.3)).toBe(1);
  });

  it("is null where an arm is absent from the selection", () => {
    expect(upliftAt(rankByUplift(EIGHT), 0.125)).toBeNull();
    expect(upliftAt(rankByUplift(EIGHT), 0.01)).toBeNull();
  });

  it("counts a tie at the boundary in part", () => {
    const tied = rankByUplift(
      sample([
        [2, 1, 1],
        [2, 0, 0],
        [1, 1, 1],
        [1, 1, 0],
        [1, 0, 1],
        [1, 0, 0],
      ]),
    );
    // The best 4: the first step and half of the second: 1 + 0.5 of 2 treated bought, 0.5 of 2 control.
    expect(upliftAt(tied, 4 / 6)).toBeCloseTo(1.5 / 2 - 0.5 / 2, 12);
  });

  it.each([0, -1, 1.01, Number.NaN])("refuses the share %d with ERR_OPTION_INVALID", (share) => {
    expect(() => upliftAt(rankByUplift(EIGHT), share)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});

describe("AUUC", () => {
  it("is the mean of the normalised gain", () => {
    const ranking = rankByUplift(
      sample([
        [4, 1, 1],
        [3, 0, 0],
        [2, 1, 0],
        [1, 0, 0],
      ]),
    );
    // Difference of means: undefined, 1, 1/2, 1/2; interpolated 1/2 at k 1. Gain 0, .5, 2, 1.5, 2; ends at 2.
    expect(auuc(ranking)).toBeCloseTo((0.5 + 2 + 1.5 + 2) / 5 / 2, 12);
  });

  it("is one half where all scores are equal, and null where the whole effect is zero", () => {
    expect(
      auuc(
        rankByUplift(
          sample([
            [0, 1, 1],
            [0, 0, 0],
            [0, 1, 1],
            [0, 0, 1],
          ]),
        ),
      ),
    ).toBeCloseTo(0.5, 12);
    expect(auuc(rankByUplift(EIGHT))).toBeNull();
  });
});

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
