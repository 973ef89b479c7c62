import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Gallery, openGallery } from "../../src/gallery/index.ts";
import { decodePhoto, encodeImage } from "../../src/io/image/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { folderOfTest } from "../temporary.ts";
import { AT } from "./fixture.ts";
import { createWorld, openStage, type Stage } from "./world.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** So many seconds after the clock of the runs. */
const later = (seconds: number) => new Date(AT.getTime() + 1000 * seconds);

type Customers = Parameters<typeof createWorld>[3];
const world = (name: string, privacy: string, customers: Customers) =>
  createWorld(stage, name, privacy, customers);

describe("a face is computed", () => {
  it("only with consent: a withdrawal beats the customers' file, and its portrait stays closed", async () => {
    const { consents, run } = await world("withdrawn", "minimum_age: 18", [
      ["a", "60", "NL"],
      ["b", "60", "NL"],
    ]);
    expect((await run()).reasonOf("b")).toBe("nearest");
    consents.withdraw("b", { at: AT });
    const after = await run();
    expect([after.reasonOf("a"), after.reasonOf("b")]).toEqual(["nearest", "consent_withdrawn"]);
    expect(after.opened).toEqual(["0"]);
  });

  it("never of minors, of people of unknown age, or of those whom the campaign excludes", async () => {
    const { run } = await world("minors", "exclude: country = 'XX'", [
      ["adult", "18", "NL"],
      ["minor", "17", "NL"],
      ["child", "0", "NL"],
      ["unknown", "", "NL"],
      ["negative", "-3", "NL"],
      ["excluded", "60", "XX"],
    ]);
    const { opened, reasonOf } = await run();
    expect(["adult", "minor", "child", "unknown", "negative", "excluded"].map(reasonOf)).toEqual([
      "nearest",
      "minor",
      "minor",
      "age_unknown",
      "age_unknown",
      "excluded_from_matching",
    ]);
    expect(opened).toEqual(["0"]);
  });

  it("not without the registry, where the campaign has rules for personal data", async () => {
    const { run } = await world("unasked", "minimum_age: 18", [["a", "60", "NL"]]);
    await expect(run({ consents: undefined })).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });

  it("not with a new registry in the place of the one that the last run asked, nor with none", async () => {
    const { consents, audit, campaign, run } = await world("replaced", "minimum_age: 18", [
      ["a", "60", "NL"],
    ]);
    consents.withdraw("a", { at: AT });
    expect((await run()).reasonOf("a")).toBe("consent_withdrawn");
    expect([...audit.entries({ action: "run.start" })][0]?.detail.registry).toBe(consents.id);
    const other = await openConsents(join(campaign.privacy.folder, "new", "consents.db"));
    onTestFinished(() => other.close());
    expect(other.id).not.toBe(consents.id);
    const lost = { code: "ERR_CONSENTS_REQUIRED", message: expect.stringContaining(consents.path) };
    await expect(run({ consents: other })).rejects.toMatchObject(lost);
    const undeclared = { ...campaign, privacy: { ...campaign.privacy, isDeclared: false } };
    await expect(run({ campaign: undeclared, consents: null })).rejects.toMatchObject(lost);
    // Moved, it is still the same.
    consents.close();
    const moved = join(campaign.privacy.folder, "moved");
    mkdirSync(moved);
    for (const name of readdirSync(campaign.privacy.folder)) {
      if (name.startsWith("consents.db")) renameSync(join(campaign.privacy.folder, name), join(moved, name));
    }
    const again = await openConsents(join(moved, "consents.db"));
    onTestFinished(() => again.close());
    expect((await run({ consents: again })).reasonOf("a")).toBe("consent_withdrawn");
  });

  it("by the law of the place, where the campaign does not vouch for the customers' file", async () => {
    const { consents, run } = await world("places", "jurisdiction_column: country", [
      ["dutch", "60", "NL"],
      ["dutch-shown", "60", "NL"],
      ["californian", "60", "US-CA"],
      ["somewhere", "60", ""],
    ]);
    consents.record({
      customerId: "dutch-shown",
      purpose: "face_matching",
      notice: "v3",
      givenAt: AT,
      method: "online_form",
      expiresAt: null,
      jurisdiction: null,
    });
    const { reasonOf, opened } = await run();
    expect(["dutch", "dutch-shown", "californian", "somewhere"].map(reasonOf)).toEqual([
      "consent_insufficient",
      "nearest",
      "nearest",
      "consent_insufficient",
    ]);
    expect(opened).toEqual(["1", "2"]);
  });

  it("with every single computation in the audit log, and no one's name", async () => {
    const { audit, run } = await world("audited", "minimum_age: 18", [
      ["erika-1", "60", "NL"],
      ["erika-2", "16", "NL"],
      ["erika-3", "60", "NL"],
    ]);
    await run();
    const actions = [...audit.entries()].map(({ action }) => action);
    expect(actions).toEqual(["run.start", "face.compute", "face.compute", "run.finish"]);
    expect([...audit.entries({ customerId: "erika-3" })]).toHaveLength(1);
    expect([...audit.entries({ customerId: "erika-2" })]).toHaveLength(0);
    expect(JSON.stringify([...audit.entries()])).not.toContain("erika");
    expect(audit.verify().status).toBe("intact");
  });
});

