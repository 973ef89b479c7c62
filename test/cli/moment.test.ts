import { afterEach, describe, expect, it } from "vitest";
import { momentOption } from "../../src/cli/moment.ts";

const { TZ } = process.env;
afterEach(() => {
  if (TZ === undefined) delete process.env.TZ;
  else process.env.TZ = TZ;
});

describe("a moment of the command line", () => {
  it.each(["UTC", "Asia/Tokyo", "America/New_York"])("is the same in %s", (zone) => {
    process.env.TZ = zone;
    const iso = (text: string, of?: "end") => momentOption("--at", text, of).toISOString();
    expect(iso("2026-12-31T10:00")).toBe("2026-12-31T10:00:00.000Z");
    expect(iso("2026-12-31 10:00+02:00")).toBe("2026-12-31T08:00:00.000Z");
    expect(iso("31.12.2026")).toBe("2026-12-31T00:00:00.000Z");
    expect(iso("2026/12/31", "end")).toBe("2026-12-31T23:59:59.999Z");
  });

  it.each(["12/11/2026", "2026-02-31", "31.02.2026", "soon", "", "1798675200"])("is not %j", (text) => {
    expect(() => momentOption("--at", text)).toThrow(/Expected a date such as 2026-12-31 for --at/);
  });
});
