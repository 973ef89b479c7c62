import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom, type Random } from "../../src/core/index.ts";
import {
  assignCreative,
  assignFace,
  assignHoldout,
  assignOffer,
  type ExperimentDesign,
  holdoutDesign,
} from "../../src/experiments/index.ts";
import type { Decision, RunManifest } from "../../src/handover/index.ts";

/** Runs and outcomes of an invented campaign whose truth is known. */

/** Half of the customers see the look-alike, half a random face. */
export const TWO_FACES = [
  { arm: "lookalike", share: 0.5, band: null },
  { arm: "random", share: 0.5, band: null },
] as const;

/** The same beside a holdout of 20 %, with a window of a week. */
export const FACE_TRIAL: ExperimentDesign = {
  ...holdoutDesign("autumn", { holdout: 0.2, seed: 1 }),
  windowDays: 7,
  faces: TWO_FACES,
};

export interface Truth {
  /** P(buy) of a customer who is shown nothing. */
  readonly base: number;
  /** What an ad adds. */
  readonly ad: number;
  /** What the look-alike adds to it, beyond any other photo. */
  readonly lookalike: number;
  /** What the words of the arm `question` add. */
  readonly question?: number;
}

export interface RunSpec {
  readonly out: string;
  readonly design: ExperimentDesign;
  readonly at: Date;
  /** Number of the first customer. */
  readonly from: number;
  readonly customers: number;
  /** The design with the shares of customer `i`; default: `design` for everyone. */
  readonly designOf?: ((i: number) => ExperimentDesign) | undefined;
  /** Changes a decision before it is written; null leaves it out. */
  readonly change?: (decision: Decision, index: number) => Decision | null;
}

export interface SimulatedDecision {
  readonly decision: Decision;
  readonly at: Date;
}

/** Writes a run as `generate` leaves it; every second customer has a look-alike. */
export function writeRun({
  out,
  design,
  at,
  from,
  customers,
  designOf = () => design,
  change = (own) => own,
}: RunSpec): SimulatedDecision[] {
  const decided = Array.from({ length: customers }, (_, i) => decide(designOf(from + i), from + i));
  const decisions = decided.flatMap((own, i) => {
    const changed = change(own, i);
    return changed === null ? [] : [changed];
  });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "decisions.jsonl"), decisions.map((own) => `${JSON.stringify(own)}\n`).join(""));
  writeFileSync(join(out, "run.json"), JSON.stringify(manifestOf(design, at, decisions.length)));
  return decisions.map((decision) => ({ decision, at }));
}

function decide(design: ExperimentDesign, i: number): Decision {
  const id = `k${i}`;
  const best = i % 3 === 0 ? "b" : "a";
  const holdout = assignHoldout(design, id);
  const isHeld = holdout.arm === "holdout";
  const offer = isHeld ? null : assignOffer(design, id, { best, explorable: ["a", "b"] });
  const assigned = isHeld || i % 2 === 1 ? null : assignFace(design, id);
  const distance = 0.5 + ((i * 37) % 300) / 1000;
  const arm = (own: { arm: string; propensity: number; eligible: boolean }) => {
    const { arm: name, propensity, eligible } = own;
    return { arm: name, propensity, eligible };
  };
  const uplift = 0.02;
  return {
    customer_id: id,
    offer: {
      id: offer?.offerId ?? "none",
      basis: isHeld ? "holdout" : "uplift",
      uplift,
      lift: null,
      expected_value: 1,
    },
    photo: null,
    copy: null,
    creatives: [],
    models: {},
    assignment: {
      experiment: design.name,
      holdout: arm(holdout),
      offer: offer && { ...arm(offer), offer_propensity: offer.offerPropensity },
      face: assigned && arm(assigned),
      ...creativeOf(design, id, isHeld),
      would_be: {
        offer: best,
        uplift,
        explorable: 2,
        photo: assigned && "x.jpg",
        distance: assigned && distance,
        resemblance: null,
      },
    },
  };
}

function questionOf({ assignment }: Decision, { question = 0 }: Truth): number {
  return assignment?.copy?.arm === "question" ? question : 0;
}

function creativeOf(design: ExperimentDesign, id: string, isHeld: boolean) {
  const drawn = (["copy", "template"] as const).flatMap((layer) => {
    const own = isHeld ? null : assignCreative(layer, design, id);
    return own === null ? [] : [[layer, own] as const];
  });
  return Object.fromEntries(drawn);
}

/** A row for each purchase; with `zeros` also for who did not buy. */
export function outcomesOf(
  decided: readonly SimulatedDecision[],
  truth: Truth,
  { seed = 1, days = 7, zeros = false }: { seed?: number; days?: number; zeros?: boolean } = {},
): string[][] {
  const random = createRandom(seed);
  return decided.flatMap(({ decision, at }) => {
    const { assignment } = decision;
    const isShown = assignment?.holdout.arm !== "holdout";
    const isAlike = assignment?.face?.arm === "lookalike";
    const chance =
      truth.base + (isShown ? truth.ad : 0) + (isAlike ? truth.lookalike : 0) + questionOf(decision, truth);
    return purchase(decision.customer_id, at, { chance, random, days, zeros });
  });
}

function purchase(
  id: string,
  at: Date,
  { chance, random, days, zeros }: { chance: number; random: Random; days: number; zeros: boolean },
): string[][] {
  const [u, delay, amount] = [random(), random(), random()];
  if (u >= chance) return zeros ? [[id, "", "0", "0"]] : [];
  const time = new Date(at.getTime() + delay * days * 86_400_000 * 0.99);
  return [[id, time.toISOString(), "1", (20 + 60 * amount).toFixed(2)]];
}

export function writeOutcomes(path: string, rows: readonly (readonly string[])[], header = HEADER): void {
  writeFileSync(path, `${[header, ...rows].map((row) => row.join(",")).join("\n")}\n`);
}

const HEADER = ["customer_id", "at", "converted", "value"];

function manifestOf(design: ExperimentDesign, at: Date, read: number): RunManifest {
  const { end, faces, ...rest } = design;
  return {
    version: 1,
    campaign: "Autumn",
    currency: "EUR",
    brand: { name: "Lumo", colors: { primary: "#000", ink: "#000", paper: "#fff" } },
    at: at.toISOString(),
    consents: null,
    channels: [],
    offers: [],
    policy: { minDistance: 0, maxDistance: 0.8, holdout: design.holdout },
    experiment: {
      ...rest,
      end: end?.toISOString() ?? null,
      faces: faces?.map(({ arm, share, band }) => ({ arm, share, band: band && [...band] })) ?? null,
    },
    rows: { read, refused: 0 },
    unjudgedOffers: [],
    warnings: [],
  };
}
