import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComparedPair, evaluateVerification, rocCurve } from "../../../src/faces/index.ts";

/** Distances of same pairs, then of different ones, per fold; null is an undetected face. */
function fold(name: string, same: (number | null)[], different: (number | null)[]): ComparedPair[] {
  return [
    ...same.map((distance) => ({ fold: name, same: true, distance })),
    ...different.map((distance) => ({ fold: name, same: false, distance })),
  ];
}

const PAIRS = [...fold("a", [0.2, 0.5], [0.6, 0.9]), ...fold("b", [0.3, 0.7], [0.55, 0.8])];

describe("verification, worked by hand", () => {
  const report = evaluateVerification(PAIRS, { fars: [0.001, 0.25, 0.5] });

  it("judges each fold with the threshold that is best on the other", () => {
    expect(report.folds).toEqual([
      { fold: "a", threshold: expect.closeTo(0.425, 10), accuracy: 0.75 },
      { fold: "b", threshold: expect.closeTo(0.55, 10), accuracy: 0.75 },
    ]);
    expect(report.accuracy).toBe(0.75);
    expect(report.accuracyError).toBe(0);
    expect(report.threshold).toBeCloseTo(0.4875, 10);
  });

  it("decides at a fixed threshold: 0.7 is missed and 0.55 accepted at 0.6, where 0.6 itself is not", () => {
    expect(report.accuracyAt).toMatchObject({ threshold: 0.6, value: 6 / 8 });
    expect(report.accuracyAt.low).toBeLessThan(6 / 8);
    expect(report.accuracyAt.high).toBeGreaterThan(6 / 8);
  });

  it("measures the curve: 14 of 16 same pairs are nearer than a different one", () => {
    expect(report.auc.value).toBeCloseTo(14 / 16, 10);
    expect(report.equalErrorRate.value).toBeCloseTo(0.25, 10);
    expect(report.tarAtFar.map(({ far, value, threshold }) => [far, value, threshold])).toEqual([
      [0.001, 0.75, 0.5],
      [0.25, 0.75, 0.55],
      [0.5, 1, 0.7],
    ]);
    expect(rocCurve(PAIRS).map(({ far, tar }) => [far, tar])).toEqual([
      [0, 0],
      [0, 0.25],
      [0, 0.5],
      [0, 0.75],
      [0.25, 0.75],
      [0.5, 0.75],
      [0.5, 1],
      [0.75, 1],
      [1, 1],
    ]);
    expect(report.roc.map(({ far, tar }) => [far, tar])).toEqual([
      [0, 0],
      [0, 0.75],
      [0.5, 0.75],
      [0.5, 1],
      [1, 1],
    ]);
  });

  it("counts an undetected face as wrong, missed, and infinitely far apart", () => {
    const lost = evaluateVerification([...fold("a", [0.2, null], [0.5]), ...fold("b", [0.3], [null, 0.9])]);
    expect(lost.undetected).toBe(2);
    expect(lost.accuracyAt.value).toBeCloseTo(3 / 6, 10);
    expect(lost.tarAtFar[0]?.value).toBeCloseTo(2 / 3, 10);
    // Of 9 comparisons the two detected same pairs win 3 each, and the lost one ties with the lost different one.
    expect(lost.auc.value).toBeCloseTo(6.5 / 9, 10);
  });

  it("gives equal distances one point", () => {
    const tied = [...fold("a", [0.4], [0.4]), ...fold("b", [0.4], [0.4])];
    expect(rocCurve(tied)).toEqual([
      { threshold: 0, far: 0, tar: 0 },
      { threshold: 0.4, far: 1, tar: 1 },
    ]);
    expect(evaluateVerification(tied).auc.value).toBeCloseTo(0.5, 10);
  });

  it("tells intervals that hold the value, the same for the same seed", () => {
    const same = Array.from({ length: 60 }, (_, i) => 0.2 + ((i * 37) % 101) / 200);
    const different = Array.from({ length: 60 }, (_, i) => 0.5 + ((i * 53) % 103) / 170);
    const pairs = [...fold("a", same, different), ...fold("b", same, different)];
    const [a, b, other] = [1, 1, 2].map((seed) => evaluateVerification(pairs, { seed, resamples: 200 }));
    expect(a).toEqual(b);
    expect(a?.auc).not.toEqual(other?.auc);
    for (const { low, value, high } of [a?.auc, a?.equalErrorRate].filter((each) => each !== undefined)) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect(high - low).toBeLessThan(0.2);
    }
  });
});

describe("verification of nothing", () => {
  it.each([
    ["no pairs", []],
    ["same pairs only", fold("a", [0.1, 0.2], [])],
    ["one fold", fold("a", [0.1], [0.9])],
  ])("refuses %s with ERR_EVALUATION_EMPTY", (_, pairs) => {
    expect(() => evaluateVerification(pairs)).toThrow(
      expect.objectContaining({ code: "ERR_EVALUATION_EMPTY" }),
    );
  });
});

it("has the area that comparing every same pair with every different one gives", () => {
  const distances = fc.array(
    fc.integer({ min: 0, max: 20 }).map((n) => n / 10),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(distances, distances, (same, different) => {
      const pairs = [...fold("a", same, different), ...fold("b", same, different)];
      let wins = 0;
      for (const s of same) for (const d of different) wins += (1 + Math.sign(d - s)) / 2;
      const { auc } = evaluateVerification(pairs, { resamples: 2 });
      expect(auc.value).toBeCloseTo(wins / same.length / different.length, 9);
    }),
  );
});
