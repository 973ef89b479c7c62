import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Campaign,
  type GenerateOptions,
  type GenerateReport,
  generateAds,
  loadCampaign,
} from "../../src/campaign/index.ts";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import type { Decision } from "../../src/handover/index.ts";
import type { OfferModel } from "../../src/offers/index.ts";
import { type AuditLog, openAudit } from "../../src/trust/audit/log.ts";
import { type ConsentRegistry, openConsents } from "../../src/trust/index.ts";
import type { Vault } from "../../src/trust/vault.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { AT, trainedModel, writeCampaignFolder } from "./fixture.ts";

/** A campaign's folder with a trained model and an indexed inventory, in which worlds of customers are made. */
export interface Stage {
  readonly folder: string;
  readonly gallery: Gallery;
  readonly model: OfferModel;
  /** Worlds add what they have open; it is closed with the stage, so that tests can share a world. */
  readonly open: (() => void)[];
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-privacy-"));
  const campaign = await loadCampaign(await writeCampaignFolder(folder));
  const gallery = await openGallery(campaign.inputs.gallery);
  await gallery.index(campaign.inputs.inventory, createFakeEngine());
  const model = await trainedModel(campaign);
  const open: (() => void)[] = [];
  return {
    folder,
    gallery,
    model,
    open,
    async close() {
      for (const end of open.splice(0)) end();
      await gallery.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface World {
  readonly campaign: Campaign;
  readonly consents: ConsentRegistry;
  readonly audit: AuditLog;
  readonly out: string;
  /** Runs the campaign; `onDecode` is told of each photo while it is being described. */
  run(settings?: Partial<GenerateOptions> & { onDecode?: (photo: string) => void }): Promise<Run>;
}

export interface Run {
  readonly reasonOf: (id: string) => string | undefined;
  readonly decisions: readonly Decision[];
  readonly report: GenerateReport;
  /** Names of the customers' portraits that were decoded. */
  readonly opened: readonly string[];
}

/** The campaign with a privacy section, in which dates of consent count, and these customers (id, age, country). */
export async function createWorld(
  { folder, gallery, model, open }: Stage,
  name: string,
  privacy: string,
  customers: readonly (readonly [id: string, age: string, country: string])[],
  vault: Vault | null = null,
): Promise<World> {
  const rules = /^crm_consent|^jurisdiction_column/.test(privacy)
    ? privacy
    : `crm_consent: accept, ${privacy}`;
  const text = readFileSync(join(folder, "campaign.yaml"), "utf8")
    .replace("max_distance: 0.5", "max_distance: 2")
    .replace("customers.csv", `${name}.csv`);
  writeFileSync(join(folder, `${name}.yaml`), `${text}privacy: { folder: ${name}, ${rules} }\n`);
  const rows = customers.map(
    ([id, age, country], i) => `${id},${age},${country},portraits/${name}-${i}.jpg,2026-01-01`,
  );
  const portrait = readFileSync(join(folder, "portraits/middle.jpg"));
  customers.forEach((_, i) => {
    writeFileSync(join(folder, `portraits/${name}-${i}.jpg`), portrait);
  });
  writeFileSync(
    join(folder, `${name}.csv`),
    `customer_id,age,country,photo,consent_biometric\n${rows.join("\n")}\n`,
  );
  const campaign = await loadCampaign(join(folder, `${name}.yaml`));
  const consents = await openConsents(join(folder, name, "consents.db"), { vault });
  const audit = openAudit(join(folder, name, "audit.db"), { actor: "test", vault });
  open.push(() => {
    consents.close();
    audit.close();
  });
  const out = join(folder, name, "out");
  return {
    campaign,
    consents,
    audit,
    out,
    async run({ onDecode = () => {}, ...settings } = {}) {
      const engine = createFakeEngine({ onDecode });
      const run = generateAds({
        campaign,
        gallery,
        engine,
        model,
        out,
        now: () => AT,
        consents,
        audit,
        vault,
        ...settings,
      });
      const decisions: Decision[] = [];
      for await (const decision of run) decisions.push(decision);
      const opened = engine.decoded.filter((photo) => photo.includes("portraits"));
      return {
        decisions,
        report: run.report,
        opened: opened.map((photo) => photo.replace(/.*-(\d+)\.jpg$/, "$1")),
        reasonOf: (id) => decisions.find((decision) => decision.customer_id === id)?.photo?.reason,
      };
    },
  };
}
