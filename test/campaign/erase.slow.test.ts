import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  eraseCustomer,
  erasePhotos,
  explainDecision,
  findCirculation,
  isExplained,
  loadCampaign,
  privacyNotice,
  purgeExpired,
  rekeyAll,
  retentionPolicy,
} from "../../src/campaign/index.ts";
import { openGallery } from "../../src/gallery/index.ts";
import { type Decision, findKnownRuns, lockRun, readDecisions } from "../../src/handover/index.ts";
import { createVault } from "../../src/trust/vault.ts";
import { lookalikeJson } from "../cli/capture.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { folderOfTest } from "../temporary.ts";
import { AT } from "./fixture.ts";
import { createWorld, openStage, type Stage } from "./world.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const PEOPLE = [
  ["anna-4711", "60", "NL"],
  ["erika-4712", "61", "NL"],
  ["bert-4713", "62", "NL"],
] as const;

const files = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
const filesWith = (folder: string, text: string) =>
  files(folder).filter((path) => readFileSync(path).includes(text));
const creatives = (out: string) => files(join(out, "creatives")).length;

async function decisionsOf(out: string, vault = null as Parameters<typeof readDecisions>[1]) {
  const decisions: Decision[] = [];
  for await (const decision of readDecisions(join(out, "decisions.jsonl"), vault)) decisions.push(decision);
  return decisions;
}

