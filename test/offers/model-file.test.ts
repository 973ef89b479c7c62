import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { categoryColumn, numberColumn } from "../../src/core/index.ts";
import {
  createScorer,
  loadOfferModel,
  type OfferModel,
  saveOfferModel,
  scoreCustomers,
  trainOffers,
} from "../../src/offers/index.ts";
import { folderOfFile } from "../temporary.ts";
import { batch, simulate, table, transitions } from "./simulate.ts";

const folder = folderOfFile();
const path = join(folder, "offers.json");

const createdAt = new Date("2026-11-21T09:00:00Z");
const offers = [
  { id: "young", product: "Acme", margin: 100, cost: 2 },
  { id: "loyal", product: "Bolt", margin: 20, cost: 0 },
];
const { model } = await trainOffers(
  {
    experiment: simulate(3_000, 1).experiment,
    transitions: transitions(
      [
        ["Acme", "Acme", 60],
        ["Acme", "Bolt", 40],
        ["Bolt", "Acme", 30],
        ["Bolt", "Bolt", 50],
      ],
      { age: 30, residence: "Delft" },
    ),
    offers,
  },
  { seed: 11, createdAt, learner: "t-logistic" },
);
const customers = table({
  age: numberColumn([25, 70, Number.NaN]),
  region: categoryColumn(["south", "north", null]),
  residence: categoryColumn(["Delft", "Breda", null]),
  current_manufacturer: categoryColumn(["Acme", "Bolt", null]),
});

describe("a model file", () => {
  it("reads back as the very same model, to the last digit", async () => {
    await saveOfferModel(model, path);
    const loaded = await loadOfferModel(path);
    expect(loaded).toEqual(model);
    expect(createScorer(loaded).score(batch(customers))).toEqual(createScorer(model).score(batch(customers)));
    expect(readdirSync(folder)).toEqual(["offers.json"]);
  });

  it("says what it was made of", async () => {
    await saveOfferModel(model, path);
    const file = JSON.parse(readFileSync(path, "utf8"));
    expect(file).toMatchObject({ format: "lookalike-offers", version: 2 });
    expect(file.model).toMatchObject({ createdAt: "2026-11-21T09:00:00.000Z", seed: 11, offers });
    expect(file.model.data.experiment).toMatch(/^[0-9a-f]{64}$/);
    expect(file.model.data.transitions).toMatch(/^[0-9a-f]{64}$/);
    expect(file.model.uplift.schema.features[0]).toMatchObject({ name: "age", min: 18, max: 77 });
    expect(file.model.metrics.uplift.arms[0].ranking.qiniCount.perFold).toHaveLength(15);
  });

  it("of changed data has another hash, of the same data the same", async () => {
    const hash = async (seed: number) => {
      const { model } = await trainOffers(
        { experiment: simulate(300, seed).experiment },
        { createdAt, learner: "t-logistic" },
      );
      return model.data.experiment;
    };
    expect(await hash(1)).toBe(await hash(1));
    expect(await hash(1)).not.toBe(await hash(2));
  });

  it.each<[string, (text: string) => string]>([
    ["empty", () => ""],
    ["truncated", (text) => text.slice(0, text.length / 2)],
    ["without its last byte but one", (text) => text.slice(0, -2)],
    ["changed by one digit", (text) => text.replace(/"intercept": (-?\d\.\d*)\d/, '"intercept": $19')],
    ["without its checksum", (text) => text.replace(/"checksum": "\w+"/, '"checksum": ""')],
  ])("that is %s is refused: ERR_MODEL_UNREADABLE", async (_, damage) => {
    await saveOfferModel(model, path);
    const text = readFileSync(path, "utf8");
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    writeFileSync(path, damaged);
    await expect(loadOfferModel(path)).rejects.toMatchObject({ code: "ERR_MODEL_UNREADABLE" });
  });

  it("that is not there is refused: ERR_MODEL_UNREADABLE", async () => {
    const missing = join(folder, "missing.json");
    await expect(loadOfferModel(missing)).rejects.toMatchObject({ code: "ERR_MODEL_UNREADABLE" });
  });

  it("whose weights do not fit its features is refused even with a right checksum", async () => {
    const uplift = model.uplift;
    if (uplift?.none.kind !== "linear") throw new Error("the model has a linear uplift part");
    const none = { ...uplift.none, weights: new Float64Array(1) };
    const odd: OfferModel = { ...model, uplift: { ...uplift, none } };
    await saveOfferModel(odd, path);
    await expect(loadOfferModel(path)).rejects.toMatchObject({
      code: "ERR_MODEL_UNREADABLE",
      message: expect.stringMatching(/one weight per design column/),
    });
  });

  it.each([
    ["another format", { format: "lookalike-gallery" }, /lookalike-gallery/],
    ["a later version", { version: 3 }, /version 2 .* received 3/],
    ["the version before", { version: 1 }, /version 2 .* received 1/],
    ["no format", { format: undefined }, /another kind of JSON/],
  ])("of %s is refused and says what it got: ERR_MODEL_MISMATCH", async (_, change, message) => {
    await saveOfferModel(model, path);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
    await expect(loadOfferModel(path)).rejects.toMatchObject({
      code: "ERR_MODEL_MISMATCH",
      message: expect.stringMatching(message),
    });
  });

  it("goes where it can be written: ERR_OUTPUT_UNWRITABLE", async () => {
    await expect(saveOfferModel(model, join(folder, "no", "such", "folder.json"))).rejects.toMatchObject({
      code: "ERR_OUTPUT_UNWRITABLE",
    });
  });
});

describe("scoring", () => {
  it("streams batches in order", async () => {
    const ids: string[] = [];
    for await (const score of scoreCustomers(model, [batch(customers, 1), batch(customers, 4)])) {
      ids.push(score.customerId);
    }
    expect(ids).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  it("fills both bases where both logs were given, and chooses by uplift alone", () => {
    for (const { next, scores, best } of createScorer(model).score(batch(customers))) {
      expect(Object.keys(next ?? {})).toEqual(["Acme", "Bolt"]);
      const [young, loyal] = scores;
      expect(young).toMatchObject({ basis: "uplift", lift: expect.any(Number), uplift: expect.any(Number) });
      expect(loyal).toMatchObject({ basis: "lift", lift: expect.any(Number), uplift: null });
      expect(loyal?.expectedValue).toBeCloseTo((next?.Bolt as number) * 20, 12);
      expect(best).toBe((young?.expectedValue as number) > 0 ? "young" : "none");
    }
  });

  it("asks for each batch who may be shown what, and stops when told to: ERR_ABORTED", async () => {
    const controller = new AbortController();
    const bests: string[] = [];
    const stream = scoreCustomers(model, [batch(customers), batch(customers)], {
      signal: controller.signal,
      eligible: async ({ rows }) => new Map([["young", new Uint8Array(rows)]]),
    });
    const run = async () => {
      for await (const score of stream) {
        bests.push(score.best);
        controller.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "ERR_ABORTED" });
    expect(bests).toEqual(["none", "none", "none"]);
  });
});
