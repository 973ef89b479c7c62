import { describe, expect, it } from "vitest";
import { categoryColumn, numberColumn } from "../../src/core/index.ts";
import { placeboVerdict } from "../../src/learning/index.ts";
import { createScorer, type TrainingExperiment, trainOffers } from "../../src/offers/index.ts";
import { batch, sigmoid, simulate, table, trueUplift } from "../offers/simulate.ts";

const createdAt = new Date("2026-11-21T00:00:00Z");
const { experiment, ages, regions } = simulate(30_000, 7);
const { model } = await trainOffers({ experiment }, { seed: 3, createdAt, learner: "t-logistic" });
/** For what does not depend on the number of rows. */
const few = simulate(2_400, 7).experiment;
const scores = createScorer(model).score(batch(experiment.features));

describe("an uplift model", () => {
  it("recovers the effects that made the data", () => {
    let squares = 0;
    for (const [row, score] of scores.entries()) {
      const truth = trueUplift(ages[row] as number, regions[row] as string);
      for (const offer of score.scores) {
        squares += ((offer.uplift as number) - truth[offer.offerId as "young" | "south"]) ** 2;
      }
    }
    // The effects spread by 0.15; a constant would be off by about that.
    expect(Math.sqrt(squares / scores.length / 2)).toBeLessThan(0.02);
  });

  it("chooses nearly as well as one who knows the truth", () => {
    let gained = 0;
    let possible = 0;
    for (const [row, { best }] of scores.entries()) {
      const truth = trueUplift(ages[row] as number, regions[row] as string);
      gained += best === "none" ? 0 : truth[best as "young" | "south"];
      possible += Math.max(0, truth.young, truth.south);
    }
    expect(gained / possible).toBeGreaterThan(0.97);
    expect(new Set(scores.map(({ best }) => best))).toEqual(new Set(["none", "south", "young"]));
  });

  it("predicts each arm's own rate on average", () => {
    for (const [arm, label] of experiment.arms.labels.entries()) {
      const rows = [...experiment.arms.codes.keys()].filter((row) => experiment.arms.codes[row] === arm);
      const observed = rows.reduce((sum, row) => sum + (experiment.outcome[row] as number), 0) / rows.length;
      const predicted = rows.reduce((sum, row) => {
        const offers = scores[row]?.scores ?? [];
        const offer = offers.find(({ offerId }) => offerId === label);
        return sum + ((offer ? offer.probabilityOffer : offers[0]?.probabilityNone) as number);
      }, 0);
      // Calibrated effects hold the average effect over everyone, not over one arm's own customers.
      expect(Math.abs(predicted / rows.length - observed)).toBeLessThan(0.006);
    }
  });

  it("labels its basis and leaves the association empty", () => {
    expect(scores[0]?.next).toBeNull();
    for (const offer of scores[0]?.scores ?? []) {
      expect(offer).toMatchObject({ basis: "uplift", lift: null });
      expect(offer.expectedValue).toBe(offer.uplift);
    }
  });

  it("measures itself on customers it has not seen", () => {
    const metrics = model.metrics.uplift;
    expect(metrics?.arms.map((arm) => arm.offerId)).toEqual(["south", "young"]);
    for (const arm of metrics?.arms ?? []) {
      expect(arm.ranking?.qiniCount.perFold).toHaveLength(15);
      expect(arm.ranking?.qiniScore.mean).toBeGreaterThan(0.1);
      expect(arm.ranking?.auuc.mean).toBeGreaterThan(0.6);
      expect(arm.averageUplift.low).toBeLessThan(arm.averageUplift.value);
    }
    expect(metrics?.arms.reduce((sum, arm) => sum + arm.rows, metrics.control.rows)).toBe(30_000);
  });

  it("is the same for the same seed, and another for another", async () => {
    const small = simulate(2_000, 1).experiment;
    const train = async (seed: number) =>
      JSON.stringify(await trainOffers({ experiment: small }, { seed, createdAt, learner: "dr-logistic" }));
    expect(await train(5)).toBe(await train(5));
    expect(await train(5)).not.toBe(await train(6));
  });

  it("finds nothing where there is nothing", async () => {
    const placebo = simulate(6_000, 2).experiment;
    const codes = placebo.arms.codes.map((_, row) => (row * 7919) % 3);
    const { metrics, uplift } = (
      await trainOffers(
        { experiment: { ...placebo, arms: { ...placebo.arms, codes } } },
        { createdAt, learner: "t-logistic" },
      )
    ).model;
    expect(uplift?.heterogeneity.shown).toBe(false);
    for (const arm of metrics.uplift?.arms ?? []) {
      expect(arm.averageUplift.low).toBeLessThan(0);
      expect(arm.averageUplift.high).toBeGreaterThan(0);
      const { mean, deviation } = arm.ranking?.qiniCount ?? { mean: null, deviation: null };
      expect(Math.abs(mean as number)).toBeLessThan(3 * (deviation as number));
    }
  });
});