describe("erasing a customer", () => {
  it("leaves no byte of them in any file, keeps what others share, and gives a receipt that names nobody", async () => {
    const { consents, audit, campaign, out, run } = await createWorld(
      stage,
      "erasing",
      "minimum_age: 18",
      PEOPLE,
    );
    await run();
    consents.withdraw("erika-4712", { at: AT });
    mkdirSync(join(out, "exports"));
    writeFileSync(join(out, "exports", "all.csv"), "erika-4712,\n");
    writeFileSync(join(out, ".decisions.jsonl.0123456789ab.tmp"), "erika-4712");
    const before = creatives(out);
    // The headline names the age, so every customer has a creative of their own.
    expect(before).toBe(3);
    expect(filesWith(campaign.privacy.folder, "erika-4712").length).toBeGreaterThan(2);
    const receipt = await eraseCustomer("erika-4712", { consents, audit, outs: [out], at: AT });
    expect(receipt.removed).toEqual({
      consents: 0,
      decisions: 1,
      creatives: 1,
      exports: 1,
      photos: 0,
      records: 0,
    });
    expect(filesWith(campaign.privacy.folder, "erika-4712")).toEqual([]);
    expect(JSON.stringify(receipt)).not.toMatch(/erika|4712/);
    expect((await decisionsOf(out)).map(({ customer_id }) => customer_id)).toEqual([
      "anna-4711",
      "bert-4713",
    ]);
    expect(creatives(out)).toBe(before - 1);
    for (const { creatives: made } of await decisionsOf(out)) {
      for (const { file } of made) expect(existsSync(join(out, file))).toBe(true);
    }
    expect(existsSync(join(out, "proof.html"))).toBe(true);
    expect(audit.verify(receipt.audit).status).toBe("intact");
    const again = await eraseCustomer("erika-4712", {
      consents,
      audit,
      outs: [out, join(out, "none")],
      at: AT,
    });
    expect(again.removed).toEqual({
      consents: 0,
      decisions: 0,
      creatives: 0,
      exports: 0,
      photos: 0,
      records: 0,
    });
    const { decisions, report } = await run();
    expect([decisions.length, report.erased]).toEqual([2, 1]);
  });

  it("reaches every run that the log knows of, and exports of an earlier run than the present one", async () => {
    const { consents, audit, out, run } = await createWorld(stage, "forgotten", "minimum_age: 18", PEOPLE);
    await run();
    const elsewhere = `${out}-elsewhere`;
    await run({ out: elsewhere, customers: ["anna-4711"] });
    mkdirSync(join(elsewhere, "exports"));
    // By e-mail address alone, and of a run that is no more: no search for the id would find it.
    writeFileSync(join(elsewhere, "exports", "mailchimp.csv"), "erika@lumo.example\n");
    const known = findKnownRuns(audit, [`${out}-named`]);
    audit.append("export", { detail: { to: stage.folder } });
    audit.append("export", { detail: { to: join(out, "exports") } });
    expect(findKnownRuns(audit, []).exports).toEqual([stage.folder]);
    expect(known).toEqual({ outs: [`${out}-named`, out, elsewhere], missing: [], exports: [] });
    const { removed } = await eraseCustomer("erika-4712", { consents, audit, outs: known.outs });
    expect(removed).toMatchObject({ decisions: 1, exports: 1 });
    expect(filesWith(elsewhere, "erika")).toEqual([]);
    rmSync(elsewhere, { recursive: true });
    expect(findKnownRuns(audit, []).missing).toEqual([elsewhere]);
  });

  it("reaches creatives of earlier runs, of a killed run and of purged decisions, and exports behind a link", async () => {
    const { consents, audit, campaign, out, run } = await createWorld(
      stage,
      "stray",
      "minimum_age: 18",
      PEOPLE,
    );
    // Other words make other creatives; no decision shows the first ones any more.
    const [offer] = campaign.offers;
    if (offer === undefined) throw new Error("no offer");
    const reworded = {
      ...campaign,
      offers: [{ ...offer, headline: "Dear {age|friend}" }, ...campaign.offers.slice(1)],
    };
    await run({ campaign: reworded });
    await run();
    expect(creatives(out)).toBe(6);
    // A picture whose note a kill prevented.
    const killed = join(out, "creatives", "tiny", "0123456789abcdef0123.jpg");
    writeFileSync(killed, "x");
    const own = join(out, "creatives", "tiny", "mine.jpg");
    writeFileSync(own, "x");
    const elsewhere = folderOfTest();
    for (const name of ["braze.csv", "braze-2.csv", "notes.txt"])
      writeFileSync(join(elsewhere, name), "4711");
    symlinkSync(elsewhere, join(out, "exports"));
    const erase = (id: string) => eraseCustomer(id, { consents, audit, outs: [out], at: AT });
    const { removed } = await erase("anna-4711");
    expect(removed).toMatchObject({ decisions: 1, creatives: 1 + 3 + 1, exports: 2 });
    expect([existsSync(killed), existsSync(own), creatives(out)]).toEqual([false, true, 3]);
    expect(readdirSync(elsewhere)).toEqual(["notes.txt"]);
    rmSync(join(out, "decisions.jsonl"));
    expect((await erase("erika-4712")).removed.creatives).toBe(2);
    expect(creatives(out)).toBe(1);
  });

  it("takes every lock before it changes anything", async () => {
    const { consents, audit, out, run } = await createWorld(stage, "locked", "minimum_age: 18", PEOPLE);
    await run();
    await run({ out: `${out}-second` });
    const lock = await lockRun(`${out}-second`);
    const outs = [out, `${out}-second`];
    const before = [consents.version, audit.head(), await decisionsOf(out)];
    await expect(eraseCustomer("anna-4711", { consents, audit, outs })).rejects.toMatchObject({
      code: "ERR_RUN_BUSY",
    });
    expect([consents.version, audit.head(), await decisionsOf(out)]).toEqual(before);
    lock.release();
    expect((await eraseCustomer("anna-4711", { consents, audit, outs })).removed.decisions).toBe(2);
  });

  it.each(["re\u0301ne-1 ", "\u00a0r\u00e9ne-1", "r\u00e9ne-1\u200b"])(
    "finds them by another spelling of their id: %j",
    async (spelling) => {
      const { consents, audit, out, run } = await createWorld(
        stage,
        `spelled${spelling.length}${spelling.codePointAt(0)}`,
        "minimum_age: 18",
        [
          ["r\u00e9ne-1", "60", "NL"],
          ["other", "60", "NL"],
        ],
      );
      await run();
      const receipt = await eraseCustomer(spelling, { consents, audit, outs: [out] });
      expect([receipt.known, receipt.removed.decisions]).toEqual([true, 1]);
      expect(consents.isErased("re\u0301ne-1")).toBe(true);
      expect([...audit.entries({ customerId: "r\u00e9ne-1" })].map(({ action }) => action)).toContain(
        "erase.customer",
      );
    },
  );

  it("waits for no one: a run under way in the folder is told apart", async () => {
    const { consents, audit, out, run } = await createWorld(stage, "busy", "minimum_age: 18", PEOPLE);
    let erasing: Promise<unknown> | null = null;
    await run({
      onDecode(photo) {
        if (!photo.includes("portraits")) return;
        erasing ??= eraseCustomer("anna-4711", { consents, audit, outs: [out] }).catch((error) => error.code);
      },
    });
    expect(await erasing).toBe("ERR_RUN_BUSY");
    await eraseCustomer("anna-4711", { consents, audit, outs: [out] });
    expect(await decisionsOf(out)).toHaveLength(2);
  });
});

