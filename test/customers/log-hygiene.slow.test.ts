import { describe, expect, it } from "vitest";
import { type Customers, openCustomers } from "../../src/customers/index.ts";
import { createMakerNames } from "../../src/customers/logs/makers.ts";
import { column, scratchFolder, write } from "./scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-26T12:00:00Z");
const HEADER = "caller_id,callee_id,started_at,duration_s,device_manufacturer";

/** 40 subscribers, each with a call a month of 2025 on one handset; their makers in turn. */
function callLines(makers: readonly string[], sign = "+"): string[] {
  return Array.from({ length: 480 }, (_, i) => {
    const who = i % 40;
    const month = String(1 + Math.floor(i / 40)).padStart(2, "0");
    const day = String(1 + (who % 28)).padStart(2, "0");
    return `${sign}3161${who},${sign}3162${i % 7},2025-${month}-${day}T10:${10 + (i % 50)}:00Z,60,${makers[who % makers.length]}`;
  });
}

async function open<T>(
  lines: readonly string[],
  read: (customers: Customers) => Promise<T>,
  options: { manufacturers?: Record<string, string>; sign?: string } = {},
): Promise<T> {
  const calls = write(folder, "calls.csv", `${[HEADER, ...lines].join("\n")}\n`);
  const ids = Array.from({ length: 40 }, (_, i) => `${options.sign ?? "+"}3161${i}`);
  const source = write(folder, "crm.csv", `customer_id\n${ids.join("\n")}\n`);
  const customers = await openCustomers({
    customers: { source },
    calls: { source: calls },
    ...(options.manufacturers === undefined ? {} : { manufacturers: options.manufacturers }),
  });
  try {
    return await read(customers);
  } finally {
    await customers.close();
  }
}

async function features(customers: Customers, names: readonly string[]) {
  const found = new Map<string, (number | string | null)[]>(names.map((name) => [name, []]));
  for await (const { table } of await customers.read({ now, features: [...names] })) {
    for (const name of names) found.get(name)?.push(...column(table, name));
  }
  return found;
}

const makersOf = (customers: Customers) =>
  features(customers, ["current_manufacturer"]).then((found) => found.get("current_manufacturer") ?? []);

describe("makers of handsets", () => {
  it("are one whatever a log calls them", async () => {
    const spellings = [
      "Apple",
      "Apple Inc.",
      "iPhone",
      "Samsung",
      "Samsung Electronics",
      "SAMSUNG Electronics Co. Ltd.",
      "Redmi",
      "POCO",
      "Xiaomi Communications",
      "Honor",
    ];
    const found = await open(callLines(spellings), makersOf);
    expect(found.slice(0, 10)).toEqual([
      "Apple",
      "Apple",
      "Apple",
      "Samsung",
      "Samsung",
      "Samsung",
      "Xiaomi",
      "Xiaomi",
      "Xiaomi",
      "Huawei",
    ]);
  });

  it("are none where a log says that it does not know", async () => {
    const spellings = ["Apple", "Unknown", "N/A", "null", "-", "0", "undefined", "Nokia"];
    const found = await open(callLines(spellings), makersOf);
    expect(found.slice(0, 8)).toEqual(["Apple", null, null, null, null, null, null, "Nokia"]);
  });

  it("are what the campaign says, before all else", async () => {
    const manufacturers = { honor: "Honor", "Handy AG": "Apple", Nokia: "" };
    const found = await open(callLines(["Honor", "Handy AG", "Nokia", "Sony"]), makersOf, { manufacturers });
    expect(found.slice(0, 4)).toEqual(["Honor", "Apple", null, "Sony"]);
  });

  it("keep names that only look alike apart", () => {
    const nameOf = createMakerNames();
    for (const name of ["Mobile", "Sony Ericsson", "OnePlus", "Fairphone", "HMD Global", "constructor"]) {
      expect(nameOf(name)?.key).toBe(name.toLowerCase());
    }
    expect(nameOf("LG Electronics")?.key).toBe("lg");
    expect(nameOf("Sony Mobile Communications AB")?.key).toBe("sony");
  });
});

describe("records that cannot be right", () => {
  it("years from all others are refused, and move nothing", async () => {
    const lines = callLines(["Apple", "Nokia"]);
    const names = ["calls_per_month", "observed_months", "months_on_current"];
    const clean = await open(lines, (customers) => features(customers, names));
    for (const stray of ["2062-05-01T10:00:00Z", "1970-01-01T00:00:00Z"]) {
      const [found, report] = await open([...lines, `+31610,+31621,${stray},60,Apple`], async (customers) => [
        await features(customers, names),
        customers.logReport,
      ]);
      expect(found).toEqual(clean);
      expect(report?.refusals).toMatchObject([{ row: 481, code: "ERR_ROW_VALUE_INVALID" }]);
      expect(report?.refusals[0]?.message).toContain("years away from all others");
    }
  });

  it("that are too many to refuse are named with their share", async () => {
    const lines = callLines(["Apple"]);
    const old = lines.slice(0, 120).map((line) => line.replace("2025-", "1999-"));
    const report = await open([...lines, ...old], async ({ logReport }) => logReport);
    expect(report?.refused).toBe(0);
    expect(report?.warnings[0]).toMatchObject({ column: "started_at", cells: 120 });
    expect(report?.warnings[0]?.message).toContain("20 %");
  });

  it("that stand there twice count once", async () => {
    const lines = callLines(["Apple", "Nokia"]);
    const names = ["calls_per_month", "minutes_per_month", "contacts"];
    const clean = await open(lines, (customers) => features(customers, names));
    const [found, report] = await open(
      lines.flatMap((line) => [line, line]),
      async (customers) => [await features(customers, names), customers.logReport],
    );
    expect(found).toEqual(clean);
    expect(report?.warnings).toMatchObject([{ column: "started_at", cells: 480 }]);
    const days = callLines(["Apple"]).map((line) => line.replace(/T10:\d\d:00Z/, ""));
    const kept = await open([...days, ...days], async ({ logReport }) => logReport);
    expect(kept?.warnings[0]?.message).toContain("all are counted");
  });
});

describe("ids of customers and of logs", () => {
  it("that hardly meet are named with their share and how they are written", async () => {
    const lines = callLines(["Apple"]);
    for (const sign of ["", "00"]) {
      const report = await open(lines, async ({ logReport }) => logReport, { sign });
      expect(report?.warnings[0]).toMatchObject({ column: "customer_id", cells: 40 });
      expect(report?.warnings[0]?.message).toContain("0 of 40 of them (0 %)");
      expect(report?.warnings[0]?.message).toMatch(/"0+", those of the logs as "\+0+"/);
    }
    expect((await open(lines, async ({ logReport }) => logReport))?.warnings).toEqual([]);
  });
});

describe("rejected rows of a log", () => {
  it("are reported to those who read only the customers, apart from rejected customers", async () => {
    const bad = ["+31611,+31621,31.02.2025,60,Apple", ",+31621,2025-02-01T10:00:00Z,60,Apple"];
    const report = await open([...callLines(["Apple"]), ...bad], async (customers) => {
      const reader = await customers.read({ now });
      for await (const _ of reader);
      return reader.report;
    });
    expect(report.refused).toBe(0);
    expect(report.warnings.map(({ message }) => message)).toContain(
      "2 rows of the call and usage logs rejected: 2 ERR_ROW_VALUE_INVALID",
    );
  });
});
