import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ManifestOffer } from "../../src/handover/index.ts";
import { openConsents } from "../../src/trust/index.ts";
import { CHANNEL_IDS, heldOut, manifest, OFFERS, shown, writeRun } from "../ads/run.ts";
import { lookalike } from "./capture.ts";

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "lookalike-cli-export-"));
  const none = { file: join(out, "privacy", "consents.db"), id: null, crmConsent: "by_law" } as const;
  const run = manifest(CHANNEL_IDS, { consents: none });
  const [apple] = OFFERS as readonly [ManifestOffer];
  await writeRun(out, run, [shown("c-0001", apple, run), heldOut("c-0002")]);
});
afterAll(() => rm(out, { recursive: true, force: true }));

const TO = ["--base-url", "https://cdn.example.com/spring"];

describe("lookalike export", () => {
  it("keeps to the contract of the command line", async () => {
    const utm = ["--utm-source", "braze", "--utm-content", "{offer}"];
    const done = await lookalike("export", "--out", out, "--format", "braze", ...TO, ...utm, "--json");
    expect(done.status).toBe(0);
    expect(done.stdout.trim().split("\n")).toHaveLength(1);
    expect(JSON.parse(done.stdout)).toMatchObject({
      format: "braze",
      rows: 1,
      leftOut: { shownNothing: 1, withoutAddress: 0 },
      files: [{ path: join(out, "exports/braze.csv"), rows: 1 }, { rows: 0 }, { rows: 0 }],
    });
    expect(done.stderr).toContain("1 customers skipped: they are shown nothing");
    expect(readFileSync(join(out, "exports/braze.csv"), "utf8")).toContain(
      "utm_source=braze&utm_content=apple",
    );
  });

  it("ends with 2 and the reason where anything is wrong", async () => {
    const unknown = await lookalike("export", "--out", out, "--format", "brase", ...TO);
    expect(unknown).toMatchObject({ status: 2, stdout: "" });
    expect(unknown.stderr).toContain("Did you mean braze?");
    const mail = await lookalike("export", "--out", out, "--format", "mailchimp", ...TO);
    expect(mail.status).toBe(2);
    expect(mail.stderr).toMatch(/ERR_EXPORT_INVALID[\s\S]*row 1, column Email Address/);
    const utm = await lookalike(
      "export",
      "--out",
      out,
      "--format",
      "csv",
      ...TO,
      "--utm-term",
      "{customer_id}",
    );
    expect(utm.stderr).toContain("ERR_EXPORT_PERSONAL_DATA");
    expect(existsSync(join(out, "exports/mailchimp.csv"))).toBe(false);
    expect((await lookalike("export", "--out", out)).status).toBe(2);
  });
});

