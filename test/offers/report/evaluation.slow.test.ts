import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRandom, numberColumn, type Table } from "../../../src/core/index.ts";
import {
  evaluateOffers,
  evaluationPage,
  evaluationVerdict,
  type HoldoutExperiment,
  type OfferModel,
  trainOffers,
} from "../../../src/offers/index.ts";
import { experimentWarnings } from "../../../src/statistics/index.ts";
import { lookalikeJson as lookalike } from "../../cli/capture.ts";
import { folderOfFile } from "../../temporary.ts";
import { simulate, table } from "../simulate.ts";

const folder = folderOfFile();
const createdAt = new Date("2026-11-21T00:00:00Z");
const head = { title: "Report", subtitle: "test", createdAt: createdAt.toISOString() };

function holdout(rows: number, seed: number): HoldoutExperiment {
  return { ...simulate(rows, seed).experiment, propensity: null };
}

async function train(rows: number, seed: number, offers?: OfferModel["offers"]): Promise<OfferModel> {
  const { experiment } = simulate(rows, seed);
  return (await trainOffers({ experiment, offers }, { createdAt, learner: "t-logistic" })).model;
}

const model = await train(12_000, 1);
const evaluation = evaluateOffers(model, holdout(12_000, 2), { resamples: 100 });

/** Half of the customers, who buy much more anyway, are shown the offer four times as often; it adds 5 points to both. */
function unevenly(rows: number, seed: number): HoldoutExperiment {
  const random = createRandom(seed);
  const group = Float64Array.from({ length: rows }, () => Number(random() < 0.5));
  const chance = group.map((value) => (value === 1 ? 0.8 : 0.2));
  const codes = Int32Array.from(chance, (value) => Number(random() < value));
  return {
    rows,
    arms: { labels: ["none", "promo"], codes },
    outcome: Float64Array.from(codes, (arm, row) =>
      Number(random() < 0.1 + 0.4 * (group[row] ?? 0) + 0.05 * arm),
    ),
    propensity: chance.map((value, row) => (codes[row] === 1 ? value : 1 - value)),
    features: { rows, columns: new Map([["group", numberColumn([...group])]]) },
  };
}

describe("the evaluation of customers with unlike chances of the offer", async () => {
  const experiment = unevenly(20_000, 1);
  const { model: uneven } = await trainOffers({ experiment }, { createdAt, learner: "s-logistic" });

  it.each([
    ["given", unevenly(20_000, 2)],
    ["estimated", { ...unevenly(20_000, 2), propensity: null }],
  ])("corrects for them: %s", async (source, log) => {
    const found = evaluateOffers(uneven, log, { resamples: 20 });
    expect(found.propensity).toMatchObject({ source, differs: true });
    const [offer] = found.offers;
    // The raw rates differ by 29 points.
    expect(Math.abs((offer?.averageUplift.value ?? 1) - 0.05)).toBeLessThan(0.03);
    for (const { uplift } of offer?.deciles ?? []) expect(uplift?.value).toBeLessThan(0.12);
    const page = await evaluationPage(head, found);
    expect(page.includes("depended on the customers")).toBe(source === "estimated");
    expect(page).not.toContain("Every customer of the log was assigned at random");
  });
});

