import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cell, createRandom, type Random } from "../../src/core/index.ts";
import {
  assignFace,
  assignHoldout,
  type ExperimentDesign,
  holdoutDesign,
  type LayerArm,
  readResults,
  resultsPage,
} from "../../src/experiments/index.ts";
import { type Decision, openJournal, type RunManifest, writeManifest } from "../../src/handover/index.ts";
import { OFFERS } from "../simulate/campaign.ts";
import { simulateTelco } from "../simulate/telco.ts";

/**
 * The proof at the end of the demo: the simulated telco's subscribers enter a campaign in four weekly waves, are drawn
 * into its arms by the product's own assignment, and buy as the simulation says, look-alikes with an effect that is
 * known. No face is computed for them: who has a look-alike is drawn as well.
 */
const CUSTOMERS = 24_000;
const WEEKS = 4;
const WEEK_MS = 7 * 86_400_000;
const START = new Date("2026-04-06T08:00:00Z");
/** What the look-alike adds to the chance of a purchase. */
const LOOKALIKE_EFFECT = 0.03;
const MATCHABLE = 0.5;

const DESIGN: ExperimentDesign = {
  ...holdoutDesign("lumo-spring", { holdout: 0.2, seed: 7 }),
  salt: "lumo-spring",
  windowDays: 7,
  faces: [
    { arm: "lookalike", share: 0.5, band: null },
    { arm: "random", share: 0.5, band: null },
  ],
};

export interface Proof {
  /** Folders of the weekly runs. */
  readonly runs: readonly string[];
  readonly outcomes: string;
  /** Moments at which a week's windows are over. */
  readonly looks: readonly Date[];
  readonly planned: number;
  /** True differences by question and metric. */
  readonly truth: ReadonlyMap<string, number>;
}

interface Subscriber {
  readonly id: string;
  readonly none: number;
  readonly offer: string;
  readonly uplift: number;
  /** Of the look-alike; null: there is none. */
  readonly distance: number | null;
}

export async function writeProof(folder: string): Promise<Proof> {
  const random = createRandom(11);
  const subscribers = simulate(random);
  const rows: string[] = ["customer_id,at,converted,value"];
  const runs: string[] = [];
  for (let week = 0; week < WEEKS; week++) {
    const at = new Date(START.getTime() + week * WEEK_MS);
    const own = subscribers.slice((week * CUSTOMERS) / WEEKS, ((week + 1) * CUSTOMERS) / WEEKS);
    const out = join(folder, `week-${week + 1}`);
    const decisions = own.map(decide);
    await writeRun(out, decisions, at);
    for (const [i, decision] of decisions.entries()) {
      const subscriber = own[i];
      if (subscriber !== undefined) rows.push(...purchaseOf(subscriber, decision, { at, random }));
    }
    runs.push(out);
  }
  const outcomes = join(folder, "outcomes.csv");
  await writeFile(outcomes, `${rows.join("\n")}\n`);
  return {
    runs,
    outcomes,
    looks: runs.map((_, week) => new Date(START.getTime() + (week + 1) * WEEK_MS)),
    planned: CUSTOMERS,
    truth: truthOf(subscribers),
  };
}

/** The page of the last look, with the truth beside it. */
export async function proofPage({ runs, outcomes, looks, planned, truth }: Proof): Promise<string> {
  const at = looks.at(-1) ?? START;
  const results = await readResults({ runs, outcomes, at, planned, bayes: true });
  const head = {
    title: "Do look-alikes sell more?",
    subtitle: `A simulated telco with ${CUSTOMERS.toLocaleString("en")} customers in four weekly waves; the truth is known and shown beside what the experiment found`,
    createdAt: at.toISOString(),
  };
  return resultsPage(head, results, { truth });
}