describe("erasing a photo", () => {
  it("takes down every creative that shows it and leaves the offers", async () => {
    const { campaign, consents, audit, out, run } = await createWorld(
      stage,
      "photo",
      "minimum_age: 18",
      PEOPLE,
    );
    const folder = folderOfTest();
    const gallery = await openGallery(folder);
    await gallery.index(campaign.inputs.inventory, createFakeEngine());
    const { decisions } = await run({ gallery });
    const shown = decisions[0]?.photo?.path ?? "";
    const count = decisions.filter(({ photo }) => photo?.path === shown).length;
    const receipt = await erasePhotos({ photo: shown }, { consents, audit, gallery, outs: [out] });
    expect(receipt?.removed).toMatchObject({ decisions: count, creatives: count, photos: 1 });
    const left = await decisionsOf(out);
    expect(left).toHaveLength(3);
    expect(left.filter(({ photo }) => photo?.path === shown)).toEqual([]);
    expect(left[0]).toMatchObject({ photo: null, copy: null, creatives: [], offer: { id: "apple" } });
    const after = await run({ gallery });
    expect(after.decisions.map(({ photo }) => photo?.path)).not.toContain(shown);
    await gallery.close();
  });
});

describe("erasing what is not there", () => {
  it("does nothing and gives no receipt where no photo or release is found, nor costs it the exports", async () => {
    const { consents, audit, out, run } = await createWorld(stage, "absent", "minimum_age: 18", PEOPLE);
    await run();
    mkdirSync(join(out, "exports"));
    writeFileSync(join(out, "exports", "all.csv"), "anna-4711,\n");
    const head = audit.head();
    const folder = folderOfTest();
    const gallery = await openGallery(join(folder, "gallery"));
    const options = { consents, audit, gallery, outs: [out] };
    expect(await erasePhotos({ photo: join(folder, "gone.jpg") }, options)).toBeNull();
    expect(await erasePhotos({ release: "NOPE" }, options)).toBeNull();
    expect(audit.head()).toEqual(head);
    expect(existsSync(join(out, "exports", "all.csv"))).toBe(true);
    await gallery.close();
  });

  it("takes down a photo that only the runs still show", async () => {
    const { consents, audit, out, run } = await createWorld(stage, "left", "minimum_age: 18", PEOPLE);
    const { decisions } = await run();
    const shown = decisions[0]?.photo?.path ?? "";
    const gallery = await openGallery(join(folderOfTest(), "gallery"));
    const moved = shown.replace(/\.jpg$/, ".moved");
    renameSync(shown, moved);
    try {
      const receipt = await erasePhotos({ photo: shown }, { consents, audit, gallery, outs: [out] });
      expect(receipt?.removed).toMatchObject({ photos: 0, decisions: expect.any(Number) });
      expect(receipt?.removed.decisions).toBeGreaterThan(0);
    } finally {
      renameSync(moved, shown);
    }
    await gallery.close();
  });

  it("bars a customer of whom nothing was kept, and the receipt says that nothing was", async () => {
    const { consents, audit, out } = await createWorld(stage, "unknown", "minimum_age: 18", PEOPLE);
    const erase = (id: string) => eraseCustomer(id, { consents, audit, outs: [out] });
    expect(await erase("nobody")).toMatchObject({ known: false, removed: { decisions: 0 } });
    expect(consents.isErased("nobody")).toBe(true);
    expect(await erase("nobody")).toMatchObject({ known: true });
    consents.withdraw("anna-4711", { at: AT });
    expect(await erase("anna-4711")).toMatchObject({ known: true, removed: { consents: 0 } });
    const noted = [...audit.entries({ action: "erase.customer" })].map(({ detail }) => detail.known);
    expect(noted).toEqual([false, true, true]);
  });
});

