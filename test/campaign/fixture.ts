import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Campaign, campaignSources } from "../../src/campaign/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { openCustomers } from "../../src/customers/index.ts";
import { cropImage, decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { type OfferModel, trainOffers } from "../../src/offers/index.ts";

const SAMPLES = resolve(import.meta.dirname, "../../node_modules/@vladmandic/face-api/demo");

/** Where the people of sample 3 have their heads, px. The one in the middle is in sample 1 too, the others are not. */
const HEADS = {
  middle: { x: 960, y: 110, width: 440, height: 440 },
  right: { x: 1390, y: 170, width: 400, height: 400 },
};

/**
 * A whole campaign in a folder: two inventory photos, a past campaign in which the old buy from `apple` and the young
 * from `samsung`, and a customer for every way in which a portrait may turn out.
 */
export async function writeCampaignFolder(folder: string): Promise<string> {
  mkdirSync(join(folder, "photos"), { recursive: true });
  mkdirSync(join(folder, "portraits"));
  copyFileSync(join(SAMPLES, "sample1.jpg"), join(folder, "photos", "bar.jpg"));
  copyFileSync(join(SAMPLES, "sample6.jpg"), join(folder, "photos", "window.jpg"));
  copyFileSync(join(SAMPLES, "sample1.jpg"), join(folder, "portraits", "own.jpg"));
  writeFileSync(join(folder, "portraits", "broken.jpg"), "no photo");
  drawn ??= drawPictures();
  const { plain, empty, portraits } = await drawn;
  writeFileSync(join(folder, "default.jpg"), empty);
  writeFileSync(join(folder, "portraits", "plain.jpg"), plain);
  for (const [name, portrait] of portraits) writeFileSync(join(folder, "portraits", `${name}.jpg`), portrait);
  writeFileSync(join(folder, "customers.csv"), `${CUSTOMERS.map((row) => row.join(",")).join("\n")}\n`);
  writeFileSync(join(folder, "photos.csv"), "photo,credit\nbar.jpg,Ann Lee\n");
  writeFileSync(join(folder, "experiment.csv"), experiment());
  const path = join(folder, "campaign.yaml");
  writeFileSync(path, CAMPAIGN);
  return path;
}

interface Pictures {
  readonly plain: Buffer;
  /** Also without a face, and of another size in bytes: a copy of the default photo would get no ad. */
  readonly empty: Buffer;
  readonly portraits: ReadonlyMap<string, Buffer>;
}

/** For all folders of the process. */
let drawn: Promise<Pictures> | undefined;

async function drawPictures(): Promise<Pictures> {
  const plain = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3).fill(120) };
  const empty = { width: 400, height: 300, data: new Uint8Array(400 * 300 * 3).fill(120) };
  const { image } = await decodePhoto(join(SAMPLES, "sample3.jpg"));
  const portraits = new Map<string, Buffer>();
  for (const [name, head] of Object.entries(HEADS)) {
    const portrait = await cropImage(image, head, 400, 400);
    portraits.set(name, await encodeImage(portrait, { format: "jpeg" }));
  }
  const [small, wide] = await Promise.all(
    [plain, empty].map((image) => encodeImage(image, { format: "jpeg" })),
  );
  return { plain: small as Buffer, empty: wide as Buffer, portraits };
}

export const AT = new Date("2026-11-21T12:00:00Z");

let trained: Promise<OfferModel> | undefined;

/**
 * The model of the folder's experiment, trained once a process: it is the same for every folder, and what an offer costs
 * or earns counts when it is chosen.
 */
export async function trainedModel(campaign: Campaign): Promise<OfferModel> {
  trained ??= train(campaign);
  return structuredClone(await trained);
}

async function train(campaign: Campaign): Promise<OfferModel> {
  const sources = await openCustomers(campaignSources(campaign));
  const experiment = await sources.experiment().finally(() => sources.close());
  const { model } = await trainOffers({ experiment, offers: campaign.offers }, { createdAt: AT });
  return model;
}

const GIVEN = "2026-01-01";
const CUSTOMERS = [
  ["customer_id", "age", "photo", "consent_biometric", "consent_expires"],
  ["matched", 60, "portraits/middle.jpg", GIVEN, ""],
  ["refuses", 25, "portraits/middle.jpg", "", ""],
  ["expired", 25, "portraits/middle.jpg", GIVEN, "2026-06-01"],
  ["early", 25, "portraits/middle.jpg", "2027-01-01", ""],
  ["without", 60, "", GIVEN, ""],
  ["gone", 60, "portraits/gone.jpg", GIVEN, ""],
  ["broken", 60, "portraits/broken.jpg", GIVEN, ""],
  ["faceless", 60, "portraits/plain.jpg", GIVEN, ""],
  ["group", 60, "portraits/own.jpg", GIVEN, ""],
  ["stranger", 25, "portraits/right.jpg", GIVEN, ""],
] as const;

export const IDS = CUSTOMERS.slice(1).map(([id]) => String(id));

/** Everybody buys with 10 %, and with 60 % where the offer fits the age. */
function experiment(): string {
  const random = createRandom(5);
  const rows = Array.from({ length: 900 }, (_, i) => {
    const age = 18 + Math.floor(random() * 60);
    const offer = ["none", "apple", "samsung"][i % 3];
    const fits = (offer === "apple" && age > 45) || (offer === "samsung" && age <= 45);
    return [`x${i}`, offer, "2026-05-01", random() < (fits ? 0.6 : 0.1) ? 1 : 0, age].join(",");
  });
  return `customer_id,offer_id,shown_at,converted,age\n${rows.join("\n")}\n`;
}

const CAMPAIGN = `name: Test
brand: { name: Lumo }
inputs:
  customers: { path: customers.csv }
  experiment: { path: experiment.csv }
  inventory: [photos]
offers:
  - id: apple
    product: Apple
    headline: Shine on at {age|any age}
    body: The newest one, from us.
    cta: See it
    url: https://lumo.example/apple
    margin: 100
  - id: samsung
    product: Samsung
    headline: Big screen, small price
    body: This week only.
    cta: Get it
    url: https://lumo.example/samsung
    margin: 80
channels:
  - { id: tiny, width: 300, height: 250, format: jpeg, max_bytes: 150000 }
photos: { default: default.jpg }
policy:
  similarity: { min_distance: 0.17, max_distance: 0.5 }
  ambiguous_portrait: refuse
`;