function simulate(random: Random): Subscriber[] {
  const { crm, truth } = simulateTelco({ customers: CUSTOMERS, callsPerMonth: 0.1, seed: 5 });
  const number = (table: typeof truth, name: string, row: number) => {
    const column = table.columns.get(name);
    return column === undefined ? 0 : Number(cell(column, row));
  };
  const ids = crm.columns.get("customer_id");
  return Array.from({ length: crm.rows }, (_, row) => {
    const effects = OFFERS.map((offer) => number(truth, `uplift_${offer}`, row));
    const uplift = Math.max(...effects);
    return {
      id: String(ids === undefined ? row : cell(ids, row)),
      none: number(truth, "probability_none", row),
      offer: OFFERS[effects.indexOf(uplift)] ?? "none",
      uplift,
      distance: random() < MATCHABLE ? 0.5 + 0.25 * random() : null,
    };
  });
}

function decide({ id, offer, uplift, distance }: Subscriber): Decision {
  const holdout = assignHoldout(DESIGN, id);
  const isHeld = holdout.arm === "holdout";
  const face = isHeld || distance === null ? null : assignFace(DESIGN, id);
  const basis = isHeld ? "holdout" : "uplift";
  return {
    customer_id: id,
    offer: { id: isHeld ? "none" : offer, basis, uplift, lift: null, expected_value: null },
    photo: null,
    copy: null,
    creatives: [],
    models: { simulation: "lumo-spring" },
    assignment: {
      experiment: DESIGN.name,
      holdout: record(holdout),
      offer: isHeld ? null : { arm: "best", propensity: 1, eligible: false, offer_propensity: 1 },
      face: face && record(face),
      would_be: {
        offer,
        uplift,
        explorable: 0,
        photo: null,
        distance: face === null ? null : distance,
        resemblance: null,
      },
    },
  };
}

function record({ arm, propensity, eligible }: LayerArm): LayerArm {
  return { arm, propensity, eligible };
}

function purchaseOf(
  { id, none, uplift }: Subscriber,
  { assignment }: Decision,
  { at, random }: { readonly at: Date; readonly random: Random },
): string[] {
  const isShown = assignment?.holdout.arm !== "holdout";
  const isAlike = assignment?.face?.arm === "lookalike";
  const chance = none + (isShown ? uplift : 0) + (isAlike ? LOOKALIKE_EFFECT : 0);
  const [u, delay, amount] = [random(), random(), random()];
  if (u >= chance) return [];
  const time = new Date(at.getTime() + 0.99 * delay * WEEK_MS).toISOString();
  return [`${id},${time},1,${(40 + 160 * amount).toFixed(2)}`];
}

function truthOf(subscribers: readonly Subscriber[]): Map<string, number> {
  const shown = subscribers.map(
    ({ uplift, distance }) => uplift + (distance === null ? 0 : LOOKALIKE_EFFECT / 2),
  );
  return new Map([
    ["lookalike_random converted", LOOKALIKE_EFFECT],
    ["programme converted", shown.reduce((sum, effect) => sum + effect, 0) / shown.length],
  ]);
}

async function writeRun(out: string, decisions: readonly Decision[], at: Date): Promise<void> {
  await mkdir(out, { recursive: true });
  const journal = await openJournal({ out: out, fingerprint: "demo" });
  for (const decision of decisions) await journal.append(decision);
  await journal.finish();
  await writeManifest(out, manifestOf(at, decisions.length));
}

function manifestOf(at: Date, read: number): RunManifest {
  const { end, faces, ...design } = DESIGN;
  return {
    version: 1,
    campaign: "Lumo spring handsets",
    currency: "EUR",
    brand: { name: "Lumo", colors: { primary: "#5b2be0", ink: "#16102a", paper: "#ffffff" } },
    at: at.toISOString(),
    consents: null,
    channels: [],
    offers: [],
    policy: { minDistance: 0, maxDistance: 0.65, holdout: DESIGN.holdout },
    experiment: {
      ...design,
      end: end?.toISOString() ?? null,
      faces: faces?.map(({ arm, share }) => ({ arm, share, band: null })) ?? null,
    },
    rows: { read, refused: 0 },
    unjudgedOffers: [],
    warnings: [],
  };
}
