import { createAssigner } from "../../../src/campaign/deciding/assign.ts";
import type { CampaignOffer } from "../../../src/campaign/types.ts";
import { holdoutDesign } from "../../../src/experiments/index.ts";
import { type CustomerScore, chooseBest } from "../../../src/offers/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

const OFFERS = ["a", "b", "c", "d"];

/**
 * What an experiment costs per customer in `generate`, before any photo is looked at: choosing the best offer alone, as
 * without experiments, then the assigner without and with one.
 */
export function benchDeciding({ rows = 1_000_000 }: ExperimentBenchOptions): void {
  const offers = OFFERS.map(offerOf);
  const scores = Array.from({ length: 1000 }, (_, i) => scoreOf(i));
  const plain = { ...holdoutDesign("bench", { holdout: 0, seed: 1 }), pre: null, learn: null, policy: null };
  const full = {
    ...plain,
    holdout: 0.1,
    explore: 0.1,
    faces: [{ arm: "lookalike", share: 1, band: null } as const],
    copy: [
      { arm: "plain", share: 0.5 },
      { arm: "other", share: 0.5 },
    ],
    template: [
      { arm: "panel", share: 0.5 },
      { arm: "card", share: 0.5 },
    ],
  };
  const excluded = new Set<string>();
  const known = new Set(OFFERS);
  const without = createAssigner({ offers, experiment: plain }, null);
  const within = createAssigner({ offers, experiment: full }, null);
  const runs: readonly (readonly [
    name: string,
    decide: (score: CustomerScore, number: number) => unknown,
  ])[] = [
    ["best offer alone", (score) => chooseBest(score, (id) => known.has(id))],
    ["assigner without an experiment", (score, number) => without({ score, excluded, number, shares: null })],
    ["assigner with five layers", (score, number) => within({ score, excluded, number, shares: null })],
  ];
  process.stdout.write(`\n${rows} customers, four offers\n`);
  for (const [name, decide] of runs) {
    const measure = (count: number) => {
      for (let i = 0; i < count; i++) decide({ ...(scores[i % 1000] ?? scoreOf(i)), customerId: `c${i}` }, i);
    };
    measure(Math.ceil(rows / 20));
    const started = process.cpuUsage();
    measure(rows);
    const { user, system } = process.cpuUsage(started);
    process.stdout.write(`  ${name.padEnd(34)} ${((user + system) / 1e6).toFixed(2)} s of processor time\n`);
  }
}

function offerOf(id: string): CampaignOffer {
  const words = { headline: "h", body: "b", cta: "c", extras: {} };
  const rest = {
    price: null,
    budget: null,
    eligible: null,
    arm: id,
    photoTags: [],
    url: "https://a.example",
  };
  return { id, product: id, margin: 1, cost: 0, ...words, variants: { other: words }, ...rest };
}

function scoreOf(i: number): CustomerScore {
  return {
    customerId: `c${i}`,
    next: null,
    incumbent: null,
    best: "none",
    scores: OFFERS.map((offerId, k) => ({
      offerId,
      basis: "uplift",
      probabilityNone: 0.1,
      probabilityOffer: 0.1 + ((i * 7 + k * 13) % 10) / 100,
      uplift: ((i * 7 + k * 13) % 10) / 100,
      unit: "probability",
      isPersonal: true,
      lift: null,
      expectedValue: ((i * 7 + k * 13) % 10) / 100,
    })),
  };
}
