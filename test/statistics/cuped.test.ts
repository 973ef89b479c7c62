import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../src/core/index.ts";
import { cuped } from "../../src/statistics/cuped.ts";
import type { JointMoments } from "../../src/statistics/sample.ts";

const FOLDS = 5;

/** Two arms of customers whose outcome repeats a share of what they did before. */
function simulate(persistence: number, seed: number): JointMoments[][] {
  const random = createRandom(seed);
  const arms = [0, 1].map(() =>
    Array.from({ length: FOLDS }, () => ({ n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 })),
  );
  for (let i = 0; i < 20_000; i++) {
    const arm = arms[i % 2];
    const own = arm?.[Math.floor(random() * FOLDS)];
    if (own === undefined) throw new Error("no fold");
    const x = 10 + 3 * randomNormal(random);
    const y = persistence * x + randomNormal(random) + (i % 2) * 0.1;
    own.n++;
    own.x += x;
    own.xx += x * x;
    own.y += y;
    own.yy += y * y;
    own.xy += x * y;
  }
  return arms;
}

describe("CUPED", () => {
  it("takes out what the pre-period explains and leaves the effect", () => {
    const { samples, slopes, saved } = cuped(simulate(1, 4));
    const [control, arm] = samples;
    // var y = 9 + 1, of which 1 is left
    expect(saved).toBeCloseTo(0.9, 2);
    for (const slope of slopes) expect(slope).toBeCloseTo(1, 1);
    expect((arm?.mean ?? 0) - (control?.mean ?? 0)).toBeCloseTo(0.1, 1);
    expect(control?.variance).toBeCloseTo(1, 1);
  });

  it("says that it saved nothing where the pre-period explains nothing", () => {
    const { saved } = cuped(simulate(0, 5));
    expect(Math.abs(saved)).toBeLessThan(0.01);
  });

  it("fits each fold's slope on the other folds", () => {
    // In the first fold y falls with x, in the second it rises: out of fold, each gets the other's slope.
    const fold = (slope: number): JointMoments => {
      const xs = [1, 2, 3, 4];
      const sum = (of: (x: number) => number) => xs.reduce((total, x) => total + of(x), 0);
      return {
        n: 4,
        x: sum((x) => x),
        xx: sum((x) => x * x),
        y: sum((x) => slope * x),
        yy: sum((x) => (slope * x) ** 2),
        xy: sum((x) => slope * x * x),
      };
    };
    const { slopes, saved } = cuped([[fold(-1), fold(2)]]);
    expect(slopes[0]).toBeCloseTo(2, 12);
    expect(slopes[1]).toBeCloseTo(-1, 12);
    expect(saved).toBeLessThan(0);
  });
});
