import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireReplaceable } from "../../src/cli/output-files.ts";
import { lookalike } from "./capture.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lookalike-outputs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONSENTS = "customer_id,purpose,given_at,method\nc-1,face_matching,2026-01-01,written\nc-2,x,y,z\n";

describe("an output file", () => {
  it("of rejected rows does not replace the table they are from", async () => {
    const table = join(folder, "consents.csv");
    const privacy = join(folder, "privacy");
    writeFileSync(table, CONSENTS);
    const refusedTo = (path: string) =>
      lookalike("consent", "import", table, "--privacy", privacy, "--refused", path);
    const { status, stderr } = await refusedTo(table);
    expect([status, stderr]).toEqual([2, expect.stringContaining("ERR_OUTPUT_UNWRITABLE")]);
    expect(readFileSync(table, "utf8")).toBe(CONSENTS);
    expect(existsSync(privacy)).toBe(false);
    for (let i = 0; i < 2; i++) expect((await refusedTo(join(folder, "refused.csv"))).status).toBe(3);
  });

  it.each([
    ["evaluate", "faces", "photos", "--html"],
    ["report", "switching", "--campaign", "campaign.yaml", "--html"],
    ["train", "--campaign", "campaign.yaml", "--report"],
    ["match", "photo.jpg", "--gallery", "gallery", "--sheet"],
    ["preview", "--campaign", "campaign.yaml", "--out"],
    ["train", "--log", "log.csv", "--model"],
    ["metric", "fit", "judgements.jsonl", "--gallery", "gallery", "--out"],
  ])("of %s does not replace a file of another kind", async (...args) => {
    const table = join(folder, "customers.csv");
    writeFileSync(table, CONSENTS);
    const { status, stderr } = await lookalike(...args, table);
    expect([status, stderr]).toEqual([2, expect.stringContaining("ERR_OUTPUT_UNWRITABLE")]);
    expect(readFileSync(table, "utf8")).toBe(CONSENTS);
  });

  it("of init replaces a campaign only, even by force", async () => {
    const table = join(folder, "customers.csv");
    writeFileSync(table, CONSENTS);
    const init = ["init", "--customers", table, "--brand", "Lumo", "--json", "--force", "--out"];
    expect((await lookalike(...init, table)).status).toBe(2);
    expect(readFileSync(table, "utf8")).toBe(CONSENTS);
  });

  it.each([
    ["html", "<!doctype html><html>"],
    ["png", Buffer.from("\x89PNG\r\n", "latin1")],
    ["refused", "source,row,code,reason\n"],
    ["html", ""],
  ] as const)("replaces an earlier one: %s", async (kind, content) => {
    const path = join(folder, "earlier");
    await requireReplaceable(path, kind);
    writeFileSync(path, content);
    await requireReplaceable(path, kind);
  });
});
