import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { campaignSources, loadCampaign } from "../../src/campaign/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { openCustomers } from "../../src/customers/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { encodeImage } from "../../src/io/image/index.ts";
import { emptyLog, openSqlite } from "../../src/io/sqlite/index.ts";
import { saveOfferModel, trainOffers } from "../../src/offers/index.ts";
import { openAudit } from "../../src/trust/audit/log.ts";
import { openConsents } from "../../src/trust/index.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";
import { blocks, writePhoto } from "../../test/gallery/fixtures.ts";

import { addFaces } from "./many-faces.ts";

/**
 * A small campaign that every scenario starts from: photos, customers with portraits and consents, a trained model, a
 * gallery and a finished run. It is made once and copied back before each disturbance.
 */
export const AT = new Date("2026-11-21T12:00:00Z");
export const ERASED = "person-3";
export const CUSTOMERS = 24;
const PHOTOS = 12;

export interface Scene {
  /** Where everything happens; paths in the gallery are absolute, so it is always the same place. */
  readonly work: string;
  /** The untouched copy. */
  readonly base: string;
}

export async function buildScene(home: string, { faces = 0 } = {}): Promise<Scene> {
  const scene = { work: join(home, "work"), base: join(home, "base") };
  mkdirSync(join(scene.work, "photos"), { recursive: true });
  mkdirSync(join(scene.work, "portraits"));
  await writeInputs(scene.work);
  const { work } = scene;
  await train(work);
  await index(work);
  const consents = await openConsents(join(work, "privacy/consents.db"));
  for (let i = 0; i < CUSTOMERS; i++) {
    consents.record({
      customerId: `person-${i}`,
      purpose: "face_matching",
      notice: "v1",
      givenAt: new Date("2026-01-01"),
      method: "written",
      expiresAt: i % 3 === 0 ? new Date("2026-06-01") : null,
      jurisdiction: "NL",
    });
  }
  consents.close();
  openAudit(join(work, "privacy/audit.db"), { actor: "chaos" }).close();
  await import("./operations.ts").then(({ OPERATIONS }) => OPERATIONS.generate(work));
  if (faces > 0) addFaces(work, faces);
  emptyLogs(work);
  cpSync(work, scene.base, { recursive: true, preserveTimestamps: true });
  return scene;
}

/** Leaves everything in the databases themselves, as after a clean end: else the logs would mend what is cut. */
function emptyLogs(work: string): void {
  const names = {
    what: "a file",
    corrupt: "ERR_STORE_CORRUPT",
    busy: "ERR_STORE_BUSY",
    corruptHint: "",
  } as const;
  for (const file of ["gallery/gallery.db", "privacy/consents.db", "privacy/audit.db"]) {
    const database = openSqlite(join(work, file), { names });
    emptyLog(database, join(work, file), names);
    database.close();
  }
}

/** Puts the untouched copy back. */
export function restore({ work, base }: Scene): void {
  rmSync(work, { recursive: true, force: true });
  cpSync(base, work, { recursive: true, preserveTimestamps: true });
}

/** The same for one folder of it. */
export function restoreFolder({ work, base }: Scene, folder: string): void {
  rmSync(join(work, folder), { recursive: true, force: true });
  cpSync(join(base, folder), join(work, folder), { recursive: true, preserveTimestamps: true });
}

async function writeInputs(work: string): Promise<void> {
  for (let i = 0; i < PHOTOS; i++) await writePhoto(join(work, `photos/photo-${i}.png`), blocks(i, 200, 240));
  for (let i = 0; i < CUSTOMERS; i++)
    await writePhoto(join(work, `portraits/${i}.png`), blocks(100 + i, 80, 80));
  const plain = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3).fill(120) };
  writeFileSync(join(work, "default.jpg"), await encodeImage(plain, { format: "jpeg" }));
  const rows = Array.from({ length: CUSTOMERS }, (_, i) => `person-${i},${18 + 3 * i},portraits/${i}.png`);
  writeFileSync(join(work, "customers.csv"), `customer_id,age,photo\n${rows.join("\n")}\n`);
  const random = createRandom(5);
  const log = Array.from({ length: 600 }, (_, i) => {
    const arm = ["none", "apple"][i % 2];
    return `x${i},${arm},${random() < (arm === "apple" ? 0.5 : 0.1) ? 1 : 0},${18 + (Math.floor(i / 2) % 60)}`;
  });
  writeFileSync(join(work, "experiment.csv"), `customer_id,offer_id,converted,age\n${log.join("\n")}\n`);
  writeFileSync(join(work, "campaign.yaml"), CAMPAIGN);
}

export async function train(work: string): Promise<void> {
  const campaign = await loadCampaign(join(work, "campaign.yaml"));
  const customers = await openCustomers(campaignSources(campaign));
  try {
    const experiment = await customers.experiment();
    const { model } = await trainOffers({ experiment, offers: campaign.offers }, { createdAt: AT });
    await saveOfferModel(model, campaign.inputs.model);
  } finally {
    await customers.close();
  }
}

export async function index(work: string): Promise<void> {
  const gallery = await openGallery(join(work, "gallery"), { hnswFromFaces: 2 });
  try {
    await gallery.index([join(work, "photos")], createFakeEngine());
  } finally {
    await gallery.close();
  }
}

const CAMPAIGN = `name: Chaos
brand: { name: Lumo }
inputs:
  customers: { path: customers.csv }
  experiment: { path: experiment.csv }
offers:
  - { id: apple, product: Apple, headline: "Shine on at {age|any age}", body: The newest one., cta: See it, url: "https://lumo.example/apple", margin: 100 }
channels:
  - { id: tiny, width: 200, height: 200, format: jpeg, max_bytes: 150000 }
photos: { default: default.jpg }
policy: { similarity: { max_distance: 2 } }
privacy: { retention: { consents: 30, creatives: 1, decisions: 400 } }
`;
