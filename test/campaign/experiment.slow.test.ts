import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateAds, loadCampaign } from "../../src/campaign/index.ts";
import { type Decision, readManifest } from "../../src/handover/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { AT } from "./fixture.ts";
import { openStage, type Stage } from "./world.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

const CUSTOMERS = 48;

/** Runs a crowd whose portraits all have a look-alike; offers fit by age, some customers have no consent. */
async function run(name: string, experiment: string, edit: (text: string) => string = (text) => text) {
  const { folder, gallery, model } = stage;
  const rows = Array.from({ length: CUSTOMERS }, (_, i) => {
    const consent = i % 6 === 5 ? "" : "2026-01-01";
    return `p${i},${i % 2 === 0 ? 65 : 25},portraits/middle.jpg,${consent}`;
  });
  writeFileSync(join(folder, "people.csv"), `customer_id,age,photo,consent_biometric\n${rows.join("\n")}\n`);
  const text = readFileSync(join(folder, "campaign.yaml"), "utf8")
    .replace("customers.csv", "people.csv")
    .replace("max_distance: 0.5", "max_distance: 2");
  writeFileSync(join(folder, `${name}.yaml`), edit(`${text}${experiment}\n`));
  const campaign = await loadCampaign(join(folder, `${name}.yaml`));
  const out = join(folder, name);
  const engine = createFakeEngine();
  const decisions: Decision[] = [];
  for await (const decision of generateAds({ campaign, gallery, engine, model, out, now: () => AT })) {
    decisions.push(decision);
  }
  return { decisions, out, opened: engine.decoded.filter((photo) => photo.includes("middle")).length };
}

const FACES = "faces: { lookalike: 0.4, random: 0.3, default: 0.2, band: { share: 0.1, distance: [0, 2] } }";

describe("a campaign with an experiment", () => {
  it("records arm, propensity and what would have been shown for every customer", async () => {
    const { decisions, out, opened } = await run(
      "full",
      `experiment: { name: autumn, holdout: 0.2, explore: 0.3, ${FACES} }`,
    );
    const held = decisions.filter(({ assignment }) => assignment?.holdout.arm === "holdout");
    expect(held.length).toBeGreaterThan(3);
    for (const { offer, photo, assignment } of held) {
      expect(offer).toMatchObject({ id: "none", basis: "holdout" });
      expect(photo).toBeNull();
      expect(assignment).toMatchObject({
        offer: null,
        face: null,
        holdout: { propensity: 0.2, eligible: true },
      });
      // Who is held out has an offer that would have been shown.
      expect(["apple", "samsung"]).toContain(assignment?.would_be.offer);
      expect(assignment?.would_be.photo).toBeNull();
    }
    const shown = decisions.filter(({ photo }) => photo !== null);
    expect(shown.length + held.length).toBe(CUSTOMERS);
    const explored = shown.filter(({ offer }) => offer.basis === "explore");
    expect(explored.length).toBeGreaterThan(3);
    expect(explored.some(({ offer, assignment }) => offer.id !== assignment?.would_be.offer)).toBe(true);
    for (const { offer, assignment } of shown) {
      const isBest = offer.id === assignment?.would_be.offer;
      expect(assignment?.offer?.offer_propensity).toBeCloseTo(isBest ? 0.85 : 0.15, 12);
    }
    // The face layer draws only for those for whom there is a look-alike, and names it in every arm.
    const withoutConsent = shown.filter(({ photo }) => photo?.reason === "no_consent");
    expect(withoutConsent.length).toBeGreaterThan(3);
    for (const { assignment } of withoutConsent) expect(assignment?.face).toBeNull();
    const drawn = shown.filter(({ assignment }) => assignment?.face != null);
    expect(drawn.length).toBe(shown.length - withoutConsent.length);
    expect(drawn.length).toBe(opened);
    const shares = { lookalike: 0.4, random: 0.3, default: 0.2, band: 0.1 };
    const bases = { lookalike: "lookalike", random: "drawn", default: "default", band: "drawn" };
    for (const { photo, assignment } of drawn) {
      const arm = assignment?.face?.arm as keyof typeof shares;
      expect(assignment?.face).toEqual({ arm, propensity: shares[arm], eligible: true });
      expect(photo?.basis).toBe(bases[arm]);
      expect(assignment?.would_be.photo).toMatch(/photos/);
      expect(assignment?.would_be.distance).toBeGreaterThan(0);
      if (arm === "lookalike") expect(photo?.path).toBe(assignment?.would_be.photo);
      if (arm === "default") expect(photo).toMatchObject({ reason: "drawn" });
    }
    expect(new Set(drawn.map(({ assignment }) => assignment?.face?.arm)).size).toBe(4);
    const { experiment } = await readManifest(out);
    expect(experiment).toMatchObject({ name: "autumn", salt: "autumn", holdout: 0.2, windowDays: 28 });
    expect(experiment?.faces).toHaveLength(4);
  });

  it("draws other customers under another salt and the same ones in another campaign of that salt", async () => {
    const heldOut = async (name: string, experiment: string) =>
      new Set(
        (await run(name, experiment)).decisions
          .filter(({ offer }) => offer.basis === "holdout")
          .map(({ customer_id }) => customer_id),
      );
    const first = await heldOut("first", "experiment: { name: first, salt: shared, holdout: 0.4 }");
    expect(await heldOut("second", "experiment: { name: second, salt: shared, holdout: 0.4 }")).toEqual(
      first,
    );
    expect(await heldOut("third", "experiment: { name: third, holdout: 0.4 }")).not.toEqual(first);
  });

  it("maps the holdout of the policy, and leaves the decisions of a plain campaign as they are", async () => {
    const { decisions } = await run("mapped", "", (text) =>
      text.replace("policy:", "policy:\n  holdout: 0.3"),
    );
    const held = decisions.filter(({ offer }) => offer.basis === "holdout");
    expect(held.length).toBeGreaterThan(5);
    expect(held[0]?.assignment).toMatchObject({ experiment: "Test", holdout: { propensity: 0.3 } });
    const plain = await run("plain", "");
    expect(plain.decisions.every((decision) => !("assignment" in decision))).toBe(true);
  });

  it("draws no offer over its budget", async () => {
    const { decisions } = await run("scarce", "experiment: { explore: 1, holdout: 0.1 }", (text) =>
      text.replace("margin: 100", "margin: 100\n    budget: 3"),
    );
    const shown = decisions.filter(({ offer }) => offer.id !== "none");
    expect(new Set(shown.map(({ offer }) => offer.id))).toEqual(new Set(["samsung"]));
  });
});