describe("the placebo of a training", () => {
  it("finds nothing in customers whose own offers work, and says so", async () => {
    const { placebo, uplift } = model.metrics;
    expect(uplift?.arms[0]?.averageUplift.value).not.toBe(0);
    expect(placebo).toMatchObject({ found: false, runs: 10, rows: 10_000, learner: "s-logistic" });
    expect(placebo?.offers.map(({ offerId, counts }) => [offerId, counts.length])).toEqual([
      ["south", 10],
      ["young", 10],
    ]);
    expect(placebo && placeboVerdict(placebo)).toMatch(/found nothing, as it should/);
  });

  it("names the offer that raised the alarm", () => {
    const offers = [
      { offerId: "south", counts: [0, 1], mean: 0.5, deviations: 1 },
      { offerId: "young", counts: [9, 11], mean: 10, deviations: 10 },
    ];
    expect(placeboVerdict({ runs: 2, offers, found: true })).toMatch(/for young .*10\.0.*do not trust/);
  });

  it("is left out where an arm is too small for it, and copes with a single buyer", async () => {
    const small = await trainOffers({ experiment: simulate(100, 1).experiment }, { createdAt });
    expect(small.model.metrics.placebo).toBeNull();
    const rare = simulate(600, 1).experiment;
    const outcome = rare.outcome.map((_, row) => (row === 5 ? 1 : 0));
    const { metrics } = (await trainOffers({ experiment: { ...rare, outcome } }, { createdAt })).model;
    expect(metrics.placebo?.found).toBe(false);
  });
});

describe("what nothing can be learned from", () => {
  const small = simulate(1_200, 4).experiment;

  it("leaves a handful of customers out, and learns from the other arms as if it had not been there", async () => {
    // Three of the arm called young are kept, and all of them bought.
    const codes = small.arms.codes.map((code, row) => (code === 2 && row > 12 ? 0 : code));
    const few = codes.reduce((sum, code) => sum + Number(code === 2), 0);
    const outcome = small.outcome.map((value, row) => (codes[row] === 2 ? 1 : value));
    const arms = { ...small.arms, codes };
    const trained = await trainOffers({ experiment: { ...small, arms, outcome } }, { createdAt });
    expect(few).toBeGreaterThan(0);
    expect(trained.refusals).toMatchObject([
      { offerId: "young", rows: few, error: { code: "ERR_ARM_TOO_SMALL" } },
    ]);
    expect(trained.model.offers.map(({ id }) => id)).toEqual(["south"]);
    expect(trained.model.metrics.uplift?.choice.rows).toBe(1_200 - few);
  });

  it("leaves out columns that tell the outcome, are the arm or name the row, unless they are asked for", async () => {
    const { codes } = small.arms;
    const columns = new Map([
      ...small.features.columns,
      ["bought", numberColumn(small.outcome)],
      ["arm", categoryColumn([...codes].map((code) => `arm ${code}`))],
      ["rowId", numberColumn(Float64Array.from(codes.keys(), (row) => 7 * row))],
    ] as const);
    const leaky = { ...small, features: { ...small.features, columns } };
    const names = async (features?: readonly string[]) =>
      (
        await trainOffers({ experiment: leaky, features }, { createdAt, learner: "s-logistic" })
      ).model.uplift?.schema.features.map(({ name }) => name);
    expect(await names()).toEqual(["age", "region"]);
    expect(await names(["age", "rowId"])).toEqual(["age", "rowId"]);
  });
});

