import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import {
  assignOffer,
  type ExperimentDesign,
  evaluatePolicy,
  holdoutDesign,
  learnShares,
  loadShares,
  saveShares,
  withShares,
  writeExperimentLog,
} from "../../src/experiments/index.ts";
import { folderOfFile } from "../temporary.ts";
import { outcomesOf, writeOutcomes, writeRun } from "./world.ts";

const AT = new Date("2026-03-02T08:00:00Z");
const LATER = new Date("2026-06-01T00:00:00Z");
const FACES = [
  { arm: "lookalike", share: 0.5, band: null },
  { arm: "random", share: 0.3, band: null },
  { arm: "default", share: 0.2, band: null },
] as const;
const DESIGN: ExperimentDesign = {
  ...holdoutDesign("autumn", { holdout: 0.2, seed: 1 }),
  explore: 0.4,
  windowDays: 7,
  faces: FACES,
};

const folder = folderOfFile();

beforeAll(() => {
  const decided = writeRun({ out: join(folder, "run"), design: DESIGN, at: AT, from: 0, customers: 5000 });
  writeOutcomes(join(folder, "outcomes.csv"), outcomesOf(decided, { base: 0.05, ad: 0.05, lookalike: 0.1 }));
});

const source = () => ({
  runs: [join(folder, "run")],
  outcomes: join(folder, "outcomes.csv"),
  resources: { threads: 1 },
});

describe("an experiment log of finished runs", () => {
  it("has the probability with which each customer was given what they were given", async () => {
    const to = join(folder, "log.csv");
    const count = await writeExperimentLog({ ...source(), at: LATER, to });
    const [header, ...rows] = readFileSync(to, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.trim().split(","));
    expect(header).toEqual(["customer_id", "offer_id", "converted", "value", "propensity"]);
    expect(rows).toHaveLength(count);
    expect(count).toBe(5000);
    // Inverse probabilities weigh every arm up to everybody.
    for (const arm of ["none", "a", "b"]) {
      const own = rows.filter(([, offer]) => offer === arm);
      const weight = own.reduce((sum, [, , , , propensity]) => sum + 1 / Number(propensity), 0);
      expect(weight / count).toBeGreaterThan(0.85);
      expect(weight / count).toBeLessThan(1.15);
    }
    const none = rows.find(([, offer]) => offer === "none");
    expect(Number(none?.[4])).toBe(0.2);
  });

  it("can keep to those who were drawn evenly", async () => {
    const to = join(folder, "uniform.csv");
    const count = await writeExperimentLog({
      ...source(),
      at: LATER,
      to,
      slice: "uniform",
      control: "nothing",
    });
    expect(count).toBeLessThan(3000);
    const rows = readFileSync(to, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(","));
    const chances = new Map(rows.map(([, offer, , , propensity]) => [offer, Number(propensity)]));
    // Held out 0.2, drawn 0.8 x 0.4, evenly over two offers.
    expect(chances.get("nothing")).toBeCloseTo(0.2 / 0.52, 9);
    expect(chances.get("a")).toBeCloseTo(0.16 / 0.52, 9);
  });

  it("refuses runs that drew no offers, and windows that are still open", async () => {
    const to = join(folder, "none.csv");
    const out = join(folder, "plain");
    writeRun({ out, design: { ...DESIGN, explore: 0 }, at: AT, from: 0, customers: 20 });
    await expect(writeExperimentLog({ ...source(), runs: [out], at: LATER, to })).rejects.toMatchObject({
      code: "ERR_EXPERIMENT_EMPTY",
    });
    await expect(writeExperimentLog({ ...source(), at: AT, to })).rejects.toMatchObject({
      code: "ERR_EXPERIMENT_EMPTY",
    });
  });
});

