import { describe, expect, it } from "vitest";
import { simulateCoupon, simulateTrial } from "../../scripts/simulate/experiments.ts";
import { type TrainingExperiment, trainOffers, upliftWords } from "../../src/offers/index.ts";

const options = { createdAt: new Date("2026-11-27T00:00:00Z"), seed: 1, learner: "s-logistic" } as const;
const coupons = simulateCoupon({ rows: 6_000, seed: 9, differ: true }).experiment;

async function train(experiment: TrainingExperiment, cost: number, policy: "auto" | "single" = "auto") {
  const offers = experiment.arms.labels.slice(1).map((id) => ({ id, product: id, margin: 1, cost }));
  return (await trainOffers({ experiment, offers }, { ...options, policy })).model;
}

describe("offers that cost something, where differences between customers are likely and not shown", () => {
  it("are chosen per customer, and nothing is claimed", async () => {
    const model = await train(coupons, 0);
    const found = model.uplift?.heterogeneity;
    expect(found).toMatchObject({ shown: false, single: null, likely: { pValue: expect.any(Number) } });
    expect(found?.likely?.pValue).toBeGreaterThan(0.025);
    expect(found?.likely?.pValue).toBeLessThanOrEqual(0.2);
    expect(found?.likely?.earned.value).toBeGreaterThan(0);
    expect(model.uplift?.arms.every(({ isPersonal }) => isPersonal)).toBe(true);
    const words = upliftWords(model);
    expect(words).toMatch(/chosen per customer all the same, by weaker evidence/);
    expect(words).toMatch(/No difference between customers could be shown for 5 off/);
    expect(words).not.toMatch(/differs between customers/);
  });

  it("are one for all where an analyst says so", async () => {
    const found = (await train(coupons, 0, "single")).uplift?.heterogeneity;
    expect(found?.likely).toBeUndefined();
    expect(found?.single).not.toBeNull();
  });

  it("need a test at 5 % where showing them costs nothing and is no loss", async () => {
    const outcome = coupons.outcome.map((amount) => (amount > 0 ? 1 : 0));
    const found = (await train({ ...coupons, outcome }, 0)).uplift?.heterogeneity;
    expect(found?.likely).toBeUndefined();
  });

  it("are shown to nobody where they add nothing, in all but a few experiments", async () => {
    const seeds = [4, 5, 6, 7];
    const choices = [];
    for (const seed of seeds) {
      const { experiment } = simulateTrial({ rows: 1_000, seed, differ: false }, { offers: 2, effect: 0 });
      choices.push((await train(experiment, 0.01)).uplift?.heterogeneity);
    }
    expect(choices.filter((found) => found?.shown).length).toBe(0);
    expect(choices.filter((found) => found?.single === "none").length).toBeGreaterThanOrEqual(3);
  });
});