describe("expected values", () => {
  const offers = [
    { id: "young", product: "Acme", margin: 100, cost: 2 },
    { id: "south", product: "Bolt", margin: 10, cost: 5 },
  ];

  it("are uplift x margin - cost, and the best is above 0", async () => {
    const { model: priced } = await trainOffers(
      { experiment: few, offers },
      { seed: 3, createdAt, learner: "t-logistic" },
    );
    for (const { scores, best } of createScorer(priced).score(batch(few.features)).slice(0, 500)) {
      const [young, south] = scores;
      expect(young?.expectedValue).toBeCloseTo((young?.uplift as number) * 100 - 2, 12);
      expect(south?.expectedValue).toBeCloseTo((south?.uplift as number) * 10 - 5, 12);
      const values = scores.map((score) => score.expectedValue ?? Number.NaN);
      expect(best).toBe(
        Math.max(...values) > 0 ? scores[values.indexOf(Math.max(...values))]?.offerId : "none",
      );
    }
  });

  it("leave out who may not be shown an offer", () => {
    const customers = batch(
      table({ age: numberColumn([20, 20]), region: categoryColumn(["north", "north"]) }),
    );
    const eligible = new Map([["young", Uint8Array.of(1, 0)]]);
    const bests = createScorer(model)
      .score(customers, eligible)
      .map((score) => score.best);
    expect(bests).toEqual(["young", "none"]);
  });
});

describe("features", () => {
  it("may be missing or unseen: such a customer stands at the average", async () => {
    const rows = 4_000;
    const source = simulate(rows, 9);
    const withGaps = {
      ...source.experiment,
      features: table({
        age: numberColumn(source.ages.map((age, i) => (i % 10 === 0 ? Number.NaN : age))),
        region: categoryColumn(source.regions.map((region, i) => (i % 11 === 0 ? null : region))),
        rare: categoryColumn(source.regions.map((_, i) => (i % 500 === 0 ? `level ${i}` : "common"))),
        constant: numberColumn(source.ages.map(() => 4)),
      }),
    };
    const { model: trained } = await trainOffers(
      { experiment: withGaps },
      { createdAt, learner: "s-boosting" },
    );
    expect(trained.uplift?.schema.features).toMatchObject([
      { kind: "number", name: "age", missing: 0.1 },
      { kind: "category", name: "region", rare: 0 },
      { kind: "category", name: "rare", levels: [{ label: "common" }], rare: 8 / rows },
      { kind: "number", name: "constant", deviation: 1, min: 4, max: 4 },
    ]);
    const scored = createScorer(trained).score(
      batch(
        table({
          age: numberColumn([Number.NaN, 40, Number.POSITIVE_INFINITY]),
          region: categoryColumn([null, "east", "north"]),
          rare: categoryColumn(["never seen", null, "common"]),
          constant: numberColumn([4, 5, Number.NaN]),
        }),
      ),
    );
    for (const { scores } of scored) {
      for (const { uplift } of scores) expect(Math.abs(uplift as number)).toBeLessThan(1);
    }
  });

  it("are read as the model's kind, whatever kind the file's reader guessed", () => {
    const asNumbers = table({ age: numberColumn([30, 50]), region: categoryColumn(["north", "south"]) });
    const asLabels = table({ age: categoryColumn(["30", "50"]), region: categoryColumn(["north", "south"]) });
    const scorer = createScorer(model);
    expect(scorer.score(batch(asLabels))).toEqual(scorer.score(batch(asNumbers)));
  });

  it("that are absent are all named: ERR_FEATURE_MISSING", async () => {
    const incomplete = batch(table({ income: numberColumn([1]) }));
    expect(() => createScorer(model).score(incomplete)).toThrow(
      expect.objectContaining({
        code: "ERR_FEATURE_MISSING",
        message: expect.stringMatching(/without age, region/),
      }),
    );
    await expect(
      trainOffers({ experiment: few, features: ["age", "tenure"] }, { createdAt }),
    ).rejects.toThrow(
      expect.objectContaining({
        code: "ERR_FEATURE_MISSING",
        message: expect.stringMatching(/without tenure/),
      }),
    );
  });

  it("that hold nothing or words instead of numbers: ERR_FEATURE_INVALID", async () => {
    const refused = expect.objectContaining({ code: "ERR_FEATURE_INVALID" });
    const words = batch(table({ age: categoryColumn(["old"]), region: categoryColumn(["north"]) }));
    expect(() => createScorer(model).score(words)).toThrow(refused);
    const empty = table({ age: numberColumn(ages.map(() => null)) });
    await expect(
      trainOffers({ experiment: { ...experiment, features: empty } }, { createdAt }),
    ).rejects.toThrow(refused);
  });
});

