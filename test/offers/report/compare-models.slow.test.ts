import { beforeAll, describe, expect, it } from "vitest";
import { createRandom, randomPermutation, takeRows } from "../../../src/core/index.ts";
import {
  compareModels,
  comparisonWords,
  evaluateOffers,
  type HoldoutExperiment,
  type OfferModel,
  trainOffers,
} from "../../../src/offers/index.ts";
import { simulate } from "../simulate.ts";

const options = {
  createdAt: new Date("2026-11-26T00:00:00Z"),
  learner: "s-logistic",
  policy: "personal",
} as const;
const holdout: HoldoutExperiment = {
  ...simulate(6_000, 21).experiment,
  propensity: null,
  clusters: null,
};

let good: OfferModel;
let blind: OfferModel;

beforeAll(async () => {
  const { experiment } = simulate(6_000, 20);
  good = (await trainOffers({ experiment, currency: "EUR" }, options)).model;
  // The same customers with somebody else's outcome: there is nothing to learn.
  const order = randomPermutation(experiment.rows, createRandom(3));
  const outcome = Float64Array.from(order, (row) => experiment.outcome[row] ?? 0);
  blind = (await trainOffers({ experiment: { ...experiment, outcome } }, options)).model;
});

describe("two models on one log", () => {
  it("are compared customer by customer: the one that learned ranks better and earns more", () => {
    const found = compareModels(good, blind, holdout, { resamples: 100 });
    expect(found.offers.some(({ metrics }) => (metrics.qiniCount?.low ?? 0) > 0)).toBe(true);
    expect(found.gain.low).toBeGreaterThan(0);
    expect(comparisonWords(found)).toMatchObject({
      tone: "good",
      headline: "The model earns more than the other.",
    });
    const turned = compareModels(blind, good, holdout, { resamples: 100 });
    expect(comparisonWords(turned).tone).toBe("bad");
  });

  it("do not differ where they are the same", () => {
    const { gain, agreement, offers } = compareModels(good, good, holdout, { resamples: 20 });
    expect(gain).toEqual({ value: 0, low: 0, high: 0 });
    expect(agreement).toBe(1);
    for (const { metrics } of offers) expect(metrics.qiniCount).toEqual({ value: 0, low: 0, high: 0 });
  });

  it("are not compared where one shows offers that the log does not hold, or is of another outcome", () => {
    const [, first] = holdout.arms.labels;
    const kept = Uint32Array.from(holdout.arms.codes.keys()).filter(
      (row) => (holdout.arms.codes[row] ?? 0) < 2,
    );
    const log: HoldoutExperiment = {
      ...holdout,
      rows: kept.length,
      arms: {
        labels: [holdout.arms.labels[0] ?? "", first ?? ""],
        codes: Int32Array.from(kept, (row) => holdout.arms.codes[row] ?? 0),
      },
      outcome: Float64Array.from(kept, (row) => holdout.outcome[row] ?? 0),
      features: takeRows(holdout.features, kept),
    };
    const found = compareModels(good, blind, log, { resamples: 20 });
    expect(found.untried.model).toBeGreaterThan(0.01);
    expect(comparisonWords(found).headline).toMatch(/cannot be compared/);
    const amounts = good.uplift && { ...good, uplift: { ...good.uplift, outcome: "value" as const } };
    expect(() => compareModels(good, amounts ?? blind, holdout)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });

  it("carry the same doubts of the log as the evaluation of one", () => {
    const trusted = compareModels(good, blind, holdout, { resamples: 20 });
    expect(trusted.doubts).toEqual([]);
    // Customers with a high value of the first column were shown offers, and the column says who buys.
    const column = [...holdout.features.columns.values()].find(({ kind }) => kind === "number");
    const values = column?.kind === "number" ? column.values : new Float64Array(0);
    const middle = values.toSorted()[values.length >> 1] ?? 0;
    const kept = Uint32Array.from(holdout.arms.codes.keys()).filter(
      (row) => row % 40 === 0 || (holdout.arms.codes[row] ?? 0) > 0 === (values[row] ?? 0) > middle,
    );
    const targeted: HoldoutExperiment = {
      ...holdout,
      rows: kept.length,
      arms: { ...holdout.arms, codes: Int32Array.from(kept, (row) => holdout.arms.codes[row] ?? 0) },
      outcome: Float64Array.from(kept, (row) => holdout.outcome[row] ?? 0),
      features: takeRows(holdout.features, kept),
    };
    const [one, both] = [
      evaluateOffers(good, targeted, { resamples: 20 }),
      compareModels(good, good, targeted, { resamples: 20 }),
    ];
    expect(both.doubts).toEqual(one.doubts);
    expect(both.checks).toEqual(one.checks);
    expect(both.propensity).toEqual(one.propensity);
    expect(both.doubts.length).toBeGreaterThan(0);
    expect(comparisonWords(both)).toMatchObject({
      tone: "bad",
      headline: "This log cannot show what the offers do.",
    });
  });

  it("are not trusted where the arms are not as large as planned, and amounts are refused", () => {
    const planned = new Map(holdout.arms.labels.map((label, arm) => [label, arm === 0 ? 0.5 : 0.25]));
    const found = compareModels(good, blind, holdout, { resamples: 20, planned });
    expect(comparisonWords(found).headline).toMatch(/not as large as they were planned/);
    const amounts = { ...holdout, outcome: holdout.outcome.map((value) => 7 * value) };
    expect(() => compareModels(good, blind, amounts)).toThrow(
      expect.objectContaining({ code: "ERR_OUTCOME_INVALID" }),
    );
  });
});
