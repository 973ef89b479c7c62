import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Campaign, type GenerateReport, loadCampaign } from "../../src/campaign/index.ts";
import { handOver } from "../../src/campaign/run/hand-over.ts";
import { exportAds, type ManifestOffer, readManifest } from "../../src/handover/index.ts";
import { manifest, shown, writeCreatives, writeRun } from "../ads/run.ts";
import { AT, writeCampaignFolder } from "./fixture.ts";

let folder: string;
let campaign: Campaign;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lookalike-hand-over-"));
  campaign = await loadCampaign(await writeCampaignFolder(folder));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const REPORT: GenerateReport = {
  decisions: 1,
  total: 1,
  done: 1,
  resumed: 0,
  lookalikes: 0,
  byDistance: 0,
  defaults: new Map(),
  offers: new Map(),
  heldOut: 0,
  ownDefaults: 0,
  erased: 0,
  ads: 1,
  warnings: [{ code: "copy_shortened", channel: "square-1080", message: "The text was shortened." }],
  rows: { read: 12, refused: 2, refusedByCode: {}, refusals: [], warnings: [] },
  unjudgedOffers: ["samsung"],
  unknownCustomers: [],
};

describe("handOver", () => {
  it("leaves what exports and the proof page need, with the words for everyone", async () => {
    const out = join(folder, "out");
    const [first] = campaign.offers;
    const run = manifest([], {
      channels: [{ id: "tiny", width: 300, height: 250, format: "jpeg", platform: null }],
    });
    const offer: ManifestOffer = {
      id: first?.id ?? "",
      product: "",
      copy: { headline: "", body: "", cta: "" },
      placeholders: [],
      url: "",
      price: null,
    };
    const decision = {
      ...shown("c-0001", offer, run),
      copy: { headline: "Shine on at 47", body: "", cta: "" },
    };
    await writeRun(out, run, [decision]);
    await writeCreatives(out, [decision]);
    await rm(join(out, "run.json"));

    await handOver(out, { campaign, report: REPORT, at: AT, consents: null, vault: null });
    const written = await readManifest(out);
    expect(written).toMatchObject({
      campaign: "Test",
      brand: { name: "Lumo" },
      at: AT.toISOString(),
      policy: { maxDistance: campaign.policy.similarity.maxDistance },
      rows: { read: 12, refused: 2, refusedByCode: {}, warnings: [] },
      unjudgedOffers: ["samsung"],
      warnings: [{ code: "copy_shortened" }],
    });
    expect(written.offers[0]).toMatchObject({
      copy: { headline: "Shine on at any age" },
      placeholders: ["age"],
    });
    expect(written.channels.map(({ id }) => id)).toEqual(campaign.channels.map(({ id }) => id));

    const page = readFileSync(join(out, "proof.html"), "utf8");
    expect(page).toContain("1 customer with their own texts");
    expect(page).not.toContain("Shine on at 47");

    const options = { out, baseUrl: "https://cdn.example.com/" };
    await exportAds({ ...options, format: "csv" });
    expect(readFileSync(join(out, "exports/customers.csv"), "utf8")).toContain("Shine on at 47");
    await expect(exportAds({ ...options, format: "meta-catalogue" })).rejects.toMatchObject({
      code: "ERR_EXPORT_PERSONAL_DATA",
      message: expect.stringContaining("{age} reveals data about the customer"),
    });
    expect(existsSync(join(out, "exports/meta-catalogue.csv"))).toBe(false);
  });

  it("says that the decisions are not there", async () => {
    const out = join(folder, "empty");
    await writeRun(out, manifest([]), []);
    await rm(join(out, "decisions.jsonl"));
    await writeFile(join(out, "note"), "");
    await expect(
      handOver(out, { campaign, report: REPORT, at: AT, consents: null, vault: null }),
    ).rejects.toMatchObject({
      code: "ERR_RUN_UNREADABLE",
    });
  });
});
