import { describe, expect, it } from "vitest";
import {
  aucc,
  profitCurve,
  qiniCurve,
  rankByUplift,
  sortByUplift,
  type UpliftSample,
  upliftByDecile,
} from "../../src/statistics/index.ts";
import { inverseWeights } from "../../src/statistics/weights.ts";

/** Six customers; the second and the fifth stand for two each. */
const SCORES = [0.9, 0.8, 0.6, 0.4, 0.3, 0.1];
const TREATED = [1, 0, 1, 0, 1, 0];
const OUTCOMES = [1, 0, 1, 1, 1, 0];
const TIMES = [1, 2, 1, 1, 2, 1];

function sample(times: readonly number[] | null): UpliftSample {
  const rows = SCORES.flatMap((_, row) =>
    times === null ? [row] : new Array<number>(times[row] ?? 1).fill(row),
  );
  return {
    scores: Float64Array.from(rows, (row) => SCORES[row] as number),
    treated: Uint8Array.from(rows, (row) => TREATED[row] as number),
    outcomes: Float64Array.from(rows, (row) => OUTCOMES[row] as number),
  };
}
const weighted: UpliftSample = { ...sample(null), weights: Float64Array.from(TIMES) };
const repeated = sample(TIMES);

describe("weights", () => {
  it("count a row as often as it stands for customers", () => {
    expect(rankByUplift(weighted)).toEqual(rankByUplift(repeated));
    expect(qiniCurve(rankByUplift(weighted))).toEqual(qiniCurve(rankByUplift(repeated)));
    const terms = { margin: 2, cost: 0.1 };
    expect(profitCurve(rankByUplift(weighted), terms)).toEqual(profitCurve(rankByUplift(repeated), terms));
    const costs = ({ treated }: UpliftSample) => Float64Array.from(treated, (shown) => shown * 3);
    expect(aucc(sortByUplift(weighted), costs(weighted))).toBeCloseTo(
      aucc(sortByUplift(repeated), costs(repeated)) ?? Number.NaN,
      12,
    );
  });

  it("give bins the weighted rates, and wider intervals than as many customers would", () => {
    const [own] = upliftByDecile(weighted, 1);
    const [all] = upliftByDecile(repeated, 1);
    expect(own?.uplift?.value).toBeCloseTo(all?.uplift?.value ?? Number.NaN, 12);
    expect(own?.predicted).toBeCloseTo(all?.predicted ?? Number.NaN, 12);
    expect(own?.treated).toBe(all?.treated);
    const width = (bin: typeof own) => (bin?.uplift?.high ?? 0) - (bin?.uplift?.low ?? 0);
    expect(width(own)).toBeGreaterThan(width(all));
  });

  it("are the inverse of the chances, with a mean of 1 in each arm", () => {
    const weights = inverseWeights(Uint8Array.of(1, 1, 0, 0), Float64Array.of(0.25, 0.75, 0.5, 0.5));
    expect([...weights]).toEqual([1.5, 0.5, 1, 1].map((value) => expect.closeTo(value, 12)));
  });

  it("must be above 0", () => {
    const weights = Float64Array.of(1, 0, 1, 1, 1, 1);
    expect(() => rankByUplift({ ...sample(null), weights })).toThrow(/weights\[1\]/);
  });
});
