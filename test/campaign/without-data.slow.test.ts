import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Campaign,
  explainDecision,
  generateAds,
  loadCampaign,
  trainingSources,
} from "../../src/campaign/index.ts";
import { openCustomers } from "../../src/customers/index.ts";
import { type Decision, writeProof } from "../../src/handover/index.ts";
import { loadOfferModel, type OfferModel, saveOfferModel, trainOffers } from "../../src/offers/index.ts";
import { lookalikeJson as lookalike } from "../cli/capture.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { AT } from "./fixture.ts";
import { openStage, type Stage } from "./world.ts";

let stage: Stage;
const at = (name: string) => join(stage.folder, name);

beforeAll(async () => {
  stage = await openStage();
  const rows = Array.from(
    { length: 120 },
    (_, i) => `p${i},${20 + (i % 60)},portraits/middle.jpg,2026-01-01`,
  );
  writeFileSync(at("people.csv"), `customer_id,age,photo,consent_biometric\n${rows.join("\n")}\n`);
});
afterAll(() => stage?.close());

/** A campaign without a past campaign and without logs. */
function write(name: string, experiment: string, edit: (text: string) => string = (text) => text): string {
  const text = readFileSync(at("campaign.yaml"), "utf8")
    .replace("customers.csv", "people.csv")
    .replace("  experiment: { path: experiment.csv }\n", `  model: ${name}.json\n`)
    .replace("max_distance: 0.5", "max_distance: 2");
  expect(text).not.toContain("experiment.csv");
  writeFileSync(at(`${name}.yaml`), edit(`${text}experiment: ${experiment}\n`));
  return at(`${name}.yaml`);
}

async function run(campaign: Campaign, model: OfferModel, out: string): Promise<Decision[]> {
  const { gallery } = stage;
  const decisions: Decision[] = [];
  const parts = { campaign, gallery, engine: createFakeEngine(), model, out, now: () => AT };
  for await (const decision of generateAds(parts)) decisions.push(decision);
  return decisions;
}

async function untrained({ offers }: Campaign): Promise<OfferModel> {
  return (await trainOffers({ offers, withoutData: "allow" }, { createdAt: AT })).model;
}

describe("a campaign without any data about offers", () => {
  it("draws every offer, promises no value, and its outcomes train the next model", async () => {
    const path = write("fresh", "{ name: fresh, holdout: 0.2, explore: 1, window_days: 7 }");
    const trained = await lookalike("train", "--campaign", path);
    expect(trained).toMatchObject({ status: 0, stderr: expect.stringContaining("drawn at random") });
    const campaign = await loadCampaign(path);
    const decisions = await run(campaign, await loadOfferModel(campaign.inputs.model), at("fresh"));

    expect(decisions).toHaveLength(120);
    const shown = decisions.filter(({ offer }) => offer.id !== "none");
    const count = (id: string) => shown.filter(({ offer }) => offer.id === id).length;
    expect(count("apple")).toBeGreaterThan(25);
    expect(count("samsung")).toBeGreaterThan(25);
    const held = decisions.filter(({ offer }) => offer.basis === "holdout");
    expect(held.length + shown.length).toBe(120);
    expect(held.length).toBeGreaterThan(8);
    for (const decision of shown) {
      expect(decision.offer).toMatchObject({
        basis: "explore",
        uplift: null,
        lift: null,
        expected_value: null,
      });
      expect(decision.creatives.length).toBeGreaterThan(0);
    }
    expect(shown.some(({ photo }) => photo?.basis === "lookalike")).toBe(true);
    await writeProof(at("fresh"));
    expect(readFileSync(at("fresh/proof.html"), "utf8")).not.toMatch(/NaN|>0 EUR/);
    const [first] = shown;
    if (first === undefined) throw new Error("no ad");
    expect(explainDecision(first, { campaign: "fresh", currency: "EUR", language: "en" })).not.toMatch(
      /null|NaN|undefined|0\.0/,
    );

    const bought = shown.filter((_, i) => i % 3 === 0);
    const lines = bought.map(({ customer_id: id }) => `${id},2026-11-22T00:00:00Z,1,10`);
    writeFileSync(at("fresh.csv"), `customer_id,at,converted,value\n${lines.join("\n")}\n`);
    const next = write("next", "{ name: next, explore: 0.1, window_days: 7 }", (text) =>
      text.replace("inputs:\n", "inputs:\n  results: [{ runs: [fresh], outcomes: fresh.csv }]\n"),
    );
    const options = { vault: null, at: new Date("2027-06-01T00:00:00Z") };
    const { sources, close } = await trainingSources(await loadCampaign(next), options);
    const customers = await openCustomers(sources);
    const log = await customers.experiment();
    await customers.close();
    close();
    expect(log.rows).toBe(120);
    expect([...log.arms.labels].sort()).toEqual(["apple", "none", "samsung"]);
    // Held out with 0.2; each of two offers with 0.8 / 2.
    expect(new Set([...(log.propensity ?? [])].map((chance) => chance.toFixed(3)))).toEqual(
      new Set(["0.200", "0.400"]),
    );
  });

  it("is refused before any work where an offer would have to be chosen: ERR_MODEL_MISMATCH", async () => {
    const refusals: readonly (readonly [string, (text: string) => string])[] = [
      ["{ name: some, explore: 0.5 }", (text) => text],
      ["{ name: none }", (text) => text],
      ["{ name: limited, explore: 1 }", (text) => text.replace("margin: 100", "margin: 100\n    budget: 3")],
      ["{ name: spent, explore: 1 }", (text) => text.replace("policy:", "policy:\n  max_spend: 5")],
    ];
    for (const [i, [experiment, edit]] of refusals.entries()) {
      const campaign = await loadCampaign(write(`refused-${i}`, experiment, edit));
      const work = run(campaign, await untrained(campaign), at(`refused-${i}`));
      await expect(work, experiment).rejects.toMatchObject({ code: "ERR_MODEL_MISMATCH" });
    }
  });

  it("trains nothing unless all offers are drawn, and scores and evaluates nothing", async () => {
    const half = await lookalike("train", "--campaign", write("half", "{ name: half, explore: 0.5 }"));
    expect(half).toMatchObject({ status: 2, stderr: expect.stringContaining("experiment.explore: 1") });
    const campaign = await loadCampaign(write("whole", "{ name: whole, explore: 1 }"));
    await saveOfferModel(await untrained(campaign), at("nothing.json"));
    const model = ["--model", at("nothing.json")];
    for (const command of [
      ["score", ...model, "--customers", at("people.csv")],
      ["evaluate", "offers", ...model, "--log", at("experiment.csv")],
    ]) {
      const refused = await lookalike(...command);
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_MODEL_MISMATCH") });
    }
  });
});
