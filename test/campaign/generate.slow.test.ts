import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCreativeMetadata } from "../../src/ads/index.ts";
import { dryRun, type GenerateOptions, generateAds, loadCampaign } from "../../src/campaign/index.ts";
import type { FaceEngine } from "../../src/faces/index.ts";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import type { Decision } from "../../src/handover/index.ts";
import type { OfferModel } from "../../src/offers/index.ts";
import { sharedEngine } from "../faces/shared-engine.ts";
import { AT, IDS, trainedModel, writeCampaignFolder } from "./fixture.ts";

let folder: string;
let path: string;
let engine: FaceEngine;
let gallery: Gallery;
let model: OfferModel;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-generate-"));
  path = await writeCampaignFolder(folder);
  const campaign = await loadCampaign(path);
  engine = await sharedEngine();
  gallery = await openGallery(campaign.inputs.gallery);
  await gallery.index(campaign.inputs.inventory, engine);
  model = await trainedModel(campaign);
});

afterAll(async () => {
  await gallery.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The campaign with some of its text replaced. */
async function options(
  out: string,
  ...edits: readonly (readonly [string, string])[]
): Promise<GenerateOptions> {
  const edited = join(folder, `${out}.yaml`);
  let text = readFileSync(path, "utf8");
  for (const [from, to] of edits) text = text.replace(from, to);
  writeFileSync(edited, text);
  return {
    campaign: await loadCampaign(edited),
    gallery,
    engine,
    model,
    out: join(folder, out),
    now: () => AT,
  };
}

async function generate(settings: GenerateOptions): Promise<Map<string, Decision>> {
  const decisions = new Map<string, Decision>();
  for await (const decision of generateAds(settings)) decisions.set(decision.customer_id, decision);
  return decisions;
}

const lines = (out: string) => readFileSync(join(folder, out, "decisions.jsonl"), "utf8");

describe("generateAds", () => {
  it("tells exactly how far it is: one customer at a time, to the last row, refused ones too", async () => {
    const table = readFileSync(join(folder, "customers.csv"), "utf8").trimEnd();
    writeFileSync(
      join(folder, "progress.csv"),
      `${table}\n,30,,,\nmatched,30,,,\ntoo,many,fields,in,this,row\n`,
    );
    const settings = await options("progress", ["customers.csv", "progress.csv"]);
    const seen: [number, number][] = [];
    const run = generateAds({ ...settings, onProgress: ({ done, total }) => void seen.push([done, total]) });
    for await (const _ of run);
    const total = IDS.length + 3;
    expect(seen.map(([, of]) => of)).toEqual(IDS.map(() => total));
    expect(seen.map(([done]) => done)).toEqual(IDS.map((_, i) => i + 4));
    expect([run.report.done, run.report.total, run.report.rows.refused]).toEqual([total, total, 3]);
    const some = generateAds({ ...settings, out: join(folder, "some"), customers: ["matched", "nobody"] });
    for await (const _ of some);
    expect([some.report.done, some.report.total]).toEqual([2, 2]);
  });

  /** One run of the campaign as it is, for the tests that look at it. */
  let whole: Promise<{ decisions: Map<string, Decision>; opened: readonly string[] }> | undefined;
  const wholeRun = () => {
    whole ??= (async () => {
      const opened: string[] = [];
      const watched: FaceEngine = {
        ...engine,
        describeAll: (photos, settings) =>
          engine.describeAll(
            [...(photos as Iterable<never>)].map((photo) => {
              opened.push(String(photo));
              return photo;
            }),
            settings,
          ),
      };
      return { decisions: await generate({ ...(await options("whole")), engine: watched }), opened };
    })();
    return whole;
  };

  it("shows each customer the right offer with the right photo, or says why not", async () => {
    const { decisions } = await wholeRun();
    expect([...decisions.keys()]).toEqual(IDS);
    const reasons = [...decisions].map(([id, { photo }]) => [id, photo?.reason]);
    expect(Object.fromEntries(reasons)).toEqual({
      matched: "nearest",
      refuses: "no_consent",
      expired: "consent_expired",
      early: "consent_in_future",
      without: "no_photo",
      gone: "no_photo",
      broken: "photo_unreadable",
      faceless: "no_face",
      group: "ambiguous",
      stranger: "too_dissimilar",
    });
    const matched = decisions.get("matched");
    expect(matched?.photo).toMatchObject({ path: join(folder, "photos", "bar.jpg"), basis: "lookalike" });
    expect(matched?.photo?.distance).toBeLessThan(0.5);
    expect(matched?.offer).toMatchObject({ id: "apple", basis: "uplift" });
    expect(decisions.get("stranger")?.offer.id).toBe("samsung");
    for (const { creatives } of decisions.values()) {
      const [creative] = creatives;
      expect(creative).toMatchObject({ channel: "tiny", width: 300, height: 250 });
      expect(readFileSync(join(folder, "whole", creative?.file ?? "")).length).toBe(creative?.bytes);
    }
    const ad = join(folder, "whole", matched?.creatives[0]?.file ?? "");
    expect(await readCreativeMetadata(ad)).toMatchObject({ credit: "Ann Lee" });
    expect(
      lines("whole")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([...decisions.values()]);
  });

  it("opens no portrait without consent, and renders each distinct ad once", async () => {
    const { decisions, opened } = await wholeRun();
    const names = opened.map((file) => file.slice(file.lastIndexOf("/") + 1));
    expect(names).toEqual(["middle.jpg", "gone.jpg", "broken.jpg", "plain.jpg", "own.jpg", "right.jpg"]);
    const files = new Set([...decisions.values()].map(({ creatives: [creative] }) => creative?.file));
    // apple with the match, apple with the default photo, samsung with the default photo
    expect(files.size).toBe(3);
    expect(readdirSync(join(folder, "whole", "creatives", "tiny")).length).toBe(3);
  });

  it("never shows a customer's own file, and takes the next photo in the band", async () => {
    const settings = await options("own", ["ambiguous_portrait: refuse", ""], ["0.5 }", "0.9 }"]);
    const decisions = await generate({ ...settings, customers: ["group"] });
    const shown = decisions.get("group")?.photo;
    expect(shown).toMatchObject({ basis: "lookalike", path: join(folder, "photos", "bar.jpg") });
  });

  it("keeps to the near side of the band and to the photos' tags", async () => {
    const near = await options("near", [
      "min_distance: 0.17, max_distance: 0.5",
      "min_distance: 0.999, max_distance: 1",
    ]);
    expect((await generate({ ...near, customers: ["matched"] })).get("matched")?.photo?.reason).toBe(
      "too_similar",
    );
    const tagged = await options("tagged", ["margin: 100", "margin: 100\n    photo_tags: [beach]"]);
    const decisions = await generate({ ...tagged, customers: ["matched"] });
    expect(decisions.get("matched")?.photo?.reason).toBe("no_releasable_photo");
  });

  it("holds out and asks who is eligible", async () => {
    const held = await generate(await options("held", ["policy:", "policy:\n  holdout: 0.99"]));
    expect([...held.values()].filter(({ offer }) => offer.basis === "holdout").length).toBeGreaterThan(7);
    expect([...held.values()].find(({ offer }) => offer.id === "none")).toMatchObject({
      photo: null,
      creatives: [],
    });
    const young = await generate(
      await options("young", ["margin: 100", "margin: 100\n    eligible: age < 30"]),
    );
    expect(young.get("matched")?.offer.id).not.toBe("apple");
  });

  describe("with budgets", () => {
    const budget = (line: string) => ["margin: 100", `margin: 100\n    ${line}`] as const;
    const takers = (decisions: Map<string, Decision>, id: string) =>
      [...decisions.values()].filter(({ offer }) => offer.id === id).map((entry) => entry.customer_id);
    const ages = [50, 52, 75, 54, 72, 56, 78, 58];
    const crowd = ["customers: { path: customers.csv }", "customers: { path: crowd.csv }"] as const;

    beforeAll(() => {
      const rows = ages.map((age) => `c${age},${age}`).join("\n");
      writeFileSync(join(folder, "crowd.csv"), `customer_id,age\n${rows}\n`);
    });

    it("shows an offer that is scarce to those whom it wins most, wherever they stand in the file", async () => {
      const free = await generate(await options("unlimited", crowd));
      expect(takers(free, "apple").length).toBe(ages.length);
      const settings = await options("scarce", crowd, budget("budget: 3"));
      const weighed: string[] = [];
      const onWeighed = (done: number, total: number) => weighed.push(`${done} of ${total}`);
      expect(takers(await generate({ ...settings, onWeighed }), "apple")).toEqual(["c75", "c72", "c78"]);
      expect(weighed).toEqual(["8 of 8"]);
      const { offers } = await dryRun({ ...settings, now: () => AT });
      expect(Object.fromEntries(offers)).toEqual({ apple: 3, samsung: 5 });
    });

    it("shares it among the customers asked for, without those who are held out or may not see it", async () => {
      const settings = await options("some-of-crowd", crowd, budget("budget: 2\n    eligible: age < 78"));
      const some = await generate({ ...settings, customers: ["c78", "c54", "c56", "c58"] });
      expect(takers(some, "apple")).toEqual(["c56", "c58"]);
      const held = await generate(
        await options("held-scarce", crowd, budget("budget: 3"), ["policy:", "policy:\n  holdout: 0.5"]),
      );
      const out = new Set(
        [...held.values()].filter(({ offer }) => offer.basis === "holdout").map((entry) => entry.customer_id),
      );
      expect(out.size).toBeGreaterThan(0);
      const oldest = ages.filter((age) => !out.has(`c${age}`)).toSorted((a, b) => b - a);
      expect(new Set(takers(held, "apple"))).toEqual(new Set(oldest.slice(0, 3).map((age) => `c${age}`)));
    });

    it("spends no more money than the campaign has, and spends it where it earns the most", async () => {
      const costly = budget("cost: 0.02");
      const settings = await options("money", crowd, costly, ["policy:", "policy:\n  max_spend: 0.05"]);
      const decided = await generate(settings);
      expect(takers(decided, "apple")).toEqual(["c75", "c78"]);
      const free = await generate(await options("no-limit", crowd, costly));
      expect(takers(free, "apple").length).toBe(ages.length);
    });

    it.each([
      ["an offer's budget", "budget: 3", "", ["c75", "c72", "c78"]],
      ["the campaign's money", "cost: 0.02", "  max_spend: 0.07", ["c75", "c72", "c78"]],
    ])(
      "keeps %s when some customers of a finished run are decided anew",
      async (name, line, policy, shown) => {
        const settings = await options(name, crowd, budget(line), ["policy:", `policy:\n${policy}`]);
        expect(takers(await generate(settings), "apple")).toEqual(shown);
        const inRun = () =>
          lines(name)
            .trimEnd()
            .split("\n")
            .map((own) => JSON.parse(own) as Decision)
            .map((decision) => [decision.customer_id, decision] as const);
        // Nothing is left for one who had none; one who had it gets it again; among both, the same ones as before.
        for (const customers of [["c50"], ["c75"], ["c58", "c72"]]) {
          await generate({ ...settings, customers });
          expect(takers(new Map(inRun()), "apple")).toEqual(shown);
        }
      },
    );

    it("refuses more offers than budgets can be shared out of, before any work", async () => {
      const settings = await options("many", crowd, budget("budget: 3"));
      const { campaign } = settings;
      const more = Array.from({ length: 250 }, (_, i) => ({ ...campaign.offers[1], id: `o${i}` }));
      const offers = [...campaign.offers.slice(0, 1), ...more] as typeof campaign.offers;
      await expect(generate({ ...settings, campaign: { ...campaign, offers } })).rejects.toMatchObject({
        code: "ERR_OPTION_INVALID",
      });
      expect(() => lines("many")).toThrow();
    });
  });

  it("refuses words that fit a channel at no size before any work, though no customer would see them", async () => {
    const endless = ["Big screen, small price", "Donaudampfschifffahrtsgesellschaftskapitän"] as const;
    const settings = await options("endless", endless);
    const nobody = generate({ ...settings, customers: ["matched"] });
    await expect(nobody).rejects.toMatchObject({
      code: "ERR_COPY_TOO_LONG",
      message: expect.stringContaining("Offer samsung"),
    });
    expect(() => readdirSync(join(folder, "endless"))).toThrow();
  });

  it.each([
    ["eligible: agee < 30", "ERR_PREDICATE_INVALID"],
    ["body: '{agee} years'", "ERR_CAMPAIGN_INVALID"],
  ])("refuses %s before any work, with the nearest column", async (line, code) => {
    const edit = line.startsWith("body")
      ? (["body: This week only.", line] as const)
      : (["margin: 80", `margin: 80\n    ${line}`] as const);
    const settings = await options("refused", edit);
    await expect(generate(settings)).rejects.toMatchObject({ code, message: expect.stringContaining("age") });
    expect(() => readdirSync(join(folder, "refused", "creatives"))).toThrow();
  });

  it.each([
    ["no budget", "margin: 100"],
    ["a budget", "margin: 100\n    budget: 3"],
  ])(
    "with %s, goes on where an interrupted run stopped, and ends as an undisturbed one",
    async (name, line) => {
      const [a, b] = [`resume-a of ${name}`, `resume-b of ${name}`] as const;
      const undisturbed = await options(a, ["margin: 100", line]);
      if (line === "margin: 100") await wholeRun();
      else await generate(undisturbed);
      const reference = line === "margin: 100" ? "whole" : a;
      const controller = new AbortController();
      const settings = { ...undisturbed, out: join(folder, b) };
      const first = generateAds({ ...settings, signal: controller.signal, jobs: 1 });
      await expect(async () => {
        for await (const { customer_id } of first) if (customer_id === "early") controller.abort();
      }).rejects.toMatchObject({ code: "ERR_ABORTED" });
      expect(() => lines(b)).toThrow();
      const second = generateAds(settings);
      const ids: string[] = [];
      for await (const { customer_id } of second) ids.push(customer_id);
      expect(ids).toEqual(IDS);
      expect(second.report.resumed).toBeGreaterThanOrEqual(4);
      expect(lines(b)).toBe(lines(reference));
    },
  );

  it("reports customers who are not there", async () => {
    const run = generateAds({ ...(await options("unknown")), customers: ["nobody", "without"] });
    const ids: string[] = [];
    for await (const { customer_id } of run) ids.push(customer_id);
    expect(ids).toEqual(["without"]);
    expect(run.report.unknownCustomers).toEqual(["nobody"]);
  });

  it("decides some customers anew in a finished run and leaves the others as they are", async () => {
    const settings = await options("merged");
    const whole = await generate(settings);
    const edited = await options("merged-edited", ["Shine on at", "Glow at"]);
    const again = generateAds({ ...edited, out: settings.out, customers: ["without", "matched", "nobody"] });
    const anew = new Map<string, Decision>();
    for await (const decision of again) anew.set(decision.customer_id, decision);
    expect([...anew.keys()]).toEqual(["matched", "without"]);
    const kept = lines("merged")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Decision);
    expect(kept.map((decision) => decision.customer_id).toSorted()).toEqual(IDS.toSorted());
    for (const decision of kept) {
      const id = decision.customer_id;
      expect(decision).toEqual(anew.get(id) ?? whole.get(id));
      const isSame = decision.creatives[0]?.file === whole.get(id)?.creatives[0]?.file;
      expect([id, isSame]).toEqual([id, !anew.has(id)]);
    }
    const run = JSON.parse(readFileSync(join(settings.out, "run.json"), "utf8"));
    expect(run.rows.read).toBe(IDS.length);
  });

  it.each([
    ["name", "name: Test", "name: Winter"],
    ["currency", "name: Test", "name: Test\ncurrency: KRW"],
    ["experiment", "policy:", "experiment: { salt: other, holdout: 0.5 }\npolicy:"],
  ])("merges nothing into a finished run of another %s", async (part, from, to) => {
    const settings = await options(`mixed-${part}`);
    await generate({ ...settings, customers: ["without"] });
    const before = [lines(`mixed-${part}`), readFileSync(join(settings.out, "run.json"), "utf8")];
    const other = await options(`mixed-${part}-other`, [from, to]);
    const mixed = { ...other, out: settings.out, customers: ["matched"] };
    await expect(generate(mixed)).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      message: expect.stringContaining(`another ${part}`),
    });
    expect([lines(`mixed-${part}`), readFileSync(join(settings.out, "run.json"), "utf8")]).toEqual(before);
    writeFileSync(join(settings.out, "run.json"), "{");
    await expect(generate({ ...settings, customers: ["matched"] })).rejects.toMatchObject({
      code: "ERR_RUN_UNREADABLE",
    });
  });

  it("refuses a gallery of another embedder", async () => {
    const stranger: FaceEngine = { ...engine, embedder: { id: "other", dimensions: 128 } };
    const settings = { ...(await options("other")), engine: stranger };
    await expect(generate(settings)).rejects.toMatchObject({ code: "ERR_GALLERY_EMBEDDER" });
  });
});
