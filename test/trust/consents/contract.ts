import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type Consent,
  type ConsentQuestion,
  type ConsentRecord,
  type ConsentRegistry,
  findRule,
  PURPOSES,
} from "../../../src/trust/index.ts";
import { folderOfTest } from "../../temporary.ts";

export const AT = new Date("2026-11-21T12:00:00Z");
const day = (text: string) => new Date(`${text}T00:00:00Z`);
const NO_CRM: Consent = { status: "missing" };
const CRM: Consent = { status: "given", givenAt: day("2026-01-01"), expiresAt: null };

export const consent = (over: Partial<ConsentRecord> = {}): ConsentRecord => ({
  customerId: "c1",
  purpose: "face_matching",
  notice: "2026-03",
  givenAt: day("2026-03-01"),
  method: "online_form",
  expiresAt: null,
  jurisdiction: "NL",
  ...over,
});

const ask = (over: Partial<ConsentQuestion> = {}): ConsentQuestion => ({
  crm: NO_CRM,
  jurisdiction: "NL",
  at: AT,
  ...over,
});

/**
 * What every consent registry keeps, wherever its tables are.
 *
 * @param openIn opens the registry that belongs to a folder; the same folder gives the same registry
 */
export function describeRegistry(openIn: (folder: string) => Promise<ConsentRegistry>): void {
  const open = async (folder?: string): Promise<ConsentRegistry> => {
    const registry = await openIn(folder ?? folderOfTest());
    onTestFinished(() => registry.close());
    return registry;
  };

  describe("a consent", () => {
    it("to use a photo does not cover face matching", async () => {
      const registry = await open();
      registry.record(consent({ purpose: "photo" }));
      expect(registry.status("c1", ask())).toEqual({ status: "missing" });
      registry.record(consent());
      expect(registry.status("c1", ask()).status).toBe("given");
      expect(registry.status("c2", ask())).toEqual({ status: "missing" });
    });

    it("is not there before it is given and over at the moment it expires", async () => {
      const registry = await open();
      registry.record(consent({ expiresAt: day("2026-06-01") }));
      const at = (text: string) => registry.status("c1", ask({ at: new Date(text) })).status;
      expect(at("2026-02-28T23:59:59.999Z")).toBe("future");
      expect(at("2026-03-01T00:00:00Z")).toBe("given");
      expect(at("2026-05-31T23:59:59.999Z")).toBe("given");
      expect(at("2026-06-01T00:00:00Z")).toBe("expired");
    });

    it("must meet the local law", async () => {
      const registry = await open();
      const judge = (record: Partial<ConsentRecord>, jurisdiction: string | null, crm = NO_CRM) => {
        const id = JSON.stringify([record, jurisdiction]);
        registry.record(consent({ customerId: id, ...record }));
        const verdict = registry.status(id, ask({ jurisdiction, crm }));
        return verdict.status === "insufficient" ? verdict.lacking : verdict.status;
      };
      expect(judge({}, "NL")).toBe("given");
      expect(judge({ notice: null }, "NL")).toBe("notice");
      expect(judge({ method: "verbal" }, "NL")).toBe("method");
      expect(judge({}, "US-IL")).toBe("method");
      expect(judge({ method: "electronic_signature" }, "US-IL")).toBe("given");
      expect(judge({ method: "written", givenAt: day("2023-11-01") }, "US-IL")).toBe("age");
      expect(judge({ method: "verbal" }, "US-TX")).toBe("given");
      expect(judge({ method: "verbal", notice: null }, "US-CA")).toBe("given");
      expect(judge({ jurisdiction: null }, null)).toBe("method");
      expect(judge({ jurisdiction: "NL" }, null)).toBe("given");
      expect(findRule("NL")).toBe(findRule("de"));
    });

    it("in the customers' file counts where a bare date is enough, and only there", async () => {
      const registry = await open();
      const status = (jurisdiction: string | null) =>
        registry.status("c1", ask({ crm: CRM, jurisdiction })).status;
      expect(status("US-CA")).toBe("given");
      expect(status("NL")).toBe("insufficient");
      expect(status(null)).toBe("insufficient");
    });

    it("is refused when it cannot be one", async () => {
      const registry = await open();
      const wrong: Partial<ConsentRecord>[] = [
        { customerId: " " },
        { purpose: "everything" as never },
        { method: "guess" as never },
        { givenAt: new Date(Number.NaN) },
        { expiresAt: day("2026-02-01") },
        { jurisdiction: "Netherlands" },
        { notice: "x".repeat(101) },
      ];
      for (const over of wrong) {
        expect(() => registry.record(consent(over)), JSON.stringify(over)).toThrow(
          expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
        );
      }
      expect(registry.stats().records).toBe(0);
    });
  });

  describe("who may no longer be used", () => {
    it("checks thousands at once with the same result as one by one", async () => {
      const registry = await open();
      const record = (customerId: string, over: Partial<ConsentRecord> = {}) =>
        registry.record(consent({ customerId, ...over }));
      record("holds");
      record("expired", { expiresAt: day("2026-06-01") });
      record("renewed", { expiresAt: day("2026-06-01") });
      record("renewed", { givenAt: day("2026-06-02") });
      record("withdrawn");
      registry.withdraw("withdrawn", { at: day("2026-07-01") });
      registry.withdraw("withdrawn unseen", { at: day("2026-07-01") });
      registry.withdraw("returned", { at: day("2026-07-01") });
      record("returned", { givenAt: day("2026-08-01") });
      record("photo only", { purpose: "photo" });
      registry.erase("erased", AT);
      const others = Array.from({ length: 2500 }, (_, i) => `other ${i}`);
      const named = "holds,expired,renewed,withdrawn,withdrawn unseen,returned,photo only,erased".split(",");
      const ids = [...others, ...named, "'); DROP TABLE consents; --", "\0"];
      expect(Object.fromEntries(registry.stopped(ids, { at: AT }))).toEqual({
        expired: "expired",
        withdrawn: "withdrawn",
        "withdrawn unseen": "withdrawn",
        erased: "erased",
      });
      // A withdrawal that is stamped ahead of the clock holds at once.
      expect(registry.stopped(["withdrawn"], { at: day("2026-06-30") }).get("withdrawn")).toBe("withdrawn");
      const strict = registry.stopped(ids, { at: AT, crmConsent: "ignore" });
      expect([strict.get("photo only"), strict.get("holds"), strict.get("other 2499")]).toEqual([
        "missing",
        undefined,
        "missing",
      ]);
    });

    it("has the same result when it is watched, after each change by either of two connections", async () => {
      const folder = folderOfTest();
      const [here, there] = [await open(folder), await open(folder)];
      const watched = here.watchStopped();
      const ids = ["a", "b", "c", "Jose\u0301", "nobody"];
      const times = [day("2026-03-15"), day("2026-06-15"), AT];
      const expectSame = () => {
        for (const at of times) {
          for (const crmConsent of ["by_law", "ignore"] as const) {
            const options = { at, crmConsent };
            expect(watched(ids, options)).toEqual(there.stopped(ids, options));
          }
        }
      };
      const changes: readonly ((registry: ConsentRegistry) => void)[] = [
        (registry) => registry.record(consent({ customerId: "a", expiresAt: day("2026-06-01") })),
        (registry) => registry.record(consent({ customerId: "b", givenAt: day("2026-06-10") })),
        (registry) => registry.withdraw("a", { at: day("2026-04-01"), purpose: "photo" }),
        (registry) => registry.withdraw("Jos\u00e9", { at: day("2026-05-01") }),
        (registry) => registry.withdraw("b", { at: day("2026-07-01") }),
        (registry) => registry.purge(day("2026-06-15")),
        (registry) => registry.record(consent({ customerId: "b", givenAt: day("2026-08-01") })),
        (registry) => registry.erase("b", AT),
        (registry) => registry.withdraw("c", { at: AT }),
        (registry) => registry.erase("nobody", AT),
      ];
      expectSame();
      for (const [i, change] of changes.entries()) {
        change(i % 2 === 0 ? there : here);
        expectSame();
      }
      expect([...watched(ids, { at: AT }).keys()].sort()).toEqual(["Jose\u0301", "b", "c", "nobody"]);
    });
  });

  describe("a withdrawal", () => {
    it("holds at once, in another process's eyes too, and beats the customers' file", async () => {
      const folder = folderOfTest();
      const [registry, other] = [await open(folder), await open(folder)];
      registry.record(consent());
      const before = other.version;
      expect(other.status("c1", ask()).status).toBe("given");
      expect(registry.withdraw("c1", { at: AT })).toBe(true);
      expect(other.status("c1", ask()).status).toBe("withdrawn");
      expect(other.version).not.toBe(before);
      expect(registry.withdraw("c2", { at: AT })).toBe(false);
      expect(other.status("c2", ask({ crm: CRM, jurisdiction: "US-CA" })).status).toBe("withdrawn");
    });

    it("is not undone by an older record that comes in later, only by a newer consent", async () => {
      const registry = await open();
      registry.withdraw("c1", { at: day("2026-05-01") });
      registry.record(consent({ givenAt: day("2026-04-01") }));
      expect(registry.status("c1", ask()).status).toBe("withdrawn");
      registry.record(consent({ givenAt: day("2026-06-01") }));
      expect(registry.status("c1", ask()).status).toBe("given");
    });

    it("in any history: a face may be computed only if the last act before the moment is a consent", async () => {
      const registry = await open();
      const act = fc.record({ day: fc.integer({ min: 1, max: 28 }), withdraws: fc.boolean() });
      let person = 0;
      fc.assert(
        fc.property(fc.uniqueArray(act, { selector: (a) => a.day, maxLength: 6 }), (acts) => {
          const customerId = `p${person++}`;
          for (const { day: n, withdraws } of acts) {
            const givenAt = new Date(Date.UTC(2026, 4, n));
            if (withdraws) registry.withdraw(customerId, { at: givenAt });
            else registry.record(consent({ customerId, givenAt }));
          }
          const last = acts.toSorted((a, b) => b.day - a.day)[0];
          const isGiven = registry.status(customerId, ask()).status === "given";
          expect(isGiven).toBe(last !== undefined && !last.withdraws);
        }),
        { seed: 2, numRuns: 60 },
      );
    });
  });

  describe("an import", () => {
    const CSV = [
      "customer_id,purpose,notice_version,given_at,method,expires_at,jurisdiction,withdrawn_at",
      "c1,face_matching,v3,2026-03-01,online_form,2027-03-01,nl,",
      "c2,face_matching,v3,2026-03-01,online_form,,NL,2026-04-01T10:00:00Z",
      "c3,photo,v3,2026-03-01,online_form,,NL,",
      ",face_matching,v3,2026-03-01,online_form,,NL,",
      "c4,faces,v3,2026-03-01,online_form,,NL,",
      "c5,face_matching,v3,2026-02-30,online_form,,NL,",
      "c6,face_matching,v3,2030-01-01,online_form,,NL,",
      "'; DROP TABLE consents; --,face_matching,v3,2026-03-01,written,,NL,",
      "c7,face_matching,v3",
    ].join("\n");

    it("names a date that does not fit as people write it", async () => {
      const folder = folderOfTest();
      const file = join(folder, "consents.csv");
      const [header] = CSV.split("\n");
      await writeFile(file, `${header}\nc1,face_matching,v3,2026-06-02,online_form,2026-06-01,NL,\n`);
      const { rows } = await (await open(folder)).import(file, { at: AT });
      expect(rows.refusals[0]?.message).toBe(
        'Expected a date after given_at for expires_at but received "2026-06-01T23:59:59.999Z"',
      );
    });

    it("keeps good rows, refuses each bad one with its reason, and changes nothing the second time", async () => {
      const folder = folderOfTest();
      const file = join(folder, "consents.csv");
      await writeFile(file, CSV);
      const registry = await open(folder);
      const report = await registry.import(file, { at: AT });
      expect(report.imported).toBe(4);
      expect(report.rows.refusals.map(({ row, code }) => [row, code]).toSorted()).toEqual([
        [4, "ERR_ROW_ID_MISSING"],
        [5, "ERR_ROW_VALUE_INVALID"],
        [6, "ERR_ROW_DATE_INVALID"],
        [7, "ERR_ROW_VALUE_INVALID"],
        [9, "ERR_ROW_MALFORMED"],
      ]);
      expect(["c1", "c2", "c3"].map((id) => registry.status(id, ask()).status)).toEqual([
        "given",
        "withdrawn",
        "missing",
      ]);
      expect([...registry.all()].map(({ customerId }) => customerId)).toContain("'; DROP TABLE consents; --");
      const { version } = registry;
      expect(await registry.import(file, { at: AT })).toMatchObject({ imported: 0, unchanged: 4 });
      expect(registry.version).toBe(version);
    });

    it("does not ignore a column that names a withdrawal or an end", async () => {
      const folder = folderOfTest();
      const registry = await open(folder);
      for (const name of ["revoked_on", "Widerruf am", "Expiry date", "valid_until"]) {
        const file = join(folder, "ends.csv");
        await writeFile(
          file,
          `customer_id,purpose,given_at,method,${name}\nc1,face_matching,2026-02-01,written,\n`,
        );
        await expect(registry.import(file, { at: AT })).rejects.toMatchObject({
          code: "ERR_COLUMN_MISSING",
          message: expect.stringContaining(name),
        });
      }
    });

    it("reads other column names, and says which column is missing", async () => {
      const folder = folderOfTest();
      const file = join(folder, "consents.csv");
      await writeFile(file, "msisdn,purpose,given_at,method\nc1,face_matching,2026-03-01,written\n");
      const registry = await open(folder);
      await expect(registry.import(file, { at: AT })).rejects.toMatchObject({ code: "ERR_COLUMN_MISSING" });
      const report = await registry.import(file, { at: AT, mapping: { customer_id: "msisdn" } });
      expect(report.imported).toBe(1);
    });
  });

  describe("an erased customer", () => {
    it("leaves no byte in the registry's files, and does not come back", async () => {
      const folder = folderOfTest();
      const registry = await open(folder);
      for (let i = 0; i < 200; i++) registry.record(consent({ customerId: `someone-${i}` }));
      registry.record(consent({ customerId: "erika-muster-4711", notice: "only-hers" }));
      registry.withdraw("erika-muster-4711", { at: AT });
      registry.erase("erika-muster-4711", AT);
      for (const name of await readdir(folder)) {
        const bytes = await readFile(join(folder, name));
        expect([name, bytes.includes("erika"), bytes.includes("only-hers")]).toEqual([name, false, false]);
      }
      expect(registry.of("erika-muster-4711")).toEqual([]);
      expect([registry.isErased("erika-muster-4711"), registry.isErased("someone-1")]).toEqual([true, false]);
      expect(() => registry.record(consent({ customerId: "erika-muster-4711" }))).toThrow(
        expect.objectContaining({ code: "ERR_CUSTOMER_ERASED" }),
      );
      const file = join(folder, "again.csv");
      await writeFile(
        file,
        "customer_id,purpose,given_at,method\nerika-muster-4711,face_matching,2026-10-01,written\n",
      );
      const report = await registry.import(file, { at: AT });
      expect(report.rows.refusals.map(({ code }) => code)).toEqual(["ERR_CUSTOMER_ERASED"]);
      expect(JSON.stringify(report)).not.toContain("erika");
      expect(registry.stats()).toEqual({ records: 200, customers: 200, withdrawals: 0, erased: 1 });
    });
  });

  describe("a purge", () => {
    it("drops what ended long ago", async () => {
      const registry = await open();
      registry.record(consent({ customerId: "a", expiresAt: day("2026-04-01") }));
      registry.record(consent({ customerId: "b" }));
      registry.record(consent({ customerId: "c" }));
      registry.withdraw("c", { at: day("2026-05-01") });
      expect(registry.purge(day("2026-03-15"))).toBe(0);
      expect(registry.purge(day("2026-06-01"), { dryRun: true })).toBe(2);
      expect(registry.purge(day("2026-06-01"))).toBe(2);
      expect(registry.stats().records).toBe(1);
      // What is gone is the record; that it was taken back still holds.
      expect(registry.status("c", ask({ crm: CRM, jurisdiction: "US-CA" })).status).toBe("withdrawn");
    });
  });
  describe("an id", () => {
    it("counts in a list as it does alone, whatever characters it has", async () => {
      const registry = await open();
      const ids = ["a\0b", "\0", "\ud800x", "a\\0b", "a'b\"", "plain"];
      for (const id of ids.slice(0, 3)) registry.withdraw(id, { at: day("2026-01-01") });
      registry.erase("a'b\"", day("2026-01-01"));
      const stopped = registry.stopped([...ids, "a", "x"], { at: AT });
      expect([...stopped.keys()].sort()).toEqual([...ids.slice(0, 3), "a'b\""].sort());
      for (const id of ids) expect(registry.stopped([id], { at: AT }).get(id)).toBe(stopped.get(id));
    });

    it("is the same person in every spelling of it, and another in another case", async () => {
      const registry = await open();
      registry.record(consent({ customerId: "Jose\u0301 " }));
      expect(registry.status("\u00a0Jos\u00e9", ask()).status).toBe("given");
      expect(registry.status("jos\u00e9", ask()).status).toBe("missing");
      expect(registry.withdraw("Jos\u00e9\u3000", { at: AT })).toBe(true);
      expect(registry.status("Jose\u0301", ask()).status).toBe("withdrawn");
      expect([...registry.stopped(["Jose\u0301", "Jos\u00e9 ", "x"], { at: AT })]).toEqual([
        ["Jose\u0301", "withdrawn"],
        ["Jos\u00e9 ", "withdrawn"],
      ]);
      expect([...registry.ids()]).toEqual(["Jos\u00e9"]);
      registry.erase(" Jos\u00e9", AT);
      expect(registry.isErased("Jose\u0301")).toBe(true);
      expect(registry.standing("Jose\u0301")).toEqual({ withdrawals: [], erasedAt: AT });
    });

    it("of a withdrawal is forgotten by a purge, and the withdrawal counts all the same", async () => {
      const folder = folderOfTest();
      const registry = await open(folder);
      registry.withdraw("erika-4711", { at: day("2026-01-05") });
      expect(registry.purge(day("2026-02-01"))).toBe(0);
      for (const name of await readdir(folder)) {
        expect((await readFile(join(folder, name))).includes("erika-4711"), name).toBe(false);
      }
      expect(registry.status("erika-4711 ", ask({ crm: CRM, crmConsent: "accept" })).status).toBe(
        "withdrawn",
      );
      expect(registry.stopped(["erika-4711"], { at: AT }).get("erika-4711")).toBe("withdrawn");
      expect(registry.standing("erika-4711").withdrawals).toHaveLength(PURPOSES.length);
      expect(registry.stats().withdrawals).toBe(PURPOSES.length);
      // A later consent counts again; a consent from before the withdrawal does not.
      registry.record(consent({ customerId: "erika-4711", givenAt: day("2026-01-01") }));
      expect(registry.status("erika-4711", ask()).status).toBe("withdrawn");
      registry.record(consent({ customerId: "erika-4711", givenAt: day("2026-06-01") }));
      expect(registry.status("erika-4711", ask()).status).toBe("given");
    });
  });

  describe("a withdrawal and clocks", () => {
    it("takes a consent back whose clock was a little ahead, and one that expires is over when it is asked for", async () => {
      const registry = await open();
      registry.record(consent({ givenAt: new Date(AT.getTime() + 5 * 60_000) }));
      registry.withdraw("c1", { at: AT });
      expect(registry.status("c1", ask({ at: day("2026-12-01") })).status).toBe("withdrawn");
      const read: Consent = { status: "given", givenAt: day("2026-01-01"), expiresAt: AT };
      const crm = ask({ crm: read, crmConsent: "accept" });
      expect(registry.status("c2", { ...crm, at: new Date(AT.getTime() - 1) }).status).toBe("given");
      expect(registry.status("c2", crm).status).toBe("expired");
    });
  });
}
