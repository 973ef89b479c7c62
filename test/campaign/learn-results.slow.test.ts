import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateAds, learnPolicy, loadCampaign, trainingSources } from "../../src/campaign/index.ts";
import { openCustomers } from "../../src/customers/index.ts";
import { readDecisions, readManifest, runFiles } from "../../src/handover/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { AT } from "./fixture.ts";
import { openStage, type Stage } from "./world.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

const LATER = new Date("2027-06-01T00:00:00Z");
const EXPERIMENT =
  "experiment: { name: loop, holdout: 0.3, explore: 0.6, window_days: 7, faces: { lookalike: 0.5, default: 0.5 }, learn: { algorithm: thompson } }";

describe("a campaign that learns from its runs", () => {
  it("trains on them with known propensities, and draws the next run with learned shares", async () => {
    const { folder, gallery, model } = stage;
    const rows = Array.from({ length: 40 }, (_, i) => `p${i},${20 + i},portraits/middle.jpg,2026-01-01`);
    writeFileSync(
      join(folder, "people.csv"),
      `customer_id,age,photo,consent_biometric\n${rows.join("\n")}\n`,
    );
    const text = readFileSync(join(folder, "campaign.yaml"), "utf8")
      .replace("customers.csv", "people.csv")
      .replace("max_distance: 0.5", "max_distance: 2");
    const path = join(folder, "loop.yaml");
    writeFileSync(path, `${text}${EXPERIMENT}\n`);
    const run = async (out: string) => {
      const campaign = await loadCampaign(path);
      const engine = createFakeEngine();
      const ids: string[] = [];
      for await (const own of generateAds({
        campaign,
        gallery,
        engine,
        model,
        out: join(folder, out),
        now: () => AT,
      })) {
        ids.push(own.customer_id);
      }
      return ids;
    };
    const ids = await run("first");
    const bought = ids.filter((_, i) => i % 4 === 0).map((id) => `${id},2026-11-22T00:00:00Z,1,10`);
    writeFileSync(join(folder, "first.csv"), `customer_id,at,converted,value\n${bought.join("\n")}\n`);

    const results = "  results: [{ runs: [first], outcomes: first.csv }]\n";
    const learning = `${text.replace("  experiment: { path: experiment.csv }\n", results)}${EXPERIMENT}\n`;
    writeFileSync(path, learning);
    const campaign = await loadCampaign(path);
    const options = { vault: null, at: LATER };
    const training = await trainingSources(campaign, options);
    expect(training.customers).toBe(40);
    const customers = await openCustomers(training.sources);
    const experiment = await customers.experiment();
    await customers.close();
    training.close();
    expect(experiment.arms.labels).toEqual(["none", "apple", "samsung"]);
    expect(experiment.rows).toBe(40);
    expect(experiment.features.columns.has("age")).toBe(true);
    const logged = new Set([...(experiment.propensity ?? [])].map((chance) => chance.toFixed(4)));
    // Held out; best: 0.7 x (0.4 + 0.3); drawn otherwise: 0.7 x 0.3
    expect([...logged].sort()).toEqual(["0.2100", "0.3000", "0.4900"]);

    const policy = await learnPolicy(campaign, options);
    // Fewer than 100 customers an arm: even shares, in a file that the next run finds.
    expect(policy?.arms.map(({ share }) => share)).toEqual([0.5, 0.5]);
    expect(existsSync(campaign.inputs.policy)).toBe(true);
    const file = JSON.parse(readFileSync(campaign.inputs.policy, "utf8"));
    file.arms[0].share = 0.9;
    file.arms[1].share = 0.1;
    writeFileSync(campaign.inputs.policy, JSON.stringify(file));
    await run("second");
    const { experiment: design } = await readManifest(join(folder, "second"));
    expect(design?.faces?.map(({ share }) => share)).toEqual([0.9, 0.1]);

    // Shares that depend on the age.
    const linear = learning.replace("algorithm: thompson", "algorithm: lin-ts, features: [age]");
    writeFileSync(path, linear);
    await learnPolicy(await loadCampaign(path), options);
    const sums = JSON.parse(readFileSync(campaign.inputs.policy, "utf8"));
    expect(sums.arms.map(({ share }: { share: number }) => share)).toEqual([0.5, 0.5]);
    for (const [slope, arm] of [
      [-150, sums.linear.faces[0]],
      [150, sums.linear.faces[1]],
    ]) {
      Object.assign(arm, { n: 1000, squares: 200, a: [1000, 0, 0, 1000], b: [200, slope] });
    }
    writeFileSync(campaign.inputs.policy, JSON.stringify(sums));
    await run("third");
    const chances = new Map<string, number>();
    for await (const { customer_id: id, assignment } of readDecisions(
      runFiles(join(folder, "third")).decisions,
    )) {
      const face = assignment?.face;
      if (face?.eligible) chances.set(id, face.arm === "lookalike" ? face.propensity : 1 - face.propensity);
    }
    const aged = (isOf: (age: number) => boolean) =>
      [...chances].flatMap(([id, chance]) => (isOf(20 + Number(id.slice(1))) ? [chance.toFixed(3)] : []));
    expect(new Set(aged((age) => age < 35))).toEqual(new Set(["0.975"]));
    expect(new Set(aged((age) => age > 45))).toEqual(new Set(["0.025"]));
    expect((await readManifest(join(folder, "third"))).experiment?.personal).toEqual(["age"]);
    writeFileSync(path, linear.replace("features: [age]", "features: [age, tenure]"));
    await expect(learnPolicy(await loadCampaign(path), options)).rejects.toMatchObject({
      code: "ERR_COLUMN_MISSING",
    });
    writeFileSync(path, linear.replace("features: [age]", "features: []"));
    await expect(loadCampaign(path)).rejects.toMatchObject({ code: "ERR_CAMPAIGN_INVALID" });
  });

  it("says so where nothing was drawn, and leaves a plain campaign alone", async () => {
    const campaign = await loadCampaign(join(stage.folder, "campaign.yaml"));
    expect(await learnPolicy(campaign, { vault: null, at: LATER })).toBeNull();
    const plain = await trainingSources(campaign, { vault: null, at: LATER });
    expect(plain.customers).toBe(0);
    plain.close();
  });
});