describe("releases that ended", () => {
  it("are listed with the creatives in circulation, whatever ended them", async () => {
    const { campaign, out, run } = await createWorld(stage, "ended", "minimum_age: 18", PEOPLE);
    const folder = folderOfTest();
    const labels = join(folder, "photos.csv");
    const gallery = await openGallery(join(folder, "gallery"));
    const index = (line: string) => {
      writeFileSync(
        labels,
        `photo,release_id,release_expires,release_withdrawn,territories,media\n${line}\n`,
      );
      return gallery.index(campaign.inputs.inventory, createFakeEngine(), { labels });
    };
    await index("bar.jpg,R1,,,,");
    const { decisions } = await run({ gallery });
    const shown = decisions[0]?.photo?.path ?? "";
    const name = shown.slice(shown.lastIndexOf("/") + 1);
    const find = async (at = AT) => {
      const [found] = await findCirculation({
        gallery,
        outs: [out],
        photos: { territory: "NL", media: "online" },
        at,
      });
      return found === undefined ? null : [found.because, found.customers, found.creatives.length];
    };
    expect(await find()).toBeNull();
    await index(`${name},R1,2026-11-20,,,`);
    expect(await find()).toEqual(["expired", 3, 3]);
    expect(await find(new Date("2026-11-20T10:00:00Z"))).toBeNull();
    await index(`${name},R1,,2026-11-01,,`);
    expect(await find()).toEqual(["withdrawn", 3, 3]);
    await index(`${name},R1,,,BE;DE,`);
    expect(await find()).toEqual(["territory", 3, 3]);
    await index(`${name},R1,,,NL,print;tv`);
    expect(await find()).toEqual(["media", 3, 3]);
    await index(`${name},R1,,,NL,print;online`);
    expect(await find()).toBeNull();
    await index(`${name},R1,,2026-11-01,,`);
    await gallery.close();
    const flags = ["--gallery", join(folder, "gallery"), "--out", out, "--json"];
    const listed = await lookalikeJson("releases", "--campaign", campaign.path, ...flags);
    expect(listed.status).toBe(3);
    expect(listed.lines).toEqual([
      expect.objectContaining({ because: "withdrawn", release_id: "R1", customers: 3, copy_of: null }),
    ]);
    for (const file of listed.lines[0].creatives) expect(listed.stderr).toContain(`take down ${file}`);
    expect(listed.stderr).toContain("Photos that were erased or whose release is not valid: 1");
  });
});