describe("lookalike export after consent was withdrawn", () => {
  it("asks the registry that the run asked, and leaves out whom it may no longer use", async () => {
    const folder = join(out, "private");
    const consents = await openConsents(join(folder, "consents.db"));
    const run = manifest(CHANNEL_IDS, { consents: { file: consents.path, crmConsent: "accept" } });
    const [apple] = OFFERS as readonly [ManifestOffer];
    const ads = join(out, "with-registry");
    const alike = ["c-0001", "c-0002", "c-0003"].map((id) => shown(id, apple, run, "window.jpg"));
    await writeRun(ads, run, [...alike, shown("c-0004", apple, run)]);
    const at = new Date(Date.now() - 60_000);
    consents.withdraw("c-0002", { at });
    consents.erase("c-0003", at);
    consents.withdraw("c-0004", { at });
    consents.close();

    const ask = ["export", "--out", ads, "--format", "csv", ...TO];
    const done = await lookalike(...ask, "--json");
    expect(done).toMatchObject({ status: 0 });
    expect(JSON.parse(done.stdout)).toMatchObject({ rows: 2, withheld: { erased: 1, consentEnded: 1 } });
    expect(done.stderr).toContain("1 customers withheld: erased since the run");
    expect(done.stderr).toContain("1 customers withheld: consent to face matching has ended");
    const written = readFileSync(join(ads, "exports/customers.csv"), "utf8");
    expect(written).toContain("c-0001");
    expect(written).not.toMatch(/c-0002|c-0003/);

    await rename(folder, join(out, "moved"));
    const lost = await lookalike(...ask);
    expect(lost.status).toBe(2);
    expect(lost.stderr).toContain("ERR_CONSENTS_REQUIRED");
    expect(existsSync(folder)).toBe(false);
    const named = await lookalike(...ask, "--privacy", join(out, "moved"), "--json");
    expect(JSON.parse(named.stdout)).toMatchObject({ rows: 2 });
  });

  it("finds a registry that was made since the run, and refuses where it cannot know of one", async () => {
    const file = join(out, "since", "consents.db");
    const [apple] = OFFERS as readonly [ManifestOffer];
    const ads = join(out, "without-registry");
    const write = (consents: ReturnType<typeof manifest>["consents"]) => {
      const run = manifest(CHANNEL_IDS, { consents });
      return writeRun(ads, run, [shown("c-0001", apple, run, "window.jpg"), shown("c-0002", apple, run)]);
    };
    const ask = ["export", "--out", ads, "--format", "csv", ...TO];
    await write({ file, id: null, crmConsent: "by_law" });
    expect((await lookalike(...ask)).status).toBe(0);
    const consents = await openConsents(file);
    consents.withdraw("c-0001 ", { at: new Date() });
    consents.close();
    expect((await lookalike(...ask)).status).toBe(0);
    expect(readFileSync(join(ads, "exports/customers.csv"), "utf8")).not.toContain("c-0001");
    // Of an earlier version that says nothing, and from a machine whose folders are not here.
    for (const unknown of [
      null,
      { file: "/nowhere/privacy/consents.db", id: null, crmConsent: "by_law" } as const,
    ]) {
      await write(unknown);
      const refused = await lookalike(...ask);
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_CONSENTS_REQUIRED") });
    }
    await write(null);
    expect((await lookalike(...ask, "--privacy", join(out, "since"))).status).toBe(0);
  });

  it("uses the registries of both folders where a campaign's folder was copied, and the new one after a move", async () => {
    const [first, second] = [join(out, "first"), join(out, "second")];
    const consents = await openConsents(join(first, "privacy/consents.db"));
    const { id, path: file } = consents;
    const asked = { file, fromRun: "../privacy/consents.db", id, crmConsent: "accept" } as const;
    const run = manifest(CHANNEL_IDS, { consents: asked });
    const [apple] = OFFERS as readonly [ManifestOffer];
    const alike = ["c-0001", "c-0002", "c-0003"].map((own) => shown(own, apple, run, "window.jpg"));
    await writeRun(join(first, "ads"), run, alike);
    consents.close();
    await cp(first, second, { recursive: true });
    const withdraw = async (folder: string, customer: string) => {
      const own = await openConsents(join(folder, "privacy/consents.db"));
      own.withdraw(customer, { at: new Date() });
      own.close();
    };
    await withdraw(first, "c-0001");
    await withdraw(second, "c-0002");
    const ask = ["export", "--out", join(second, "ads"), "--format", "csv", ...TO, "--json"];
    expect(JSON.parse((await lookalike(...ask)).stdout)).toMatchObject({ withheld: { consentEnded: 2 } });
    await rm(first, { recursive: true });
    expect(JSON.parse((await lookalike(...ask)).stdout)).toMatchObject({ withheld: { consentEnded: 1 } });
  });

  it("does not ask another that stands in the place of the one that the run asked", async () => {
    const consents = await openConsents(join(out, "anew", "consents.db"));
    const asked = { file: consents.path, id: "of the one that was lost", crmConsent: "accept" } as const;
    consents.close();
    const run = manifest(CHANNEL_IDS, { consents: asked });
    const [apple] = OFFERS as readonly [ManifestOffer];
    const ads = join(out, "with-another");
    await writeRun(ads, run, [shown("c-0001", apple, run, "window.jpg")]);
    const refused = await lookalike("export", "--out", ads, "--format", "csv", ...TO);
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_CONSENTS_REQUIRED") });
    expect(existsSync(join(ads, "exports"))).toBe(false);
  });
});

describe("docs/export.md", () => {
  const docs = readFileSync(resolve(import.meta.dirname, "../../docs/export.md"), "utf8");

  it("shows a command that works, and names every option", async () => {
    const example = /```sh\n([\s\S]*?)```/.exec(docs)?.[1]?.replaceAll("\\\n", " ").trim() ?? "";
    const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    expect(words.slice(0, 2)).toEqual(["lookalike", "export"]);
    const here: Readonly<Record<string, string>> = { ads: out, mailchimp: "braze" };
    const there = words.slice(1).map((word) => here[word] ?? word);
    const args = there.filter((word, i) => word !== "--contacts" && there[i - 1] !== "--contacts");
    expect(await lookalike(...args)).toMatchObject({ status: 0 });
    const { stdout } = await lookalike("export", "--help");
    const options = [...stdout.matchAll(/--[a-z-]+/g)].map(([option]) => option);
    expect(options.length).toBeGreaterThan(12);
    for (const option of options.filter((name) => name !== "--help")) expect(docs).toContain(`\`${option}\``);
  });
});
