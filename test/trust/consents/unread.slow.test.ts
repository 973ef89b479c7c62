import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ConsentRegistry, openConsents } from "../../../src/trust/index.ts";
import { folderOfTest } from "../../temporary.ts";
import { AT, consent } from "./contract.ts";

const HEAD = "customer_id,purpose,given_at,method,withdrawn_at";

async function setUp() {
  const folder = folderOfTest();
  const registry = await openConsents(join(folder, "consents.db"));
  onTestFinished(() => registry.close());
  const load = async (...rows: readonly string[]) => {
    const path = join(folder, "consents.csv");
    await writeFile(path, [HEAD, ...rows, ""].join("\n"));
    return registry.import(path, { at: AT });
  };
  return { folder, registry, load };
}

const statusOf = (registry: ConsentRegistry, id: string) =>
  registry.status(id, { crm: { status: "missing" }, crmConsent: "ignore", jurisdiction: "NL", at: AT })
    .status;

describe("a row of a withdrawal that cannot be read", () => {
  it.each([
    ["no date", "c1,face_matching,2026-01-01,written,yesterday"],
    ["an impossible date", "c1,face_matching,2026-01-01,written,31.02.2026"],
    ["a word", "c1,face_matching,2026-01-01,written,ja"],
    ["a wrong method", "c1,face_matching,2026-01-01,by pigeon,2026-06-01"],
    ["an unknown purpose", "c1,Gesichter,2026-01-01,written,2026-06-01"],
    ["an id with blanks", "\u00a0c1 ,face_matching,2026-13-01,written,2026-06-01"],
    ["a quote that is not closed", 'c1,face_matching,2026-01-01,"written,2026-06-01'],
  ])("is rejected, and the consent ends at once: %s", async (_, row) => {
    const { registry, load } = await setUp();
    registry.record(consent());
    const { rows } = await load(row, "c2,face_matching,2026-01-01,written,");
    expect(rows).toMatchObject({ read: 2, refused: 1 });
    expect(statusOf(registry, "c1")).toBe("withdrawn");
  });

  it.each(["NULL", "n/a", "-", "", "nein", "0"])("is none where the cell says %j", async (cell) => {
    const { registry, load } = await setUp();
    registry.record(consent());
    await load(`c1,face_matching,2026-01-01,written,${cell}`);
    expect(statusOf(registry, "c1")).toBe("given");
  });

  it("stops nobody who has consented since, where the file is imported again", async () => {
    const { registry, load } = await setUp();
    await load("c1,face_matching,2026-01-01,written,yesterday");
    registry.record(consent({ givenAt: new Date(AT.getTime() + 3_600_000) }));
    await load("c1,face_matching,2026-01-01,written,yesterday");
    const later = new Date(AT.getTime() + 7_200_000);
    const asked = {
      crm: { status: "missing" },
      crmConsent: "ignore",
      jurisdiction: "NL",
      at: later,
    } as const;
    expect(registry.status("c1", asked).status).toBe("given");
  });
});

it("an erased customer's id is written by no withdrawal", async () => {
  const { folder, registry, load } = await setUp();
  registry.record(consent({ customerId: "erika-muster" }));
  registry.erase("erika-muster", AT);
  expect(registry.withdraw("erika-muster", { at: AT })).toBe(false);
  await load("erika-muster,face_matching,2026-01-01,written,yesterday");
  expect([...registry.ids()]).toEqual([]);
  for (const name of ["consents.db", "consents.db-wal"]) {
    const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
    expect(bytes.includes("erika")).toBe(false);
  }
});
