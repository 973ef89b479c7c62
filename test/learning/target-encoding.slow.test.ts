import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { categoryColumn, createRandom, numberColumn } from "../../src/core/index.ts";
import { encodeByTarget } from "../../src/learning/features/target-encoding.ts";
import { createScorer, loadOfferModel, saveOfferModel, trainOffers } from "../../src/offers/index.ts";
import { batch, table } from "../offers/simulate.ts";
import { folderOfFile } from "../temporary.ts";

const folder = folderOfFile();

/** 100 postcodes, none of them frequent, of which every third buys much more where the offer is shown. */
function postcodes(rows: number, seed: number) {
  const random = createRandom(seed);
  const zips = Array.from({ length: rows }, () => Math.floor(100 * random()));
  const codes = Int32Array.from(zips, () => (random() < 0.5 ? 1 : 0));
  const outcome = Float64Array.from(codes, (arm, row) => {
    const isGood = (zips[row] ?? 0) % 3 === 0;
    return random() < 0.1 + (isGood ? 0.15 + 0.4 * arm : 0) ? 1 : 0;
  });
  const columns = {
    zip: categoryColumn(zips.map((zip) => `Z${zip}`)),
    x: numberColumn(zips.map(() => random())),
  };
  return { rows, arms: { labels: ["none", "offer"], codes }, outcome, features: table(columns), zips };
}

describe("a category of many levels", () => {
  it("is encoded by the outcomes of other rows: noise explains nothing of itself", () => {
    const random = createRandom(3);
    const codes = Int32Array.from({ length: 4000 }, (_, row) => row % 1000);
    const labels = Array.from({ length: 1000 }, (_, i) => `l${i}`);
    const outcomes = Float64Array.from(codes, () => (random() < 0.3 ? 1 : 0));
    const found = encodeByTarget({ kind: "category", codes, labels }, { outcomes, clusters: null });
    const own = found?.own ?? new Float64Array(0);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [a, b] = [mean(own), mean(outcomes)];
    const covariance = own.reduce((sum, value, i) => sum + (value - a) * ((outcomes[i] ?? 0) - b), 0);
    const spread = (values: Float64Array, m: number) =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2, 0));
    // With its own outcome in it, the correlation would be near 0.4.
    expect(covariance / spread(own, a) / spread(outcomes, b)).toBeLessThan(0.06);
    expect(found?.encoding.values.size).toBe(1000);
  });

  it("is learned from and scored, also a level that training did not see, and after a file", async () => {
    const { zips, ...experiment } = postcodes(2_500, 5);
    const { model } = await trainOffers(
      { experiment },
      { createdAt: new Date(0), learner: "s-logistic", policy: "personal" },
    );
    const path = join(folder, "offers.json");
    await saveOfferModel(model, path);
    const loaded = await loadOfferModel(path);
    const scores = createScorer(loaded).score(batch(experiment.features));
    const effects = (isGood: boolean) => {
      const own = scores.filter((_, row) => ((zips[row] ?? 0) % 3 === 0) === isGood);
      return own.reduce((sum, { scores: [offer] }) => sum + (offer?.uplift ?? 0), 0) / own.length;
    };
    // The truth is .4 and 0; indicators of the 50 most frequent postcodes would tell half of them apart.
    expect(effects(true) - effects(false)).toBeGreaterThan(0.2);
    expect(createScorer(model).score(batch(experiment.features))).toEqual(scores);
    const unseen = table({ zip: categoryColumn(["new"]), x: numberColumn([0.5]) });
    const [score] = createScorer(loaded).score(batch(unseen));
    expect(score?.scores[0]?.uplift).toBeGreaterThan(effects(false));
    expect(score?.scores[0]?.uplift).toBeLessThan(effects(true));
  });
});
