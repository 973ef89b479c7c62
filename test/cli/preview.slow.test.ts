import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePhoto } from "../../src/io/image/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { lookalikeWith } from "./capture.ts";

const SAMPLES = join(
  dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
  "demo",
);
const CAMPAIGN = `name: Preview
brand: { name: Northline, corner: soft, tone: light }
inputs:
  customers: { path: customers.csv }
offers:
  - { id: one, product: Apple, headline: "Better than {phone|your phone}", body: Now., cta: See, url: "https://a.example", margin: 1 }
  - { id: two, product: Apple, headline: Two, body: Now., cta: See, url: "https://a.example", margin: 1 }
channels:
  - rectangle-300x250
  - leaderboard-728x90
  - { id: tower, width: 200, height: 500, safe: { bottom: 120 } }
photos: { default: photo.jpg }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lookalike-preview-test-"));
  await writeFile(join(folder, "campaign.yaml"), CAMPAIGN);
  await writeFile(join(folder, "customers.csv"), "customer_id,phone\nc1,Nokia\n");
  await cp(join(SAMPLES, "sample5.jpg"), join(folder, "photo.jpg"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const preview = (...more: string[]) =>
  lookalikeWith(
    createFakeEngine(),
    "preview",
    "--campaign",
    join(folder, "campaign.yaml"),
    "--out",
    join(folder, "sheet.png"),
    ...more,
  );

describe("lookalike preview", () => {
  it("draws one ad in every channel on one sheet", async () => {
    const { status, stdout, stderr } = await preview("--json", "--template", "card");
    expect([status, stderr]).toEqual([0, expect.stringContaining("one in 3 channels")]);
    const result = JSON.parse(stdout);
    expect(result.creatives.map((creative: { channel: string }) => creative.channel)).toEqual([
      "rectangle-300x250",
      "leaderboard-728x90",
      "tower",
    ]);
    expect(result.creatives[0].alt).toMatch(/^Northline: Better than your phone\. Now\. See\. Photo of/);
    const { width, height } = await decodePhoto(join(folder, "sheet.png"));
    expect(width).toBeGreaterThan(1100);
    expect(height).toBeGreaterThan(500);
  });

  it("takes another offer and photo, and refuses an offer that the campaign does not have", async () => {
    const { status, stdout } = await preview(
      "--json",
      "--offer",
      "two",
      "--photo",
      join(SAMPLES, "sample1.jpg"),
    );
    expect([status, JSON.parse(stdout).offer]).toEqual([0, "two"]);
    const wrong = await preview("--offer", "three");
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("ERR_OPTION_INVALID")]);
  });
});
