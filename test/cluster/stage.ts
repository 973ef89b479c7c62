import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenCampaign, openCampaign } from "../../src/campaign/index.ts";
import { openDatabase } from "../../src/io/duckdb/index.ts";
import { saveOfferModel } from "../../src/offers/index.ts";
import { AT, trainedModel, writeCampaignFolder } from "../campaign/fixture.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";

/** A campaign with a trained model, an indexed inventory and many customers, in a folder of its own. */
export interface Stage {
  readonly folder: string;
  readonly campaign: string;
  readonly data: string;
  open(): Promise<OpenCampaign>;
  /** Decisions of one machine, as bytes. */
  generate(out: string): Promise<void>;
  /** As it was when it was opened, or with a registry in PostgreSQL. */
  reset(database?: string): void;
  remove(): void;
}

export type Edits = readonly (readonly [string, string])[];

export const NOW = () => AT;

export interface StageOptions {
  readonly customers?: number;
  /** Replacements in the campaign's text. */
  readonly edits?: Edits;
  /** The customers as a Parquet file with a column of a finished feature of their calls. */
  readonly parquet?: boolean;
}

const COPY = "const [from, to] = process.argv.slice(1); fs.cpSync(from, to, { recursive: true })";

export async function openStage({
  customers = 40,
  edits = [],
  parquet = false,
}: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-cluster-"));
  const campaign = await writeCampaignFolder(folder);
  const plain = readFileSync(campaign, "utf8").replace("max_distance: 0.5", "max_distance: 2");
  const text = edited(`${plain}privacy: { folder: privacy, crm_consent: accept }\n`, edits);
  writeFileSync(campaign, text);
  writeFileSync(join(folder, "customers.csv"), customersFile(folder, customers));
  if (parquet) await toParquet(folder);
  const open = () => openCampaign(campaign, { engine: createFakeEngine() });
  const opened = await open();
  await opened.indexIfEmpty();
  await saveOfferModel(await trainedModel(opened.campaign), opened.campaign.inputs.model);
  await opened.close();
  const [privacy, start] = [join(folder, "privacy"), join(folder, "privacy-start")];
  // By another process: closing the copied files would release this process's locks on them.
  execFileSync(process.execPath, ["-e", COPY, privacy, start]);
  return {
    folder,
    campaign,
    data: join(folder, "shared"),
    open,
    async generate(out) {
      const own = await open();
      for await (const _ of await own.generate({ out: join(folder, out), now: NOW }));
      await own.close();
    },
    reset(database) {
      for (const name of [privacy, join(folder, "shared"), join(folder, "many")]) {
        rmSync(name, { recursive: true, force: true });
      }
      // The same registry, whose id is in a run's manifest.
      cpSync(start, privacy, { recursive: true });
      writeFileSync(campaign, text);
      if (database === undefined) return;
      const place = "privacy: { folder: privacy,";
      writeFileSync(campaign, edited(text, [[place, `${place} database: "${database}",`]]));
      rmSync(join(privacy, "consents.db"));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function toParquet(folder: string): Promise<void> {
  const files = [join(folder, "customers.csv"), join(folder, "customers.parquet")];
  const database = await openDatabase({ files });
  const [csv, parquet] = files;
  await database.run(
    `COPY (SELECT *, (age * 7) % 31 AS calls_per_month FROM read_csv('${csv}', all_varchar = false)) TO '${parquet}' (FORMAT parquet)`,
  );
  await database.close();
}

function edited(text: string, edits: Edits): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`no ${from} in the campaign`);
    return before.replace(from, to);
  }, text);
}

/** Most have a portrait of their own and consent; some have none, one id stands twice, and one is missing. */
function customersFile(folder: string, count: number): string {
  const rows = ["customer_id,age,photo,consent_biometric"];
  for (let i = 0; i < count; i++) {
    const photo = i % 5 === 4 ? "" : `portraits/p${i}.jpg`;
    const source = join(folder, "portraits", i % 2 === 0 ? "middle.jpg" : "right.jpg");
    if (photo !== "") copyFileSync(source, join(folder, photo));
    rows.push(`c${i},${18 + ((i * 7) % 60)},${photo},${i % 7 === 6 ? "" : "2026-01-01"}`);
  }
  rows.splice(10, 0, "c3,30,,", ",44,,");
  return `${rows.join("\n")}\n`;
}

/** What a run folder holds: the bytes of its decisions, its creatives, and what it says of itself, but for the time. */
export function contentsOf(folder: string) {
  const files = readdirSync(join(folder, "creatives"), { recursive: true, encoding: "utf8" }).sort();
  const { at: _, ...manifest } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
  return {
    decisions: readFileSync(join(folder, "decisions.jsonl"), "utf8"),
    creatives: files.filter((file) => /\.\w+$/.test(file)),
    manifest,
    proof: readFileSync(join(folder, "proof.html"), "utf8").replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, "TIME"),
  };
}
