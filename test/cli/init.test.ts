import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCampaign } from "../../src/campaign/index.ts";
import { answering, lookalike } from "./capture.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const put = (name: string, text = "") => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-init-"));
  put(
    "crm.csv",
    'MSISDN,age,"Plan: name",selfie,newsletter_consent,face_consent\n' +
      "0701,31,Gold,selfies/a.jpg,2026-01-02,2026-01-02\n0702,44,Basic,selfies/b.jpg,,\n0703,18,Basic,,,\n",
  );
  for (const name of ["selfies/a.jpg", "selfies/b.jpg", "selfies/c.jpg", "shoot/1.jpg", "shoot/2.jpg"])
    put(name);
  put("brand/default.jpg");
  put("exp.csv", "id,arm,bought\n0701,Gold Bundle,1\n0702,no offer,0\n0703,Watch,0\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const init = (...more: string[]) =>
  lookalike("init", "--customers", at("crm.csv"), "--out", at("campaign.yaml"), ...more);

describe("lookalike init", () => {
  it("drafts a campaign that loads, from header, photos and the arms of an experiment", async () => {
    const { status, stdout, stderr } = await init("--experiment", at("exp.csv"), "--brand", "Lumo");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(stderr).toContain("customer_id: column MSISDN");
    const campaign = await loadCampaign(at("campaign.yaml"));
    expect(campaign.inputs.customers.columns).toEqual({
      customer_id: "MSISDN",
      photo: "selfie",
      consent_biometric: "face_consent",
    });
    // Customers' portraits are three, the campaign's photos two: they never become the inventory.
    expect(campaign.inputs.inventory).toEqual([at("shoot")]);
    expect(campaign.photos.default).toBe(at("brand/default.jpg"));
    expect(campaign.inputs.experiment).toMatchObject({
      control: "no offer",
      columns: { treatment: "arm", outcome: "bought", customer_id: "id" },
    });
    expect(campaign.offers.map(({ id, arm, product }) => [id, arm, product])).toEqual([
      ["gold-bundle", "Gold Bundle", "Gold Bundle"],
      ["watch", "Watch", "Watch"],
    ]);
    expect(campaign.privacy.crmConsent).toBe("by_law");
    expect(campaign.experiment.explore).toBe(0);
    const text = readFileSync(at("campaign.yaml"), "utf8");
    expect(text).toContain("Plan: name, newsletter_consent");
    expect(text.match(/TODO/g)?.length).toBeGreaterThan(3);
  });

  it("names the roles of an experiment's columns that no name makes clear", async () => {
    const todoOf = async (header: string) => {
      put("exp.csv", `${header}\n0701;Gold;1\n0702;none;0\n`);
      const { status, stdout } = await init("--experiment", at("exp.csv"), "--json", "--force");
      expect(status).toBe(0);
      return JSON.parse(stdout).todo.join("\n");
    };
    expect(await todoOf("Kundennummer;gezeigt;gekauft")).toContain(
      "Name the treatment and the outcome column",
    );
    expect(await todoOf("id;arm;gekauft")).toContain("Name the outcome column");
    expect(await todoOf("id;arm;bought")).not.toContain("inputs.experiment.columns");
  });

  it("says what is missing, and maps no other consent to face matching", async () => {
    put("crm.csv", "id,newsletter_consent\n1,2026-01-02\n2,\n");
    rmSync(at("shoot"), { recursive: true });
    rmSync(at("selfies"), { recursive: true });
    rmSync(at("brand"), { recursive: true });
    const { status, stdout } = await init("--json", "--product", "Ünïcode & more", "42");
    const found = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(found).toMatchObject({
      columns: { customer_id: "id" },
      features: ["newsletter_consent"],
      photos: { folder: null, default: null },
      offers: ["n-code-more", "42"],
    });
    expect(found.todo.join("\n")).toMatch(
      /photos into a folder[\s\S]*paths of portraits[\s\S]*drawn at random[\s\S]*past experiment/,
    );
    expect(readFileSync(at("campaign.yaml"), "utf8")).toContain("explore: 1");
    expect(found.todo.at(-1)).toContain("default.jpg");
    expect(found.todo.join("\n")).not.toMatch(/found \d problem|\\n/);
  });

  it("keeps a file that is there unless --force is given", async () => {
    put("campaign.yaml", "mine");
    expect(await init()).toMatchObject({ status: 2, stderr: expect.stringContaining("--force") });
    expect(readFileSync(at("campaign.yaml"), "utf8")).toBe("mine");
    expect((await init("--force")).status).toBe(0);
    expect(readFileSync(at("campaign.yaml"), "utf8")).toContain("MSISDN");
  });

  it("refuses a file without an id, and takes the columns that are named", async () => {
    put("crm.csv", "group,age\na,1\na,2\na,2\n");
    expect(await init()).toMatchObject({ status: 2, stderr: expect.stringContaining("ERR_COLUMN_MISSING") });
    expect(await init("--id", "agee")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('"agee"'),
    });
    expect((await init("--id", "group")).status).toBe(0);
    expect((await loadCampaign(at("campaign.yaml"))).inputs.customers.columns.customer_id).toBe("group");
  });

  it("asks on a terminal, with what was found as the answer to an empty line", async () => {
    const { status, stderr } = await answering(
      ["no.csv", "", "", "Coffee, Tea", "Autumn", "Lumo"],
      ...["init", "--out", at("campaign.yaml")],
    );
    expect(status).toBe(0);
    expect(stderr).toContain("crm.csv]: ");
    // A file that does not exist is asked for again.
    expect(stderr).toMatch(/no\.csv does not exist/);
    const campaign = await loadCampaign(at("campaign.yaml"));
    expect(campaign).toMatchObject({ name: "Autumn", brand: { name: "Lumo" } });
    expect(campaign.offers.map(({ id }) => id)).toEqual(["coffee", "tea"]);
  });

  it("takes lines that are pasted at the first question as the answers to the next ones", async () => {
    const pasted = "\n\nCoffee\nAutumn\nLumo";
    const { status } = await answering([pasted], "init", "--out", at("campaign.yaml"));
    expect(status).toBe(0);
    const campaign = await loadCampaign(at("campaign.yaml"));
    expect(campaign).toMatchObject({ name: "Autumn", brand: { name: "Lumo" } });
  });

  it("ends as interrupted, and writes nothing, when the input ends at a question", async () => {
    const { status, stderr } = await answering(["", null], "init", "--out", at("campaign.yaml"));
    expect(status).toBe(130);
    expect(stderr).toContain("Interrupted");
    expect(existsSync(at("campaign.yaml"))).toBe(false);
  });

  it("asks nothing without a terminal", async () => {
    const { status, stderr } = await lookalike("init", "--out", at("campaign.yaml"));
    expect(status).toBe(2);
    expect(stderr).toContain("Expected --customers");
    expect(existsSync(at("campaign.yaml"))).toBe(false);
  });
});