describe("words and templates that are drawn", () => {
  it("are shown, recorded with their propensities, and left alone where an offer has no such words", async () => {
    const { decisions, out } = await run(
      "creative",
      "experiment: { holdout: 0.1, copy: { plain: 0.5, question: 0.5 }, template: { panel: 0.5, card: 0.5 } }",
      (text) =>
        text.replace("id: samsung", "id: samsung\n    variants: { question: { headline: A new one? } }"),
    );
    const shown = decisions.filter(({ offer }) => offer.id !== "none");
    const asked = shown.filter(({ offer }) => offer.id === "samsung");
    expect(asked.length).toBeGreaterThan(5);
    for (const { copy, assignment } of asked) {
      expect(assignment?.copy).toMatchObject({ propensity: 0.5, eligible: true });
      expect(copy?.headline === "A new one?").toBe(assignment?.copy?.arm === "question");
    }
    expect(new Set(asked.map(({ assignment }) => assignment?.copy?.arm)).size).toBe(2);
    for (const { offer, assignment } of shown) {
      if (offer.id !== "samsung") expect(assignment).not.toHaveProperty("copy");
      expect(assignment?.template).toMatchObject({ propensity: 0.5 });
    }
    // One ad's photo and words in two templates are two files.
    const files = new Map<string, Set<string>>();
    for (const { copy, photo, creatives, assignment } of shown) {
      const key = `${JSON.stringify(copy)} ${photo?.path} ${assignment?.template?.arm}`;
      files.set(key, new Set([...(files.get(key) ?? []), creatives[0]?.file ?? ""]));
    }
    const all = [...files.values()].flatMap((own) => [...own]);
    expect(new Set(all).size).toBe(files.size);
    const { experiment } = await readManifest(out);
    expect(experiment?.copy).toEqual([
      { arm: "plain", share: 0.5 },
      { arm: "question", share: 0.5 },
    ]);
    expect(experiment?.template).toHaveLength(2);
  });
});

describe("the experiment section", () => {
  it.each([
    ["shares that do not sum to 1", "{ faces: { lookalike: 0.5, random: 0.4 } }", /shares that sum to 1/],
    ["no look-alikes", "{ faces: { random: 0.5, default: 0.5 } }", /a share above 0, to compare/],
    ["a fixed reading without an end", "{ reading: fixed }", /a date, which the reading fixed needs/],
    [
      "a band upside down",
      "{ faces: { lookalike: 0.5, band: { share: 0.5, distance: [0.9, 0.6] } } }",
      /lower one first/,
    ],
    ["words that no offer has", "{ copy: { plain: 0.5, bold: 0.5 } }", /a variant that an offer has/],
    ["a single template", "{ template: { panel: 1 } }", /two templates or more/],
    ["an unknown key", "{ hold_out: 0.1 }", /holdout/],
  ])("refuses %s", async (_, experiment, message) => {
    await expect(run("refused", `experiment: ${experiment}`)).rejects.toMatchObject({
      code: "ERR_CAMPAIGN_INVALID",
      message: expect.stringMatching(message),
    });
  });
});
