import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import {
  guardedSlope,
  type MeasuredSlope,
  pooledWith,
  robustSlope,
} from "../../src/learning/uplift/select/calibrate.ts";
import { normalTail } from "../../src/statistics/index.ts";

/** Scores as of a promotion that hardly anybody buys at: 0.9 % of half the customers count 2 / share. */
function rareScores(rows: number, random: () => number): Float64Array {
  return Float64Array.from({ length: rows }, () => {
    const bought = random() < 0.009 ? 2 : 0;
    return random() < 0.5 ? bought : -bought;
  });
}

describe("the slope on customers that were left over", () => {
  it("speaks for differences by chance in at most 5 % of experiments, however few they are and rare the outcome is", () => {
    const random = createRandom(7);
    for (const rows of [400, 4_000]) {
      let [guarded, bare] = [0, 0];
      for (let experiment = 0; experiment < 200; experiment++) {
        const scores = rareScores(6_000, random);
        // A few customers have far larger predictions than the others, as trees on rare outcomes give them.
        const effects = Float64Array.from({ length: rows }, () => Math.exp(2 * randomNormal(random)));
        const part = { rows: Uint32Array.from({ length: rows }, (_, row) => row), effects };
        const slope = robustSlope([part], scores, null);
        const p = ({ value, error }: MeasuredSlope) => normalTail(value / error);
        if (p(guardedSlope(slope, scores)) <= 0.05) guarded++;
        if (p(slope) <= 0.05) bare++;
      }
      // 5 % of 200, and three standard errors.
      expect(guarded).toBeLessThanOrEqual(19);
      expect(guarded).toBeLessThanOrEqual(bare);
    }
  });

  it("counts by its predictions, not by an error that is too small", () => {
    const compared = { value: 1, error: 0.1, squares: 1_000 };
    const few = { value: 0.16, error: 0.01, squares: 50 };
    const pooled = pooledWith(compared, few);
    expect(pooled.value).toBeCloseTo((1_000 + 50 * 0.16) / 1_050, 10);
    expect(pooled.error).toBeCloseTo(Math.hypot(1_000 * 0.1, 50 * 0.01) / 1_050, 10);
    expect(pooled.squares).toBe(1_050);
  });

  it("says nothing where all predictions are alike", () => {
    const compared = { value: 0.8, error: 0.2, squares: 3 };
    const alike = robustSlope(
      [{ rows: [0, 1, 2], effects: new Float64Array(3) }],
      Float64Array.of(1, 2, 3),
      null,
    );
    expect(pooledWith(compared, guardedSlope(alike, Float64Array.of(1, 2, 3)))).toEqual(compared);
    expect(pooledWith(alike, compared)).toEqual(compared);
  });

  it("is that of one regression over both parts", () => {
    const random = createRandom(9);
    const effects = [30, 50].map((rows) => Float64Array.from({ length: rows }, () => randomNormal(random)));
    const scores = Float64Array.from({ length: 80 }, () => randomNormal(random));
    const [one, other] = effects.map((own, i) => ({
      rows: Uint32Array.from({ length: own.length }, (_, row) => 30 * i + row),
      effects: own,
    }));
    if (one === undefined || other === undefined) throw new Error("two parts were expected");
    const apart = pooledWith(robustSlope([one], scores, null), robustSlope([other], scores, null));
    expect(apart.value).toBeCloseTo(robustSlope([one, other], scores, null).value, 10);
  });
});
