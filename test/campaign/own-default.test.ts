import { link, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import type { CustomerPlan } from "../../src/campaign/deciding/decide.ts";
import { type CreativeParts, finishDecision } from "../../src/campaign/drawing/creative.ts";
import { createOwnDefaultCheck } from "../../src/campaign/matching/own-default.ts";
import { explainDecision } from "../../src/campaign/privacy/explain.ts";
import type { Campaign } from "../../src/campaign/types.ts";
import type { PhotoOutcome } from "../../src/faces/index.ts";
import { createApprovalFilter } from "../../src/handover/export/approved.ts";
import { answerOf } from "../../src/service/decide/answer.ts";
import { contentOf, type RunIndex } from "../../src/service/decide/run-index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { blocks, writePhoto } from "../gallery/fixtures.ts";
import { folderOfTest } from "../temporary.ts";

async function setUp() {
  const folder = folderOfTest();
  const path = await writePhoto(join(folder, "default.png"), blocks(1, 96, 96));
  const engine = createFakeEngine();
  const campaign = { photos: { default: path }, policy: { similarity: { minDistance: 0 } } };
  const isOwn = createOwnDefaultCheck(campaign as unknown as Campaign, engine);
  const described = async (photo: string): Promise<PhotoOutcome<string>> => {
    return { status: "described", photo, ...(await engine.describe(photo)) };
  };
  const checked = async (photo: string) => isOwn(photo, await described(photo));
  return { folder, path, isOwn, checked, engine };
}

describe("a default photo that is the customer's own picture", () => {
  it("is found in every copy of it, and other pictures are not", async () => {
    const { folder, path, checked } = await setUp();
    const copy = async (name: string, change: (picture: Sharp) => Sharp) => {
      await change(sharp(path)).toFile(join(folder, name));
      return checked(join(folder, name));
    };
    expect(await checked(path)).toBe(true);
    expect(await copy("saved.jpg", (picture) => picture.jpeg({ quality: 70 }))).toBe(true);
    expect(await copy("darker.png", (picture) => picture.modulate({ brightness: 0.75 }))).toBe(true);
    expect(await copy("small.png", (picture) => picture.resize(64))).toBe(true);
    expect(await checked(await writePhoto(join(folder, "other.png"), blocks(2, 96, 96)))).toBe(false);
  });

  it("is found by its file alone where the portrait may not be opened", async () => {
    const { folder, path, isOwn, engine } = await setUp();
    const [linked, same, longer] = ["linked.png", "same.png", "longer.png"].map((name) => join(folder, name));
    await link(path, linked ?? "");
    await writeFile(same ?? "", "");
    await truncate(same ?? "", (await stat(path)).size);
    await writeFile(longer ?? "", "another picture");
    const found = async (photo: string | null | undefined) => isOwn(photo ?? null, "no_consent");
    expect(
      await Promise.all([path, linked, same, longer, null, join(folder, "gone.png")].map(found)),
    ).toEqual([true, true, true, false, false, false]);
    expect(await isOwn(same ?? "", null)).toBe(true);
    expect(engine.decoded).toEqual([]);
  });
});

describe("a customer whose own picture is the default photo", () => {
  const plan = {
    ...{ customerId: "c", status: "offer", offer: { id: "apple" }, request: null, isOwnDefault: true },
    ...{ score: { uplift: null, lift: null, basis: "lift", expectedValue: 1 } },
    choice: { status: "default", reason: "no_consent" },
  } as unknown as CustomerPlan;

  it("is shown nothing in its place: in a run, by the service, in an export, and is given the reason", async () => {
    const { decision } = await finishDecision({ models: {} } as unknown as CreativeParts, plan);
    expect(decision).toMatchObject({ offer: { id: "apple" }, photo: null, creatives: [], own_default: true });
    expect(explainDecision(decision, { campaign: "Spring", currency: "EUR" })).toContain("your own picture");

    const ad = { photo: { path: "d.jpg", basis: "default", reason: "x", distance: null }, copy: {} };
    const creatives = [{ file: "creatives/x.jpg" }];
    const shown = (own: boolean) => {
      const alike = { ...ad, photo: { ...ad.photo, basis: "lookalike", reason: "nearest" } };
      return {
        ...decision,
        ...alike,
        creatives,
        own_default: own || undefined,
      } as unknown as typeof decision;
    };
    const context = {
      ...{ index: { campaign: "c" } as RunIndex, urls: new Map(), ads: new WeakMap() },
      defaults: new Map([
        ["apple", contentOf({ ...decision, ...ad, creatives } as unknown as typeof decision)],
      ]),
      endedPhotos: () => new Set<string>(),
    };
    const answered = (own: boolean) => {
      const content = contentOf(shown(own));
      const known = { customerId: "c", name: "n", source: "run", version: "1", isFinal: true } as const;
      return answerOf(context, { ...known, content }, "withdrawn");
    };
    expect(answered(false)).toMatchObject({ status: "ad", photo: { reason: "consent_withdrawn" } });
    expect(answered(true)).toMatchObject({ status: "none", photo: null, creatives: [] });

    const filter = createApprovalFilter({
      isApproved: () => false,
      policy: "required",
      defaults: new Map([["apple", shown(false)]]),
    });
    expect(filter.keep([shown(true), shown(false)])).toHaveLength(1);
    expect(filter.unapproved).toMatchObject({ waiting: 1, replaced: 1 });
  });
});
