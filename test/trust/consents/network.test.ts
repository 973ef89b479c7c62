import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ConsentRecord, type ConsentRegistry, openConsents } from "../../../src/trust/index.ts";

const AT = new Date("2026-11-21T12:00:00Z");
const NOW = { at: AT, jurisdiction: "NL" };

async function open(): Promise<ConsentRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "lookalike-network-consents-"));
  const registry = await openConsents(join(folder, "consents.db"));
  onTestFinished(async () => {
    registry.close();
    await rm(folder, { recursive: true, force: true });
  });
  return registry;
}

const consent = (customerId: string, over: Partial<ConsentRecord> = {}): ConsentRecord => ({
  customerId,
  purpose: "network",
  notice: "2026-03",
  givenAt: new Date("2026-03-01"),
  method: "online_form",
  expiresAt: null,
  jurisdiction: null,
  ...over,
});

describe("consenting to the network", () => {
  it("is a purpose of its own: consent to face matching is none to the network", async () => {
    const registry = await open();
    registry.record(consent("a", { purpose: "face_matching" }));
    registry.record(consent("b"));
    expect([...registry.consenting("network", NOW)]).toEqual(["b"]);
    expect([...registry.consenting("face_matching", NOW)]).toEqual(["a"]);
  });

  it("leaves out the withdrawn, the expired, the erased, and those whose law asks for more", async () => {
    const registry = await open();
    for (const id of ["erased", "late", "live", "withdrawn"]) registry.record(consent(id));
    registry.record(consent("expired", { expiresAt: new Date("2026-10-01") }));
    registry.record(consent("illinois", { jurisdiction: "US-IL" }));
    registry.withdraw("withdrawn", { at: AT, purpose: "network" });
    registry.withdraw("late", { at: new Date("2026-01-01"), purpose: "network" });
    registry.erase("erased", AT);
    expect([...registry.consenting("network", NOW)]).toEqual(["late", "live"]);
    // Of records that name no law, the strictest holds where the campaign has none either.
    expect([...registry.consenting("network", { at: AT, jurisdiction: null })]).toEqual([]);
  });

  it("counts everyone of more ids than one page has", async () => {
    const registry = await open();
    for (let i = 0; i < 1201; i++) registry.record(consent(`c${i}`));
    expect([...registry.consenting("network", NOW)]).toHaveLength(1201);
  });
});

describe("a permit", () => {
  const both = async () => {
    const registry = await open();
    registry.record(consent("i"));
    registry.record(consent("j"));
    return registry;
  };
  const uses = (permit: string) => [{ customerId: "i", permit }];

  it("holds while both consent, is the same for the same two, and names neither of them", async () => {
    const registry = await both();
    const permit = registry.permit(" i", ["j"], null);
    expect(registry.permit("i", ["j "], null)).toBe(permit);
    expect(registry.permit("j", ["i"], null)).not.toBe(permit);
    expect(permit).toMatch(/^[0-9a-f]{32}$/);
    expect(registry.endedPermits(uses(permit), AT)).toEqual(new Set());
    const bytes = (await readFile(registry.path)).toString("latin1");
    expect(bytes).not.toContain('["permit"');
  });

  it.each(["network", "face_matching", undefined] as const)(
    "ends when the contact withdraws %s, whatever the spelling of the id",
    async (purpose) => {
      const registry = await both();
      const permit = registry.permit("i", ["j"], null);
      registry.withdraw("\u00a0j ", { at: AT, purpose });
      expect(registry.endedPermits(uses(permit), AT)).toEqual(new Set([permit]));
    },
  );

  it("ends when the customer withdraws, when either is erased, when time runs out, and when it was never given", async () => {
    const registry = await both();
    const permit = registry.permit("i", ["j"], null);
    registry.withdraw("i", { at: AT, purpose: "network" });
    expect(registry.endedPermits(uses(permit), AT).size).toBe(1);

    const second = await both();
    const other = second.permit("i", ["j"], null);
    second.erase("j", AT);
    expect(second.endedPermits(uses(other), AT).size).toBe(1);

    const third = await both();
    const brief = third.permit("i", ["j"], new Date("2026-11-22"));
    expect(third.endedPermits(uses(brief), AT).size).toBe(0);
    expect(third.endedPermits(uses(brief), new Date("2026-11-22")).size).toBe(1);
    expect(third.endedPermits(uses("0".repeat(32)), AT).size).toBe(1);
  });

  it("stays when the contact withdraws the use of a photo alone", async () => {
    const registry = await both();
    const permit = registry.permit("i", ["j"], null);
    registry.withdraw("j", { at: AT, purpose: "photo" });
    expect(registry.endedPermits(uses(permit), AT).size).toBe(0);
  });

  it.each(["k", "l"])(
    "ends when %s withdraws, on whom it depends, and leaves no row of the others",
    async (other) => {
      const registry = await both();
      for (const id of ["k", "l"]) registry.record(consent(id));
      const permit = registry.permit("i", ["j", "k ", "l"], null);
      expect(registry.endedPermits(uses(permit), AT).size).toBe(0);
      const elsewhere = registry.permit("m", ["j"], null);
      registry.withdraw(other, { at: AT, purpose: "network" });
      expect(registry.endedPermits(uses(permit), AT)).toEqual(new Set([permit]));
      // Other people's permits stay, and a new choice may depend on others.
      registry.record(consent("m"));
      expect(registry.endedPermits([{ customerId: "m", permit: elsewhere }], AT).size).toBe(0);
      registry.record(consent("n"));
      registry.permit("i", ["j", "n"], null);
      registry.withdraw("n", { at: AT });
      expect(registry.endedPermits(uses(permit), AT).size).toBe(1);
    },
  );

  it("ends when a contact's withdrawal comes from a file", async () => {
    const registry = await both();
    const permit = registry.permit("i", ["j"], null);
    const file = join(registry.path, "..", "rows.csv");
    await writeFile(
      file,
      "customer_id,purpose,notice_version,given_at,method,withdrawn_at\nj,network,2026-03,2026-03-01,online_form,2026-11-20\n",
    );
    await registry.import(file, { at: AT });
    expect(registry.endedPermits(uses(permit), AT).size).toBe(1);
  });
});
