import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { biometricConsent } from "../../src/customers/index.ts";
import { parseDate } from "../../src/tables/index.ts";

const now = new Date("2026-11-21T12:00:00Z");
const status = (givenAt: string | null, expiresAt: string | null = null) =>
  biometricConsent({ givenAt, expiresAt }, now).status;

describe("biometricConsent", () => {
  it.each([
    ["2026-11-21T12:00:00Z", null, "given"],
    ["2026-11-21T12:00:01Z", null, "future"],
    ["2026-11-21T14:00:00+02:00", null, "given"],
    ["2026-11-21T13:30:00+01:00", null, "future"],
    ["2025-01-01", "2026-11-21T12:00:00Z", "expired"],
    ["2025-01-01", "2026-11-21T12:00:01Z", "given"],
    ["2025-01-01", "2026-11-21", "given"],
    ["2025-01-01", "2026-11-20", "expired"],
    [null, "2030-01-01", "missing"],
    ["  ", null, "missing"],
    ["NULL", null, "missing"],
    ["n/a", "2030-01-01", "missing"],
    ["2025-01-01", "-", "given"],
    ["2025-01-01", " None ", "given"],
  ] as const)("given %s, expires %s: %s", (givenAt, expiresAt, expected) => {
    expect(status(givenAt, expiresAt)).toBe(expected);
  });

  it.each([
    "yes",
    "1",
    "2026-02-30",
    "2026-13-01",
    "01/02/2026",
    "2026-1-1",
    "2026-01-01T25:00",
    "2026-01-01T10:00+99:00",
  ])("does not take %s for a date", (text) => {
    expect(status(text)).toBe("unreadable");
    expect(status("2026-01-01", text)).toBe("unreadable");
    expect(() => parseDate(text, "x")).toThrow(expect.objectContaining({ code: "ERR_ROW_DATE_INVALID" }));
  });

  it("reads every date that it writes", () => {
    const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (value) => parseDate(value.toISOString(), "x").getTime() === value.getTime()),
    );
  });

  it("answers any text with a consent", () => {
    fc.assert(
      fc.property(fc.string(), (text) => ["given", "missing", "future", "unreadable"].includes(status(text))),
    );
  });
});
