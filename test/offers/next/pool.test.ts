import { describe, expect, it } from "vitest";
import { createRandom, numberColumn } from "../../../src/core/index.ts";
import { fitBoostedChoice, predictBoostedChoice } from "../../../src/learning/index.ts";
import { meanLogLoss } from "../../../src/offers/next/losses.ts";
import { choosePool, poolChoices } from "../../../src/offers/next/pool.ts";
import { table } from "../simulate.ts";

describe("a pool of two models of choices", () => {
  const first = Float64Array.of(0.9, 0.1, 0.5, 0.5);
  const second = Float64Array.of(0.4, 0.6, 0.2, 0.8);

  it("is the geometric mean of their probabilities, which add up to 1", () => {
    expect(poolChoices(first, second, 2, { share: 0, temperature: 1 })[1]).toBeCloseTo(0.1, 12);
    const half = poolChoices(first, second, 2, { share: 0.5, temperature: 1 });
    expect(half[0]).toBeCloseTo(0.6 / (0.6 + Math.sqrt(0.06)), 12);
    expect((half[2] as number) + (half[3] as number)).toBeCloseTo(1, 12);
  });

  it("takes most of the model that foresaw the choices", () => {
    expect(choosePool(first, second, Int32Array.of(1, 1), 2).share).toBe(1);
    expect(choosePool(first, second, Int32Array.of(0, 0), 2).share).toBe(0);
  });
});

describe("boosted choices", () => {
  it("find a rule that no straight line tells, on rows they had not seen", () => {
    const random = createRandom(4);
    const rows = 3_000;
    const [x, y] = [0, 1].map(() => Array.from({ length: rows }, () => 2 * random() - 1)) as [
      number[],
      number[],
    ];
    const chosen = Int32Array.from(x, (value, row) => {
      const likely = value * (y[row] as number) > 0 ? 2 : 0;
      return random() < 0.8 ? likely : 1;
    });
    const features = table({ x: numberColumn(x), y: numberColumn(y) });
    const train = Uint32Array.from({ length: 2_000 }, (_, row) => row);
    const model = fitBoostedChoice(features, chosen, { classes: 3, rows: train, seed: 1 });
    const held = predictBoostedChoice(model, features).subarray(3 * 2_000);
    // 0.50 is the entropy of the rule itself, 0.95 that of the classes' shares.
    expect(meanLogLoss(held, chosen.subarray(2_000), 3)).toBeLessThan(0.62);
  });
});
