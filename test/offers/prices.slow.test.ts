import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom, numberColumn } from "../../src/core/index.ts";
import { priceWords, trainingPage, trainOffers } from "../../src/offers/index.ts";
import { nonIncreasing } from "../../src/statistics/index.ts";
import { table } from "./simulate.ts";

const PRICES = [9, 12, 15];

/** Shares that buy, by arm: the control first, then a price each. */
function campaign(shares: readonly number[], rows = 6_000) {
  const random = createRandom(12);
  const codes = Int32Array.from({ length: rows }, () => Math.floor(4 * random()));
  const experiment = {
    rows,
    arms: { labels: ["none", "p9", "p12", "p15"], codes },
    outcome: Float64Array.from(codes, (arm) => (random() < (shares[arm] ?? 0) ? 1 : 0)),
    features: table({ x: numberColumn(Array.from({ length: rows }, () => random())) }),
  };
  const offers = PRICES.map((price) => ({
    id: `p${price}`,
    product: "plan",
    margin: price - 5,
    cost: 0,
    price,
  }));
  return trainOffers(
    { experiment, offers, currency: "EUR" },
    { createdAt: new Date(0), learner: "s-logistic" },
  );
}

describe("the response to price", () => {
  it("never rises, is near the truth, and is said with the currency", async () => {
    const { model } = await campaign([0.02, 0.2, 0.1, 0.09]);
    const [response] = model.metrics.prices ?? [];
    expect(response?.points.map(({ price }) => price)).toEqual(PRICES);
    const fitted = response?.points.map((point) => point.fitted) ?? [];
    for (const [i, truth] of [0.2, 0.1, 0.09].entries()) {
      expect(Math.abs((fitted[i] ?? 0) - truth)).toBeLessThan(0.035);
      expect(fitted[i]).toBeLessThanOrEqual(fitted[i - 1] ?? 1);
    }
    expect(response?.rises).toBe(false);
    expect(response && priceWords(response, model.currency)).toMatch(/plan, .* % at 9 EUR, .* at 15 EUR\.$/);
  });

  it("is drawn on the page about the model: a curve, and a row for each price", async () => {
    const { model } = await campaign([0.02, 0.2, 0.1, 0.09]);
    const page = await trainingPage({ title: "Plans", subtitle: "a test" }, model, {
      input: {},
      evaluation: null,
    });
    expect(page).toContain("plan: share that buys, by price");
    const [p9 = "", p15 = ""] = ["p9", "p15"].map(
      (id) => new RegExp(`<tr>(?:(?!</tr>).)*>${id}<.*?</tr>`, "s").exec(page)?.[0],
    );
    expect(p9).toMatch(/>9<.* %/s);
    expect(p15).toMatch(/>15<.* %/s);
  });

  it("says where a higher price sold more: the offers differ in something else", async () => {
    const { model } = await campaign([0.02, 0.05, 0.05, 0.2]);
    const [response] = model.metrics.prices ?? [];
    expect(response?.rises).toBe(true);
    const fitted = response?.points.map((point) => point.fitted) ?? [];
    expect(fitted[2]).toBeCloseTo(fitted[0] ?? 0, 9);
  });
});

describe("the nearest sequence that never rises", () => {
  it("is worked out by hand", () => {
    expect(nonIncreasing([3, 1, 2], [1, 1, 1])).toEqual([3, 1.5, 1.5]);
    expect(nonIncreasing([1, 4], [3, 1])).toEqual([1.75, 1.75]);
    expect(nonIncreasing([], [])).toEqual([]);
  });

  it("never rises, keeps the weighted sum, and leaves what falls alone", () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const [own, weights] = [pairs.map(([value]) => value), pairs.map(([, weight]) => weight)];
        const fitted = nonIncreasing(own, weights);
        const sum = (list: readonly number[]) =>
          list.reduce((total, value, i) => total + value * (weights[i] ?? 0), 0);
        expect(fitted.every((value, i) => i === 0 || value <= (fitted[i - 1] ?? value) + 1e-9)).toBe(true);
        expect(sum(fitted)).toBeCloseTo(sum(own), 6);
        const falling = own.toSorted((a, b) => b - a);
        for (const [i, value] of nonIncreasing(falling, weights).entries()) {
          expect(value).toBeCloseTo(falling[i] ?? 0, 9);
        }
      }),
    );
  });
});
