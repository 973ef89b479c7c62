import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createFaceEngine } from "lookalike-ads";
import type { Decision } from "../../../src/handover/index.ts";
import { cutPortraits, fillInventory } from "../../demo/people.ts";
import { writeWorld } from "../../demo/world.ts";

/** A finished run of many customers, made by the command line as a user makes it. */
export interface BenchWorld {
  readonly campaign: string;
  readonly out: string;
  readonly privacy: string;
  /** Customers of the run who are shown a look-alike, and what each customer must be answered. */
  readonly lookalikes: readonly string[];
  readonly ids: readonly string[];
  readonly shaOf: ReadonlyMap<string, string>;
}

const ROOT = resolve(import.meta.dirname, "../../..");
export const CLI = join(ROOT, "dist/cli/main.js");

export async function lookalike(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { maxBuffer: 1 << 28 });
  return stdout;
}

/**
 * The demo's telco: ads are decided and drawn for some of its subscribers, and their decisions repeated under other ids.
 *
 * @param customers of the run
 */
export async function makeWorld(folder: string, customers: number): Promise<BenchWorld> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await fillInventory(join(folder, "photos"));
  const engine = await createFaceEngine();
  const portraits = await cutPortraits(engine, join(folder, "portraits"));
  await engine.close();
  const cast = await writeWorld(folder, portraits);
  const { campaign, out } = placesIn(folder);
  const text = (await readFile(campaign, "utf8"))
    .replace("../inventory/photos", "photos")
    .replace("max_distance: 0.65", "max_distance: 1.2")
    .replace("[square-1080, rectangle-300x250]", "[rectangle-300x250]")
    .replace("holdout: 0.05", "holdout: 0");
  await writeFile(campaign, `${text}\nprivacy: { folder: privacy, crm_consent: accept }\n`);
  await lookalike("index", join(folder, "photos"), "--gallery", join(folder, "gallery"));
  await lookalike("train", "--campaign", campaign);
  await lookalike("generate", "--campaign", campaign, "--out", out, "--customer", ...cast);
  await repeatDecisions(out, customers);
  const world = await findWorld(folder);
  if (world === null) throw new Error("the run has no decisions");
  return world;
}

/** The world that an earlier call has left in a folder; null: none. */
export async function findWorld(folder: string): Promise<BenchWorld | null> {
  const out = join(folder, "ads");
  const text = await readFile(join(out, "decisions.jsonl"), "utf8").catch(() => null);
  if (text === null) return null;
  const decisions = text
    .trim()
    .split("\n")
    .map((line): Decision => JSON.parse(line));
  return { ...placesIn(folder), ...customersOf(decisions) };
}

function placesIn(folder: string) {
  return {
    campaign: join(folder, "campaign.yaml"),
    out: join(folder, "ads"),
    privacy: join(folder, "privacy"),
  };
}

/** Those who are shown something. */
function customersOf(decisions: Iterable<Decision>) {
  const [ids, lookalikes, shaOf] = [[] as string[], [] as string[], new Map<string, string>()];
  for (const { customer_id: id, photo, copy, creatives } of decisions) {
    if (copy === null) continue;
    ids.push(id);
    shaOf.set(id, creatives[0]?.sha256 ?? "");
    if (photo?.basis === "lookalike") lookalikes.push(id);
  }
  return { ids, lookalikes, shaOf };
}

/** Adds copies of the decisions with an ad under other ids. */
async function repeatDecisions(out: string, customers: number): Promise<void> {
  const file = join(out, "decisions.jsonl");
  const made = (await readFile(file, "utf8")).trim().split("\n");
  const decisions = made.map((line): Decision => JSON.parse(line)).filter(({ copy }) => copy !== null);
  const lines: string[] = [];
  for (let i = decisions.length; i < customers; i++) {
    const decision = decisions[i % decisions.length];
    if (decision === undefined) throw new RangeError("the run has no ads");
    lines.push(JSON.stringify({ ...decision, customer_id: `copy-${i}` }));
    if (lines.length === 10_000) await appendFile(file, `${lines.splice(0).join("\n")}\n`);
  }
  if (lines.length > 0) await appendFile(file, `${lines.join("\n")}\n`);
}