describe("learned shares of the face layer", () => {
  it("move to the arm that sells more, above a floor, and can be read again", async () => {
    const policy = await learnShares({
      results: [source()],
      at: LATER,
      design: { faces: FACES },
      metric: "converted",
    });
    const share = (arm: string) => policy.arms.find((own) => own.arm === arm)?.share ?? 0;
    expect(share("lookalike")).toBeGreaterThan(0.9);
    expect(share("default")).toBeCloseTo(0.05 / 3, 3);
    expect(policy.arms.reduce((sum, own) => sum + own.share, 0)).toBeCloseTo(1, 12);
    const path = join(folder, "policy.json");
    await saveShares(policy, path);
    expect(await loadShares(path)).toEqual(policy);
  });

  it("stay even while outcomes are young, and weigh runs that drew otherwise", async () => {
    const young = await learnShares({
      results: [source()],
      at: AT,
      design: { faces: FACES },
      metric: "value",
    });
    for (const { share } of young.arms) expect(share).toBeCloseTo(1 / 3, 12);
    // A second run of buyers who were nearly all shown the default photo: plain means would prefer it.
    const faces = FACES.map((own) => ({ ...own, share: own.arm === "default" ? 0.9 : 0.05 }));
    const out = join(folder, "moved");
    const decided = writeRun({
      out,
      design: { ...DESIGN, salt: "moved", faces },
      at: AT,
      from: 9000,
      customers: 5000,
    });
    writeOutcomes(join(folder, "moved.csv"), outcomesOf(decided, { base: 0.35, ad: 0, lookalike: 0.1 }));
    const both = [source(), { ...source(), runs: [out], outcomes: join(folder, "moved.csv") }];
    const { arms } = await learnShares({
      results: both,
      at: LATER,
      design: { faces: FACES },
      metric: "converted",
    });
    const mean = (arm: string) => arms.find((own) => own.arm === arm)?.mean ?? 0;
    expect(mean("lookalike")).toBeGreaterThan(mean("default"));
    expect(mean("default")).toBeLessThan(0.27);
  });

  it("are refused where the file is none", async () => {
    const path = join(folder, "broken.json");
    writeFileSync(path, '{"format":"lookalike-policy"}');
    await expect(loadShares(path)).rejects.toMatchObject({ code: "ERR_MODEL_UNREADABLE" });
    await expect(
      learnShares({ results: [source()], at: LATER, design: { faces: FACES.slice(0, 1) }, metric: "value" }),
    ).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });
});

describe("the evaluation of a policy", () => {
  const write = (name: string, rows: readonly (readonly (string | number)[])[]) => {
    const path = join(folder, name);
    writeFileSync(path, `item,p,click\n${rows.map((row) => row.join(",")).join("\n")}\n`);
    return path;
  };
  const columns = { action: "item", propensity: "p", reward: "click" };

  it("values what another policy would have earned", async () => {
    const random = createRandom(2);
    const rows = Array.from({ length: 4000 }, () => {
      const good = random() < 0.3;
      return [good ? "good" : "bad", good ? 0.3 : 0.7, random() < (good ? 0.5 : 0.1) ? 1 : 0];
    });
    const log = write("log4.csv", rows);
    const found = await evaluatePolicy({ log, columns, policy: { good: 0.9, bad: 0.1 } });
    expect(found.refusal).toBeNull();
    for (const name of ["ips", "snips", "dr"] as const)
      expect(found.estimates[name].value).toBeCloseTo(0.46, 1);
    expect(found.logged).toBeCloseTo(0.22, 1);
    const uniform = await evaluatePolicy({ log, columns, policy: "uniform" });
    expect(uniform.estimates.snips.value).toBeCloseTo(0.3, 1);
  });

  it("takes a policy that differs between places, and refuses one that lacks a place", async () => {
    const placed = { ...columns, stratum: "slot" };
    const random = createRandom(5);
    const rows = Array.from({ length: 4000 }, (_, i) => {
      const [good, slot] = [random() < 0.5, i % 2];
      return `${good ? "good" : "bad"},0.5,${random() < (good ? 0.4 : 0.1) + 0.2 * slot ? 1 : 0},s${slot}`;
    });
    const log = join(folder, "placed.csv");
    writeFileSync(log, `item,p,click,slot\n${rows.join("\n")}\n`);
    const policy = { s0: { good: 1, bad: 0 }, s1: { good: 0, bad: 1 } };
    const found = await evaluatePolicy({ log, columns: placed, policy });
    // Half of the decisions at .4, half at .1 + .2.
    expect(found.estimates.dr.value).toBeCloseTo(0.35, 1);
    expect(found.estimates.ips.value).toBeCloseTo(found.estimates.dr.value, 1);
    const lacking = evaluatePolicy({ log, columns: placed, policy: { s0: { good: 1 } } });
    await expect(lacking).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });

  it("rejects rows that cannot be read, and reads decimal commas", async () => {
    const log = join(folder, "odd.csv");
    const good = Array.from(
      { length: 200 },
      (_, i) => `${i % 2 ? "a" : "b"};0,5;${i % 4 === 0 ? "1,5" : "0,5"}`,
    );
    const bad = ["a;;1,0", ";0,5;1,0", "a;0,5;lots", "a;0,5;1;1;1", 'b;"0,5;1,0'];
    writeFileSync(log, `item;p;click\n${[...good, ...bad].join("\n")}\n`);
    const found = await evaluatePolicy({ log, columns, policy: { a: 0.5, b: 0.5 } });
    expect(found.rows).toMatchObject({
      read: 205,
      refusedByCode: { ERR_ROW_VALUE_INVALID: 3, ERR_ROW_MALFORMED: 2 },
    });
    expect(found.actions).toEqual(["a", "b"]);
    expect(found.logged).toBeCloseTo(0.75, 12);
  });

  it("gives no verdict where the log cannot speak for the policy", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => (i < 3 ? ["rare", 0.0001, 1] : ["often", 0.9999, 0]));
    const log = write("thin.csv", rows);
    const thin = await evaluatePolicy({ log, columns, policy: { rare: 0.5, often: 0.5 } });
    expect(thin.refusal).toMatch(/effective sample size is 3\.\d decisions/);
    const unseen = await evaluatePolicy({ log, columns, policy: { often: 0.9, never: 0.1 } });
    expect(unseen.refusal).toMatch(/never took: never/);
    await expect(evaluatePolicy({ log, columns, policy: { often: 0.9 } })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });
});