describe("the default photo", () => {
  const shown = async () => {
    const { run, ...world } = await createWorld(stage, "default", "minimum_age: 18", [
      ["anna-4711", "17", "NL"],
    ]);
    const { campaign, consents, audit, out } = world;
    const folder = folderOfTest();
    const labels = join(folder, "photos.csv");
    const gallery = await openGallery(join(folder, "gallery"));
    const copy = join(folder, "photos", "copy.jpg");
    mkdirSync(join(folder, "photos"));
    copyFileSync(campaign.photos.default, copy);
    const index = (line: string) => {
      writeFileSync(
        labels,
        `photo,release_id,release_expires,release_withdrawn,territories,media\n${line}\n`,
      );
      return gallery.index([...campaign.inputs.inventory, copy], createFakeEngine(), { labels });
    };
    onTestFinished(() => gallery.close());
    const photos = { ...campaign.photos, territory: "NL", media: "online" };
    const placed = { ...campaign, photos };
    const find = () => findCirculation({ gallery, outs: [out], photos, at: AT });
    const erase = (which: Parameters<typeof erasePhotos>[0]) =>
      erasePhotos(which, { consents, audit, gallery, outs: [out], defaultPhoto: photos.default });
    return { index, find, erase, copy, out, photos, run: () => run({ gallery, campaign: placed }) };
  };

  it.each([
    ["copy.jpg,R1,2026-11-20,,,", "expired", /whose release R1 has expired/],
    ["copy.jpg,R1,,2026-11-01,,", "withdrawn", /whose release R1 was withdrawn/],
    ["copy.jpg,R1,,,BE;DE,", "territory", /whose release R1 does not apply in NL/],
    ["copy.jpg,,,,,print", "media", /whose release does not apply to online/],
  ])("is refused before any work where its release does not hold: %s", async (row, because, message) => {
    const { index, find, run, photos, out } = await shown();
    await index("copy.jpg,R1,2026-12-31,,NL,online");
    expect((await run()).decisions[0]?.photo?.path).toBe(photos.default);
    expect(await find()).toEqual([]);
    await index(row);
    rmSync(join(out, "decisions.jsonl"));
    await expect(run()).rejects.toMatchObject({
      code: "ERR_CAMPAIGN_INVALID",
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(out, "decisions.jsonl"))).toBe(false);
    expect(await find()).toMatchObject([{ photo: photos.default, because }]);
  });

  it.each(["photo", "release"] as const)(
    "that was erased, by its %s, is taken down and refused",
    async (by) => {
      const { index, find, erase, run, copy, photos, out } = await shown();
      await index("copy.jpg,R1,,,,");
      await run();
      expect((await erase(by === "photo" ? { photo: copy } : { release: "R1" }))?.removed).toMatchObject({
        decisions: 1,
        creatives: 1,
      });
      expect(await decisionsOf(out)).toMatchObject([{ photo: null, creatives: [] }]);
      expect(await find()).toMatchObject([{ photo: photos.default, because: "erased", releaseId: "" }]);
      await expect(run()).rejects.toMatchObject({
        code: "ERR_CAMPAIGN_INVALID",
        message: expect.stringContaining("which was erased"),
      });
    },
  );
});