describe("the evaluation of a good model", () => {
  it("shows that choosing pays, for each offer how much and for whom", () => {
    expect(evaluation).toMatchObject({ rows: 12_000, unit: "outcomes", unmatched: { arms: [], offers: [] } });
    expect(evaluation.modelOverBestSingle.gain.low).toBeGreaterThan(0);
    expect(evaluationVerdict(evaluation)).toMatchObject({
      tone: "good",
      headline: "Choosing per customer pays.",
    });
    for (const offer of evaluation.offers) {
      expect(offer.ranking.metrics.qiniCount?.low).toBeGreaterThan(0);
      expect(offer.calibration.slope?.low).toBeLessThan(1.1);
      expect(offer.calibration.slope?.high).toBeGreaterThan(0.9);
      expect(offer.deciles).toHaveLength(10);
      expect(offer.deciles[0]?.uplift?.value).toBeGreaterThan(offer.deciles[9]?.uplift?.value as number);
    }
  });

  it("values nobody at 0, and the doubly robust and the weighted estimates agree", () => {
    expect(evaluation.policies.map(({ policy, kind }) => [policy, kind])).toEqual([
      ["none", "none"],
      ["south", "single"],
      ["young", "single"],
      ["model", "model"],
    ]);
    expect(evaluation.policies[0]?.value.gain).toEqual({ value: 0, low: 0, high: 0 });
    for (const { value } of evaluation.policies) {
      expect(Math.abs(value.ipw.value - value.doublyRobust.value)).toBeLessThan(0.02);
      expect(value.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    }
  });

  it("refuses amounts where the model knows only whether something happened", () => {
    const log = holdout(2_000, 2);
    const amounts = { ...log, outcome: log.outcome.map((value) => value * 19.9) };
    expect(() => evaluateOffers(model, amounts)).toThrow(
      expect.objectContaining({ code: "ERR_OUTCOME_INVALID" }),
    );
  });

  it("is the same for the same seed", () => {
    const again = evaluateOffers(model, holdout(12_000, 2), { resamples: 100 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(evaluation));
  });

  it("is drawn as one page that loads nothing, for light and dark, with its verdict on top", async () => {
    const page = await evaluationPage(head, evaluation);
    expect(await evaluationPage(head, evaluation)).toBe(page);
    expect(page.indexOf("Choosing per customer pays.")).toBeLessThan(page.indexOf("<svg"));
    // For each offer four charts, and the policies; each drawn for wide and for narrow pages.
    expect(page.match(/<svg /g)).toHaveLength(2 * (2 * 4 + 1));
    expect(page).toContain("prefers-color-scheme:dark");
    expect(page).not.toMatch(/<script|(?:src|href)="|url\((?!#)|@import|NaN|undefined|Infinity/);
    expect(page.length).toBeLessThan(600_000);
  });
});

describe("an evaluation is honest", () => {
  it("where the customers do not differ: no gain is claimed", async () => {
    const shuffled = (seed: number): HoldoutExperiment => {
      const experiment = holdout(4_000, seed);
      const random = createRandom(seed);
      const codes = experiment.arms.codes.map(() => Math.floor(3 * random()));
      return { ...experiment, arms: { ...experiment.arms, codes } };
    };
    const placebo = (await trainOffers({ experiment: shuffled(3) }, { createdAt, learner: "t-logistic" }))
      .model;
    const found = evaluateOffers(placebo, shuffled(4), { resamples: 100 });
    expect(found.modelOverBestSingle.gain.low).toBeLessThanOrEqual(0);
    expect(evaluationVerdict(found).tone).not.toBe("good");
  });

  it("where the arms are not those of the plan", () => {
    const planned = new Map([
      ["none", 0.2],
      ["south", 0.4],
      ["young", 0.4],
    ]);
    const found = evaluateOffers(model, holdout(3_000, 5), { planned, resamples: 20 });
    expect(found.checks).toMatchObject({ planKnown: true, sampleRatio: { mismatch: true } });
    expect(evaluationVerdict(found)).toMatchObject({
      tone: "bad",
      headline: expect.stringMatching(/do not trust/),
    });
    expect(experimentWarnings(found.checks)[0]).toMatch(/do not fit the plan/);
    const wrong = new Map([["none", 1]]);
    expect(() => evaluateOffers(model, holdout(3_000, 5), { planned: wrong })).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });

  it("counts money where the offers have margins and costs", async () => {
    const offers = [
      { id: "young", product: "Acme", margin: 100, cost: 30 },
      { id: "south", product: "Bolt", margin: 10, cost: 1 },
    ];
    const priced = await train(12_000, 1, offers);
    const found = evaluateOffers(priced, holdout(12_000, 2), { resamples: 20 });
    expect(found.unit).toBe("money");
    const gainOf = (policy: string) =>
      found.policies.find((entry) => entry.policy === policy)?.value.gain.value ?? 0;
    // A dear offer loses money on the average customer, and earns with those it wins.
    expect(gainOf("young")).toBeLessThan(0);
    expect(gainOf("model")).toBeGreaterThan(0.2);
    expect(found.offers[0]?.aucc).toBeGreaterThan(0.5);
  });

  it("about amounts, which are no percentage points", async () => {
    const worth = (experiment: HoldoutExperiment) => ({
      ...experiment,
      outcome: experiment.outcome.map((bought) => 40 * bought),
    });
    const { experiment } = simulate(3_000, 1);
    const { model: priced } = await trainOffers(
      { experiment: worth({ ...experiment, propensity: null }) },
      { createdAt, learner: "s-logistic" },
    );
    const measured = evaluateOffers(priced, worth(holdout(3_000, 2)), { resamples: 20 });
    expect(measured).toMatchObject({ outcome: "value", unit: "money" });
    const { sentences } = evaluationVerdict(measured);
    expect(sentences.join(" ")).toMatch(/on average \([+-]\d+\.\d+ per customer\)/);
    const page = await evaluationPage(head, measured);
    expect(`${sentences} ${page}`).not.toMatch(/[,\d] points/);
    expect(page).toMatch(/worth 1\d\.\d+ each/);
  });

  it("about arms and offers that do not match: named, and ERR_OFFER_UNKNOWN where none is left", () => {
    const experiment = holdout(3_000, 6);
    const renamed = { ...experiment, arms: { ...experiment.arms, labels: ["none", "south", "old"] } };
    const found = evaluateOffers(model, renamed, { resamples: 20 });
    expect(found.unmatched).toEqual({ arms: ["old"], offers: ["young"] });
    expect(evaluationVerdict(found).sentences.join(" ")).toMatch(
      /no data about them: old\. .*shown them: young\./,
    );
    expect(found.offers.map(({ offerId }) => offerId)).toEqual(["south"]);
    const strangers = { ...experiment, arms: { ...experiment.arms, labels: ["none", "a", "b"] } };
    expect(() => evaluateOffers(model, strangers)).toThrow(
      expect.objectContaining({ code: "ERR_OFFER_UNKNOWN" }),
    );
  });

  it("about leaking columns", async () => {
    const experiment = holdout(3_000, 7);
    const features: Table = table({
      ...Object.fromEntries(experiment.features.columns),
      mailed: numberColumn(Float64Array.from(experiment.arms.codes)),
    });
    const { metrics } = (
      await trainOffers({ experiment: { ...experiment, features } }, { createdAt, learner: "t-logistic" })
    ).model;
    expect(experimentWarnings(metrics.checks as NonNullable<typeof metrics.checks>).join("\n")).toMatch(
      /reveal a customer's arm: mailed/,
    );
  });
});

describe("evaluate offers, and train --report", () => {
  const log = (name: string, rows: number, seed: number) => {
    const { experiment, ages, regions } = simulate(rows, seed);
    const lines = ages.map((age, row) => {
      const arm = experiment.arms.labels[experiment.arms.codes[row] as number];
      return `${row + 1},${arm},${experiment.outcome[row]},${age},${regions[row]},${13 + (row % 15)}.03.2020`;
    });
    const path = join(folder, name);
    writeFileSync(path, ["customer_id,offer_id,converted,age,region,since", ...lines].join("\n"));
    return path;
  };

  it("write pages and JSON", async () => {
    const paths = {
      model: join(folder, "m.json"),
      report: join(folder, "train.html"),
      page: join(folder, "e.html"),
    };
    const trained = await lookalike(
      ...["train", "--log", log("train.csv", 4_000, 1), "--model", paths.model, "--learner", "t-logistic"],
      ...["--report", paths.report, "--json"],
    );
    expect(trained).toMatchObject({ status: 0 });
    expect(trained.lines[0].metrics.checks.sample_ratio.arms).toHaveLength(3);
    expect(trained.lines[0].metrics.placebo).toMatchObject({ found: false, rows: 4_000 });
    expect(trained.stderr).toMatch(/Placebo: .*found nothing, as it should/);
    const page = readFileSync(paths.report, "utf8");
    expect(page).toContain("A second model was trained");
    const recoded = "Columns with dates, read as days since 1970: since";
    expect(trained.lines[0].warnings).toEqual([recoded]);
    expect(trained.stderr).toContain(`warning: ${recoded}\n`);
    expect(page).toContain(`${recoded}.`);
    expect(page).toContain("found nothing, as it should.");
    const evaluated = await lookalike(
      ...["evaluate", "offers", "--model", paths.model, "--log", log("holdout.csv", 4_000, 2)],
      ...[
        "--html",
        paths.page,
        "--resamples",
        "50",
        "--shares",
        "none=0.3333,south=0.3333,young=0.3334",
        "--json",
      ],
    );
    expect(evaluated).toMatchObject({ status: 0 });
    expect(evaluated.lines).toHaveLength(1);
    expect(evaluated.lines[0]).toMatchObject({
      rows: 4_000,
      verdict: { tone: "good" },
      model_over_best_single: { gain: { low: expect.any(Number) } },
      checks: { plan_known: true },
      offers: [{ offer_id: "south", ranking: { metrics: { qini_count: { low: expect.any(Number) } } } }, {}],
    });
    expect(evaluated.stderr).toMatch(/^Choosing per customer pays\./m);
    expect(readFileSync(paths.page, "utf8")).toContain("<!doctype html>");
  });

  it("refuse wrong use: ERR_OPTION_INVALID, ERR_MODEL_UNREADABLE", async () => {
    const bad = await lookalike("evaluate", "offers", "--model", "m", "--log", "l", "--shares", "none:1");
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining("ERR_OPTION_INVALID")]);
    const missing = await lookalike(
      "evaluate",
      "offers",
      "--model",
      join(folder, "no.json"),
      "--log",
      "l.csv",
    );
    expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining("ERR_MODEL_UNREADABLE")]);
  });
});
