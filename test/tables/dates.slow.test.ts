import { describe, expect, it } from "vitest";
import { openCustomers, readCustomers } from "../../src/customers/index.ts";
import { scratchFolder, write } from "../customers/scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");

async function consents(given: readonly string[], expires: readonly string[] = []) {
  const rows = given.map((text, i) => `c${i};"${text}";"${expires[i] ?? ""}"`);
  const source = write(
    folder,
    "crm.csv",
    `customer_id;consent_biometric;consent_expires\n${rows.join("\n")}\n`,
  );
  const reader = await readCustomers({ customers: { source }, now });
  const found = [];
  for await (const batch of reader) found.push(...batch.consents);
  return { found, report: reader.report };
}

const given = (consent: { status: string; givenAt?: Date } | undefined) =>
  consent?.status === "given" ? consent.givenAt?.toISOString() : consent?.status;

describe("dates of consent", () => {
  it.each([
    ["a German CRM", ["31.12.2025 10:00", "01.02.2026", "2026-03-04"], "2025-12-31T10:00:00.000Z"],
    ["seconds", ["1767175200", "1767175201"], "2025-12-31T10:00:00.000Z"],
    ["milliseconds", ["1767175200000", "1767175201000"], "2025-12-31T10:00:00.000Z"],
    ["compact times", ["20251231100000", "20260101"], "2025-12-31T10:00:00.000Z"],
    ["days of a spreadsheet", ["46022.4166666667", "46023"], "2025-12-31T10:00:00.000Z"],
    ["days before months", ["31/12/2025 10:00", "01/02/2026"], "2025-12-31T10:00:00.000Z"],
    ["months before days", ["12/31/2025 10:00 AM", "02/01/2026"], "2025-12-31T10:00:00.000Z"],
    ["years with slashes", ["2025/12/31 10:00", "2026/02/01"], "2025-12-31T10:00:00.000Z"],
  ])("are read from %s", async (_, cells, first) => {
    const { found, report } = await consents(cells);
    expect(given(found[0])).toBe(first);
    expect(found.every(({ status }) => status === "given")).toBe(true);
    expect(report.refused).toBe(0);
    expect(report.warnings).toEqual([]);
  });

  it("include the day on which consent ends, in every form", async () => {
    for (const [today, yesterday] of [
      ["2026-11-26", "2026-11-25"],
      ["26.11.2026", "25.11.2026"],
      ["20261126", "20261125"],
      ["46352", "46351"],
    ]) {
      const { found } = await consents(["2026-01-01", "2026-01-01"], [today ?? "", yesterday ?? ""]);
      expect(found.map(({ status }) => status)).toEqual(["given", "expired"]);
    }
  });

  it("that are none cost the look-alike alone, and the column is named", async () => {
    for (const word of ["ja", "oui", "x", "1", "true"]) {
      const { found, report } = await consents([word, "", word]);
      expect(found.map(({ status }) => status)).toEqual(["unreadable", "missing", "unreadable"]);
      expect(report.refused).toBe(0);
      expect(report.warnings[0]).toMatchObject({ column: "consent_biometric", cells: 2 });
      expect(report.warnings[0]?.message).toContain("A yes or no does not show when consent was given");
    }
    const { report } = await consents(["soon", "2026-01-01"]);
    expect(report.warnings[0]?.message).toContain('such as "soon"');
  });
});

describe("columns of a CRM that name the end of a consent", () => {
  it.each(["consent_withdrawn", "Widerruf", "consent_valid_until"])(
    "are not ignored in silence: %s",
    async (name) => {
      const text = `customer_id,consent_biometric,${name}\nc1,2026-01-01,2026-02-01\n`;
      const reader = await readCustomers({ customers: { source: write(folder, "ends.csv", text) }, now });
      for await (const _ of reader);
      expect(reader.report.warnings.map(({ column }) => column)).toContain(name);
    },
  );
});

describe("times of a log", () => {
  async function firstSeen(times: readonly string[], logStart?: Date): Promise<string> {
    const rows = times.map((time) => `a,b,${time},60,Apple`);
    const source = write(
      folder,
      "calls.csv",
      `caller_id,callee_id,started_at,duration_s,device_manufacturer\n${rows.join("\n")}\n`,
    );
    const opened = await openCustomers({ calls: { source }, logStart });
    try {
      const { since } = await opened.transitions();
      return new Date((since[0] ?? 0) * 86_400_000).toISOString();
    } finally {
      await opened.close();
    }
  }

  it("may be compact or those of a spreadsheet", async () => {
    expect(await firstSeen(["20250103120000", "20250104120000"])).toBe("2025-01-03T12:00:00.000Z");
    expect(await firstSeen(["202501031200", "202501041200"])).toBe("2025-01-03T12:00:00.000Z");
    expect(await firstSeen(["45660.5", "45661"])).toBe("2025-01-03T12:00:00.000Z");
    expect(await firstSeen(["1735905600000000", "1735992000000000"])).toBe("2025-01-03T12:00:00.000Z");
  });

  it("are seconds from the start that was named, however small", async () => {
    expect(await firstSeen(["43200", "45660"], new Date("2025-01-03"))).toBe("2025-01-03T12:00:00.000Z");
  });
});