describe("an experiment that nothing can be learned from", () => {
  const tiny = simulate(60, 4).experiment;
  const refuse = (changed: Partial<TrainingExperiment>, code: string) =>
    expect(trainOffers({ experiment: { ...tiny, ...changed } }, { createdAt })).rejects.toThrow(
      expect.objectContaining({ code }),
    );

  it("is refused by name", async () => {
    await refuse({ rows: 0 }, "ERR_EXPERIMENT_EMPTY");
    await refuse({ arms: { labels: ["none"], codes: new Int32Array(60) } }, "ERR_ARM_EMPTY");
    await refuse({ arms: { labels: ["none", "south"], codes: new Int32Array(60).fill(1) } }, "ERR_ARM_EMPTY");
    await refuse({ arms: { labels: ["none", "south"], codes: new Int32Array(60) } }, "ERR_ARM_EMPTY");
    await refuse({ outcome: new Float64Array(60).fill(2) }, "ERR_OUTCOME_CONSTANT");
    await refuse({ outcome: new Float64Array(60).fill(Number.NaN) }, "ERR_OUTCOME_INVALID");
    await refuse({ outcome: new Float64Array(60) }, "ERR_OUTCOME_CONSTANT");
    const received = [{ arm: "none", rows: 50, rejected: 30 }];
    const unread = { ...tiny, outcome: new Float64Array(60).fill(1), received };
    await expect(trainOffers({ experiment: unread }, { createdAt })).rejects.toMatchObject({
      hint: expect.stringContaining("write 0"),
    });
  });

  it("trains on few rows without claiming to have measured, and on an arm that never bought", async () => {
    const outcome = tiny.outcome.map((value, row) => (tiny.arms.codes[row] === 0 ? 0 : value));
    const { model: small } = await trainOffers({ experiment: { ...tiny, outcome } }, { createdAt });
    expect(small.metrics.uplift?.arms[0]?.ranking).toBeNull();
    expect(small.uplift?.heterogeneity).toMatchObject({ shown: false, gain: null });
    const none = small.uplift?.none;
    if (none?.kind !== "linear") throw new Error("a linear model was expected");
    const controls = tiny.arms.codes.filter((code) => code === 0).length;
    expect(sigmoid(none.intercept)).toBeCloseTo(0.5 / (controls + 1), 9);
    expect(Array.from(none.weights).every((weight) => weight === 0)).toBe(true);
  });
});

describe("offers", () => {
  it("that the campaign does not have are named, counted and left out: ERR_OFFER_UNKNOWN", async () => {
    const offers = [{ id: "young", product: "Acme", margin: 1, cost: 0 }];
    const trained = await trainOffers({ experiment: few, offers }, { createdAt, learner: "t-logistic" });
    const south = few.arms.codes.filter((code) => code === 1).length;
    expect(trained.refusals).toMatchObject([
      { offerId: "south", rows: south, error: { code: "ERR_OFFER_UNKNOWN" } },
    ]);
    expect(trained.model.uplift?.arms.map((arm) => arm.offerId)).toEqual(["young"]);
    expect(trained.model.metrics.uplift?.rows).toBe(few.rows - south);
  });

  it("that no log knows are refused: ERR_OFFER_UNKNOWN", async () => {
    const offers = [{ id: "yuong", product: "Acme", margin: 1, cost: 0 }];
    await expect(trainOffers({ experiment: few, offers }, { createdAt })).rejects.toThrow(/yuong \(Acme\)/);
  });

  it("need data, and an id that is free: ERR_OPTION_INVALID", async () => {
    const refused = expect.objectContaining({ code: "ERR_OPTION_INVALID" });
    await expect(trainOffers({}, { createdAt })).rejects.toThrow(refused);
    await expect(trainOffers({ experiment: few }, { createdAt, seed: 0.5 })).rejects.toThrow(refused);
    await expect(trainOffers({ experiment: few }, { createdAt, jobs: 0 })).rejects.toThrow(refused);
    await expect(trainOffers({ experiment: few }, { createdAt, learner: "t-linear" })).rejects.toThrow(
      refused,
    );
    const none = [{ id: "none", product: "Acme", margin: 1, cost: 0 }];
    await expect(trainOffers({ experiment: few, offers: none }, { createdAt })).rejects.toThrow(refused);
  });

  it("are not trained for who has lost interest: ERR_ABORTED", async () => {
    const signal = AbortSignal.abort();
    await expect(trainOffers({ experiment: few }, { createdAt, signal })).rejects.toThrow(
      expect.objectContaining({ code: "ERR_ABORTED" }),
    );
  });
});