describe("a purge", () => {
  it("removes each class by its own clock, and counts first where it is asked to", async () => {
    const retention = "retention: { decisions: 30, creatives: 10, consents: 5, releases: 20, audit: 3 }";
    const { campaign, consents, audit, out, run } = await createWorld(stage, "purged", retention, PEOPLE);
    await run();
    for (const path of files(out)) utimesSync(path, AT, AT);
    writeFileSync(join(out, "creatives", "stray.jpg"), "x");
    utimesSync(join(out, "creatives", "stray.jpg"), AT, AT);
    consents.record({
      customerId: "x",
      purpose: "photo",
      notice: null,
      givenAt: AT,
      method: "written",
      expiresAt: new Date(AT.getTime() + 1),
      jurisdiction: null,
    });
    const days = (n: number) => new Date(AT.getTime() + n * 86_400_000);
    const options = { retention: campaign.privacy.retention, consents, audit, gallery: null, outs: [out] };
    const purge = (at: Date, dryRun = false) => purgeExpired({ ...options, at, dryRun });
    const none = { runs: 0, creatives: 0, consents: 0, photos: 0, auditEntries: 0 };
    expect(await purge(days(2))).toEqual(none);
    expect(await purge(days(12), true)).toMatchObject({ creatives: 1, consents: 1, runs: 0 });
    expect(consents.stats().records).toBe(1);
    expect(await purge(days(12))).toMatchObject({ creatives: 1, consents: 1 });
    expect(existsSync(join(out, "creatives", "stray.jpg"))).toBe(false);
    expect([creatives(out), consents.stats().records]).toEqual([3, 0]);
    expect(await purge(days(31))).toMatchObject({ runs: 1, creatives: 3 });
    expect(filesWith(out, "4711")).toEqual([]);
    expect(audit.verify().status).toBe("intact");
  });

  it("removes the decisions of a killed run, and counts from the run's end where decisions were rewritten", async () => {
    const { campaign, consents, audit, out, run } = await createWorld(
      stage,
      "aged",
      "retention: { decisions: 30 }",
      PEOPLE,
    );
    await run();
    for (const path of files(out)) utimesSync(path, AT, AT);
    const days = (n: number) => new Date(AT.getTime() + n * 86_400_000);
    // As an erasure does.
    utimesSync(join(out, "decisions.jsonl"), days(20), days(20));
    const { retention } = campaign.privacy;
    const purge = (at: Date) => purgeExpired({ retention, consents, audit, gallery: null, outs: [out], at });
    expect((await purge(days(29))).runs).toBe(0);
    expect((await purge(days(31))).runs).toBe(1);
    const partial = join(out, ".decisions.partial.jsonl");
    writeFileSync(partial, '{"customer_id":"anna-4711"}\n{"customer_id":"bert');
    utimesSync(partial, AT, AT);
    expect((await purge(days(29))).runs).toBe(0);
    expect((await purge(days(31))).runs).toBe(1);
    expect(existsSync(partial)).toBe(false);
    expect((await purge(days(31))).runs).toBe(0);
  });

  it("forgets photos some time after their release, and states its policy as text", async () => {
    const retention = "retention: { releases: 20, decisions: 90 }";
    const { campaign, consents, audit } = await createWorld(stage, "policy", retention, PEOPLE);
    const folder = folderOfTest();
    const labels = join(folder, "photos.csv");
    writeFileSync(
      labels,
      "photo,release_id,release_expires\nbar.jpg,R1,2026-11-01\nwindow.jpg,R2,2027-11-01\n",
    );
    const gallery = await openGallery(join(folder, "gallery"));
    await gallery.index(campaign.inputs.inventory, createFakeEngine(), { labels });
    const purge = (at: string) =>
      purgeExpired({
        retention: campaign.privacy.retention,
        consents,
        audit,
        gallery,
        outs: [],
        at: new Date(at),
      });
    expect((await purge("2026-11-20")).photos).toBe(0);
    expect((await purge("2026-11-23")).photos).toBe(1);
    expect((await gallery.match(new Float32Array(128))).map(({ photo }) => photo.release?.id)).toEqual([
      "R2",
    ]);
    await gallery.close();
    expect(retentionPolicy(campaign)).toContain("| decisions | which offer");
    expect(retentionPolicy(campaign)).toContain("90 days from the end of the campaign's run");
    expect(retentionPolicy(campaign)).toContain("until erased");
    expect(retentionPolicy(campaign)).toMatch(/\| audit \|.*\| permanently \|/);
  });
});

