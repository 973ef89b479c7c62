import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Box,
  type Campaign,
  type Decision,
  type FaceEngine,
  loadCampaign,
  openGallery,
  readDecisions,
} from "lookalike-ads";

/** What the contact sheet tells, before anything is drawn. */
export interface Story {
  readonly campaign: Campaign;
  /** Folder that the creatives' paths are relative to. */
  readonly ads: string;
  readonly seconds: number;
  readonly totals: {
    readonly customers: number;
    readonly lookalikes: number;
    readonly heldOut: number;
    readonly distinctAds: number;
    /** By offer and by reason, most first. */
    readonly offers: readonly (readonly [string, number])[];
    readonly reasons: readonly (readonly [string, number])[];
  };
  readonly matched: readonly Scene[];
  readonly others: readonly Scene[];
  /** Every distinct ad with the number of customers who see it, most first. */
  readonly distinct: readonly { readonly decision: Decision; readonly customers: number }[];
}

/** One customer on the sheet. */
export interface Scene {
  readonly decision: Decision;
  /** What the CRM says of the customer, in a few words. */
  readonly facts: string;
  /** Path of the portrait; null where it stayed closed. */
  readonly portrait: string | null;
  readonly photo: {
    readonly path: string;
    readonly width: number;
    readonly height: number;
    /** The face that resembles the customer's; null on the default photo. */
    readonly face: Box | null;
  } | null;
}

interface StoryInput {
  readonly out: string;
  /** Customers to show one by one. */
  readonly cast: readonly string[];
  readonly engine: FaceEngine;
  readonly startedAt: number;
}

const CLOSED = new Set(["no_consent", "consent_expired", "consent_in_future", "no_photo"]);

export async function readStory({ out, cast, engine, startedAt }: StoryInput): Promise<Story> {
  const campaign = await loadCampaign(join(out, "campaign.yaml"));
  const decisions: Decision[] = [];
  for await (const decision of readDecisions(join(out, "ads", "decisions.jsonl"))) decisions.push(decision);
  const customers = await readCustomers(join(out, "customers.csv"));
  const findFace = await openFaceFinder(campaign, engine);
  const scenes: Scene[] = [];
  for (const id of cast) {
    const decision = decisions.find((entry) => entry.customer_id === id);
    const row = customers.get(id);
    if (decision === undefined || row === undefined) continue;
    const isClosed = decision.photo === null || CLOSED.has(decision.photo.reason);
    const portrait = isClosed ? null : join(out, row.photo ?? "");
    const photo = decision.photo === null ? null : await findFace.of(decision.photo, portrait);
    scenes.push({ decision, facts: factsOf(row), portrait, photo });
  }
  await findFace.close();
  const matched = scenes.filter(({ decision }) => decision.photo?.basis === "lookalike");
  return {
    campaign,
    ads: join(out, "ads"),
    seconds: (performance.now() - startedAt) / 1000,
    totals: totalsOf(decisions),
    matched: matched.toSorted((a, b) => distanceOf(a) - distanceOf(b)),
    others: scenes.filter((scene) => !matched.includes(scene)),
    distinct: distinctAds(decisions),
  };
}

function distanceOf({ decision }: Scene): number {
  return decision.photo?.distance ?? Number.POSITIVE_INFINITY;
}

function totalsOf(decisions: readonly Decision[]): Story["totals"] {
  const defaults = decisions.flatMap(({ photo }) => (photo?.basis === "default" ? [photo.reason] : []));
  return {
    customers: decisions.length,
    lookalikes: decisions.filter(({ photo }) => photo?.basis === "lookalike").length,
    heldOut: decisions.filter(({ offer }) => offer.basis === "holdout").length,
    distinctAds: distinctAds(decisions).length,
    offers: count(decisions.map(({ offer }) => (offer.basis === "holdout" ? "held out" : offer.id))),
    reasons: count(defaults),
  };
}

function distinctAds(decisions: readonly Decision[]): Story["distinct"] {
  const byFile = new Map<string, { decision: Decision; customers: number }>();
  for (const decision of decisions) {
    const file = decision.creatives[0]?.file;
    if (file === undefined) continue;
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, { decision, customers: 1 });
    else known.customers++;
  }
  return [...byFile.values()].sort((a, b) => b.customers - a.customers);
}

function count(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** The demo's own CSV has no quoted fields. */
async function readCustomers(path: string): Promise<Map<string, Record<string, string>>> {
  const [header = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  const names = header.split(",");
  const rows = lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]));
  });
  return new Map(rows.map((row) => [row.customer_id ?? "", row]));
}

function factsOf(row: Record<string, string>): string {
  return `${row.age} years, ${row.residence}, uses ${row.current_manufacturer}`;
}

/** Of distances. */
const ROUNDING = 1e-4;

/** Finds again which face of a photo the customer's was matched with, by its distance: decisions do not keep it. */
async function openFaceFinder(campaign: Campaign, engine: FaceEngine) {
  const gallery = await openGallery(campaign.inputs.gallery);
  return {
    async of(
      { path, distance }: NonNullable<Decision["photo"]>,
      portrait: string | null,
    ): Promise<Scene["photo"]> {
      const photo = await gallery.photo(path);
      const { width, height } = photo ?? (await engine.describe(path));
      if (photo === null || portrait === null || distance === null)
        return { path, width, height, face: null };
      const [face] = (await engine.describe(portrait)).faces;
      const near = { minDistance: distance - ROUNDING, maxDistance: distance + ROUNDING };
      const matches = face === undefined ? [] : await gallery.match(face, { top: 100, ...near });
      const match = matches.find((found) => found.photo.path === path);
      return { path, width, height, face: match?.box ?? null };
    },
    close: () => gallery.close(),
  };
}