describe("the shares of explored offers", () => {
  it("follow the rewards and the model's prior, and keep the probability of what was drawn", async () => {
    const offers = (a: number, b: number) => [
      { arm: "a", prior: { mean: a, weight: 300 } },
      { arm: "b", prior: { mean: b, weight: 300 } },
    ];
    const learn = (given: ReturnType<typeof offers>, at = LATER) =>
      learnShares({ results: [source()], at, design: { faces: null }, offers: given, metric: "converted" });
    const shareOf = async (given: ReturnType<typeof offers>, name: string) =>
      (await learn(given)).explore?.find(({ arm }) => arm === name)?.share ?? 0;
    // Both offers sell alike in this run: the model that expects more of b moves the shares.
    expect(await shareOf(offers(0.05, 0.3), "b")).toBeGreaterThan(await shareOf(offers(0.3, 0.05), "b"));
    const early = await learn(offers(0.05, 0.3), AT);
    for (const { share } of early.explore ?? []) expect(share).toBeCloseTo(0.5, 12);
    const design = withShares(DESIGN, {
      ...early,
      explore: [
        { arm: "a", share: 0.9, customers: 1, mean: null },
        { arm: "b", share: 0.1, customers: 1, mean: null },
      ],
    });
    const assigned = Array.from({ length: 4000 }, (_, i) =>
      assignOffer(design, `c${i}`, { best: "b", explorable: ["b", "a"] }),
    );
    for (const { offerId, offerPropensity } of assigned) {
      expect(offerPropensity).toBeCloseTo(offerId === "a" ? 0.4 * 0.9 : 0.6 + 0.4 * 0.1, 12);
    }
    const share = assigned.filter(({ offerId }) => offerId === "a").length / assigned.length;
    expect(Math.abs(share - 0.36)).toBeLessThan(4 * Math.sqrt((0.36 * 0.64) / 4000));
    // Where only one offer may be drawn, it is drawn for sure.
    const alone = assignOffer(design, "c1", { best: "b", explorable: ["a"] });
    expect([0.4, 0.6]).toContain(alone.offerPropensity);
  });
});