describe("a key for everything", () => {
  it("seals decisions line by line, is changed in one go, and opens nothing under another", async () => {
    const [one, two] = [createVault(Buffer.alloc(32, 1)), createVault(Buffer.alloc(32, 2))];
    const { campaign, consents, audit, out, run } = await createWorld(
      stage,
      "sealed",
      "minimum_age: 18",
      PEOPLE,
      one,
    );
    const { decisions } = await run();
    expect(filesWith(campaign.privacy.folder, "4711")).toEqual([]);
    expect(statSync(join(out, "decisions.jsonl")).mode & 0o777).toBe(0o600);
    expect(await decisionsOf(out, one)).toEqual(decisions);
    const file = join(out, "decisions.jsonl");
    await expect(decisionsOf(out)).rejects.toMatchObject({
      code: "ERR_KEY_REQUIRED",
      message: expect.stringContaining(file),
    });
    await expect(decisionsOf(out, two)).rejects.toMatchObject({
      code: "ERR_KEY_WRONG",
      message: expect.stringContaining(`Could not open line 1 of ${file}: `),
    });
    consents.close();
    audit.close();
    const elsewhere = { ...campaign, inputs: { ...campaign.inputs, gallery: join(out, "none") } };
    const rekey = (from: typeof one | null, to: typeof one | null) =>
      rekeyAll({ campaign: elsewhere, outs: [out], from, to, actor: "test" });
    expect(await rekey(one, two)).toHaveLength(3);
    expect(await rekey(one, two)).toEqual([]);
    expect(await decisionsOf(out, two)).toEqual(decisions);
    await expect(rekey(one, null)).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
    const lines = readFileSync(join(out, "decisions.jsonl"), "utf8").trim().split("\n");
    // Cut off at the end: a decision, all of them, the end alone; and an end that belongs to more decisions.
    const end = lines.at(-1) ?? "";
    for (const cut of [lines.slice(0, -2), [], lines.slice(0, -1)]) {
      writeFileSync(join(out, "decisions.jsonl"), cut.map((line) => `${line}\n`).join(""));
      await expect(decisionsOf(out, two)).rejects.toMatchObject({ code: "ERR_RUN_UNREADABLE" });
    }
    writeFileSync(join(out, "decisions.jsonl"), `${[...lines.slice(0, -2), end].join("\n")}\n`);
    await expect(decisionsOf(out, two)).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
    writeFileSync(join(out, "decisions.jsonl"), `${lines.toReversed().join("\n")}\n`);
    await expect(decisionsOf(out, two)).rejects.toMatchObject({ code: "ERR_KEY_WRONG" });
  });
});

describe("plain words", () => {
  it("tell every reason that a decision can have, and the notice says what the campaign does", async () => {
    const docs = readFileSync(join(import.meta.dirname, "../../docs/campaign.md"), "utf8");
    const [, table = ""] = docs.split("## Why a customer sees the default photo");
    const reasons = [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? "");
    expect(reasons.length).toBeGreaterThan(15);
    expect(reasons.filter((reason) => !isExplained(reason))).toEqual([]);
    const { campaign, run } = await createWorld(stage, "words", "jurisdiction: NL", PEOPLE);
    const [first] = (await run()).decisions;
    if (first === undefined) throw new Error("no decision");
    const about = { campaign: "Spring", currency: "EUR" };
    expect(explainDecision(first, about)).toMatch(/percentage points more often[\s\S]*resembles yours/);
    expect(explainDecision(first, about)).not.toContain("anna");
    const closed = { path: "x", basis: "default", distance: null, reason: "consent_withdrawn" } as const;
    const money = { ...first.offer, uplift: -12.5, unit: "amount", personal: false } as const;
    const inMoney = explainDecision({ ...first, offer: money }, about);
    expect(inMoney).toContain("customers who were shown it spent 12.50 EUR less than");
    expect(inMoney).not.toMatch(/like you|percentage points/);
    expect(explainDecision({ ...first, photo: closed }, about)).toContain("you withdrew your consent");
    const held = { id: "none", basis: "holdout", uplift: null, lift: null, expected_value: null } as const;
    expect(explainDecision({ ...first, offer: held, photo: null }, about)).toContain("random share");
    const notice = privacyNotice(await loadCampaign(campaign.path));
    expect(notice).toContain("GDPR Art. 9(2)(a)");
    expect(notice).toContain("younger than 18");
  });
});
