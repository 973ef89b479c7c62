import { describe, expect, it } from "vitest";
import {
  autoc,
  auuc,
  qiniCount,
  qiniCurve,
  qiniScore,
  rankByUplift,
  sortByUplift,
  upliftAt,
  upliftAtByGroup,
} from "../../src/statistics/index.ts";
import { EIGHT, sample } from "./customers.ts";

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