describe("a portrait that is removed while a run is under way", () => {
  it.each([
    ["removed", (path: string) => rmSync(path)],
    ["moved", (path: string) => renameSync(path, `${path}.old`)],
    ["overwritten by other bytes", (path: string) => writeFileSync(path, "not a photo")],
  ] as const)("shows the default photo and ends nothing: %s", async (how, change) => {
    const name = `gone-${how.length}`;
    const { run } = await world(name, "minimum_age: 18", [
      ["first", "60", "NL"],
      ["second", "60", "NL"],
    ]);
    const path = join(stage.folder, `portraits/${name}-0.jpg`);
    // So near that the portrait is read again, to find out whether it is a copy.
    const { image } = await decodePhoto(path);
    const lighter = { ...image, data: image.data.map((value) => Math.min(255, value + 28)) };
    const folder = folderOfTest();
    const photo = join(folder, "lighter.jpg");
    writeFileSync(photo, await encodeImage(lighter, { format: "jpeg" }));
    const gallery = await openGallery(join(folder, "gallery"));
    await gallery.index([photo], createFakeEngine());
    onTestFinished(() => gallery.close());
    const { reasonOf } = await run({
      gallery,
      onDecode: (file) => void (file.endsWith(`${name}-0.jpg`) && change(path)),
    });
    expect(["first", "second"].map(reasonOf)).toEqual(["photo_unreadable", "too_similar"]);
  });
});

describe("a withdrawal while a run is under way", () => {
  it("holds for the portrait that is being described and for all after it", async () => {
    const { consents, run } = await world("at-once", "minimum_age: 18", [
      ["first", "60", "NL"],
      ["second", "60", "NL"],
      ["third", "60", "NL"],
    ]);
    const { reasonOf, opened } = await run({
      onDecode(photo) {
        if (!photo.endsWith("at-once-1.jpg")) return;
        consents.withdraw("second", { at: later(25) });
        consents.withdraw("third", { at: later(3600) });
      },
    });
    expect(["first", "second", "third"].map(reasonOf)).toEqual([
      "nearest",
      "consent_withdrawn",
      "consent_withdrawn",
    ]);
    expect(opened).toEqual(["0", "1"]);
  });

  it("and an end of consent hold at the moment of computing, not at that of the start", async () => {
    const { consents, run } = await world("ends", "crm_consent: ignore", [
      ["first", "60", "NL"],
      ["second", "60", "NL"],
      ["third", "60", "NL"],
    ]);
    for (const customerId of ["first", "second", "third"]) {
      const expiresAt = customerId === "third" ? null : later(10);
      const shown = {
        purpose: "face_matching",
        notice: "v1",
        method: "written",
        jurisdiction: "NL",
      } as const;
      consents.record({ ...shown, customerId, givenAt: new Date("2026-01-01"), expiresAt });
    }
    let clock = AT;
    const { reasonOf, opened } = await run({
      jobs: 1,
      now: () => clock,
      onDecode(photo) {
        if (photo.endsWith("ends-0.jpg")) clock = later(10);
      },
    });
    expect(["first", "second", "third"].map(reasonOf)).toEqual([
      "consent_expired",
      "consent_expired",
      "nearest",
    ]);
    expect(opened).toEqual(["0", "2"]);
  });

  it("takes the face out of an ad that is being drawn", async () => {
    const { consents, run } = await world("drawn", "minimum_age: 18", [
      ["a", "60", "NL"],
      ["b", "60", "NL"],
    ]);
    const { match } = stage.gallery;
    const gallery: Gallery = {
      ...stage.gallery,
      async match(...request) {
        const found = await match(...request);
        consents.withdraw("a", { at: later(1) });
        return found;
      },
    };
    const { reasonOf } = await run({ gallery, jobs: 1 });
    expect(["a", "b"].map(reasonOf)).toEqual(["consent_withdrawn", "nearest"]);
  });

  it("makes the interrupted run begin anew instead of taking its decisions over", async () => {
    const { consents, run } = await world(
      "anew",
      "minimum_age: 18",
      ["first", ..."bcdefghij"].map((id) => [id, "60", "NL"] as const),
    );
    const stop = new AbortController();
    const interrupted = run({ signal: stop.signal, jobs: 1, onProgress: () => stop.abort() });
    await expect(interrupted).rejects.toMatchObject({ code: "ERR_ABORTED" });
    consents.withdraw("first", { at: AT });
    const { report, reasonOf } = await run();
    expect(report.resumed).toBe(0);
    expect(reasonOf("first")).toBe("consent_withdrawn");
  });
});

describe("an erased customer", () => {
  it("is left out of the next run altogether, though the customers' file still has them", async () => {
    const { consents, out, run } = await world("erased", "minimum_age: 18", [
      ["a", "60", "NL"],
      ["erika", "60", "NL"],
    ]);
    consents.erase("erika", AT);
    const { decisions, opened, report } = await run();
    expect(decisions.map(({ customer_id }) => customer_id)).toEqual(["a"]);
    expect([report.erased, opened]).toEqual([1, ["0"]]);
    for (const name of readdirSync(out, { recursive: true, encoding: "utf8" })) {
      if (/\.jsonl?$|\.html$/.test(name))
        expect(readFileSync(join(out, name), "utf8")).not.toContain("erika");
    }
  });
});

describe("a privacy section that cannot hold", () => {
  it.each([
    ["age_column: agee", "ERR_CAMPAIGN_INVALID"],
    ["jurisdiction_column: land", "ERR_CAMPAIGN_INVALID"],
    ["exclude: vip = 1", "ERR_PREDICATE_INVALID"],
  ])("is refused before any portrait is opened: %s", async (privacy, code) => {
    const { run } = await world("wrong", privacy, [["a", "60", "NL"]]);
    await expect(run()).rejects.toMatchObject({ code });
  });

  it("is refused when it would let minors in", async () => {
    await expect(world("low", "minimum_age: 16", [["a", "60", "NL"]])).rejects.toMatchObject({
      code: "ERR_CAMPAIGN_INVALID",
    });
  });
});
