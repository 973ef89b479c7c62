import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type CustomerBatch, type CustomersOptions, openCustomers } from "../../src/customers/index.ts";
import { column, failure, scratchFolder, write, writeParquet } from "./scratch.ts";

const folder = scratchFolder();
const now = new Date("2026-11-21T12:00:00Z");
const HEADER = "caller_id,callee_id,started_at,duration_s,device_manufacturer,device_model";

/** One call on the 10th of each month; a letter per month from January 2026: A(pple), S(amsung), N(okia). */
function months(caller: string, letters: string, callee = "z"): string[] {
  const names: Record<string, string> = { A: "Apple", a: " apple ", S: "Samsung", N: "Nokia" };
  return [...letters].flatMap((letter, i) =>
    letter === "."
      ? []
      : [`${caller},${callee},2026-${String(i + 1).padStart(2, "0")}-10,60,${names[letter]},`],
  );
}

function dayOf(days = 0): string {
  return new Date(Math.round(days * 86_400_000)).toISOString().slice(0, 10);
}

async function read(options: CustomersOptions) {
  const customers = await openCustomers(options);
  try {
    const reader = await customers.read({ now });
    const batches: CustomerBatch[] = [];
    for await (const batch of reader) batches.push(batch);
    return {
      batch: batches[0] as CustomerBatch,
      transitions: await customers.transitions(),
      report: customers.logReport,
    };
  } finally {
    await customers.close();
  }
}

describe("call logs", () => {
  it("follows handsets over months: swaps ignored, changes and returns seen, spellings joined", async () => {
    const lines = [
      ...months("stays", "AAaAAA"),
      ...months("swaps", "AASAAA"),
      ...months("changes", "AAASSS"),
      ...months("returns", "AASSAA"),
      ...months("pauses", "AA..SS"),
      ...months("newest", "AAAAAN"),
    ];
    const calls = write(folder, "calls.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const source = write(
      folder,
      "crm.csv",
      "customer_id,age,current_manufacturer\nstays,40,x\nswaps,40,x\nchanges,40,x\nreturns,40,x\npauses,40,x\nnewest,40,x\nsilent,40,HTC\n",
    );
    const { batch, transitions } = await read({ customers: { source }, calls: { source: calls } });
    const of = (name: string) => column(batch.table, name);
    expect(of("current_manufacturer")).toEqual([
      "Apple",
      "Apple",
      "Samsung",
      "Apple",
      "Samsung",
      "Nokia",
      "HTC",
    ]);
    expect(of("previous_manufacturer")).toEqual([null, null, "Apple", "Samsung", "Apple", "Apple", null]);
    expect(of("manufacturer_switches")).toEqual([0, 0, 1, 2, 1, 1, null]);
    expect(of("manufacturer_returns")).toEqual([0, 0, 0, 1, 0, 0, null]);
    expect(of("contacts")).toEqual([1, 1, 1, 1, 1, 1, null]);

    const label = (codes: Int32Array) => [...codes].map((code) => transitions.current.labels[code] ?? null);
    const rows = transitions.customerIds.map((id, i) => [
      id,
      label(transitions.current.codes)[i],
      label(transitions.next.codes)[i],
      (transitions.next.codes[i] ?? -1) < 0 ? "asked" : dayOf(transitions.at[i]),
    ]);
    expect(rows).toEqual([
      ["changes", "Apple", "Samsung", "2026-04-10"],
      ["changes", "Samsung", null, "asked"],
      ["newest", "Apple", "Nokia", "2026-06-10"],
      ["newest", "Nokia", null, "asked"],
      ["pauses", "Apple", "Samsung", "2026-05-10"],
      ["pauses", "Samsung", null, "asked"],
      ["returns", "Apple", "Samsung", "2026-03-10"],
      ["returns", "Samsung", "Apple", "2026-05-10"],
      ["returns", "Apple", null, "asked"],
      ["stays", "Apple", null, "asked"],
      ["swaps", "Apple", null, "asked"],
    ]);
    // Who changed nothing is asked at a moment at which somebody else changed, after the handset was first seen.
    const changes = rows.map(([, , , at]) => at).filter((at) => at !== "asked");
    for (const [i, [, , next]] of rows.entries()) {
      if (next !== null) continue;
      expect(changes).toContain(dayOf(transitions.at[i]));
      if (transitions.customerIds[i] === "newest") continue;
      expect(transitions.at[i]).toBeGreaterThan(transitions.since[i] ?? 0);
    }
    // The CRM's current manufacturer is as new as the CRM, and would tell the future.
    expect(transitions.features.columns.has("current_manufacturer")).toBe(false);
    expect(transitions.features.columns.has("age")).toBe(true);
    expect(column(transitions.features, "previous_manufacturer")).toEqual([
      null,
      "Apple",
      null,
      "Apple",
      null,
      "Apple",
      null,
      "Apple",
      "Samsung",
      null,
      null,
    ]);
    expect(column(transitions.features, "manufacturer_returns")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  it("dates a change by the first event on the next handset, also in a month that mostly was another's", async () => {
    const person = (
      id: string,
      ...events: readonly (readonly [day: string, maker: string, model?: string])[]
    ) => events.map(([day, maker, model = ""]) => `${id},z,2026-${day},60,${maker},${model}`);
    const before = [
      ["01-10", "Apple"],
      ["02-03", "Apple"],
      ["02-05", "Apple"],
      ["02-07", "Apple"],
    ] as const;
    const lines = [
      ...person("late", ...before, ["02-20", "Samsung"], ["03-10", "Samsung"]),
      // An event on the handset before comes later: the month is its own.
      ...person("mixed", ...before, ["02-20", "Samsung"], ["02-21", "Apple"], ["03-10", "Samsung"]),
      ...person("third", ...before, ["02-20", "Samsung"], ["02-21", "Nokia"], ["03-10", "Samsung"]),
      ...person(
        "early",
        ...before.slice(0, 2),
        ["02-20", "Samsung"],
        ["02-21", "Samsung"],
        ["03-10", "Samsung"],
      ),
      ...person("gap", ...before, ["02-20", "Samsung"], ["04-10", "Samsung"]),
      // Another model of the same maker.
      ...person("model", ["01-10", "Nokia", "one"], ["02-03", "Nokia", "one"], ["02-04", "Nokia", "one"]),
      ...person("model", ["02-20", "Nokia", "two"], ["03-10", "Nokia", "two"]),
    ];
    const calls = write(folder, "dated.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const customers = await openCustomers({ calls: { source: calls } });
    const transitions = await customers.transitions();
    await customers.close();
    const found = transitions.customerIds.flatMap((id, i) =>
      (transitions.next.codes[i] ?? -1) < 0 ? [] : [[id, dayOf(transitions.at[i])]],
    );
    expect(Object.fromEntries(found)).toEqual({
      late: "2026-02-20",
      mixed: "2026-03-10",
      third: "2026-03-10",
      early: "2026-02-20",
      gap: "2026-02-20",
      model: "2026-02-20",
    });
  });

  it("tells of each purchase what was known before it, and nothing of what came later", async () => {
    const lines = [
      // Buys a Samsung in April; b has had one since March, c only from June on; d is called too late to count.
      ...months("a", "AAASSS", "b"),
      "a,c,2026-02-11,-1,Apple,",
      "a,d,2026-04-20,600,Samsung,",
      ...months("b", "AASSSS"),
      ...months("c", "NNNNNS"),
      ...months("e", "NNNNNN"),
      ...months("d", "SSSSSS"),
    ];
    const calls = write(folder, "as-of.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const usage = write(
      folder,
      "as-of-usage.csv",
      "subscriber_id,at,bytes,device_manufacturer\na,2026-02-01,6000000,Apple\na,2026-04-15,900000000,Samsung\n",
    );
    const customers = await openCustomers({ calls: { source: calls }, usage: { source: usage } });
    const { customerIds, features, fromLogs } = await customers.transitions();
    await customers.close();
    expect(customerIds.slice(0, 2)).toEqual(["a", "a"]);
    const first = (name: string) => column(features, name)[0];
    expect(first("contacts")).toBe(2);
    expect(first("contact_share_Samsung")).toBe(0.5);
    expect(first("contact_share_Nokia")).toBe(0.5);
    // Ten days of January to the end of March, four calls, one of them missed, and three minutes.
    const observed = (31 - 9 + 28 + 31) / 30.436875;
    expect(first("calls_per_month")).toBeCloseTo(4 / observed, 6);
    expect(first("minutes_per_month")).toBeCloseTo(3 / observed, 6);
    expect(first("missed_share")).toBe(0.25);
    expect(first("data_mb_per_month")).toBeCloseTo(6 / observed, 6);
    expect(first("manufacturer_switches")).toBe(0);
    // On the day of a purchase these are longer than on any day before it.
    expect(fromLogs).not.toContain("months_on_current");
    expect(fromLogs).not.toContain("observed_months");
    expect([...features.columns.keys()]).toEqual(fromLogs);
  });

  it("tells of an experiment's customers what was known when they were shown the offer", async () => {
    const lines = [
      ...months("a", "AAASSS", "b"),
      ...months("b", "ANNNNN", "a"),
      "a,c,2026-05-11,60,Samsung,",
    ];
    const calls = write(folder, "then.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const source = write(
      folder,
      "now.csv",
      "customer_id,age,current_manufacturer\na,40,Samsung\nb,50,Nokia\n",
    );
    const log = (name: string, header: string, rows: readonly string[]) =>
      write(folder, name, `${header}\n${rows.join("\n")}\n`);
    const dated = log("dated.csv", "customer_id,offer_id,converted,shown_at", [
      "a,none,0,2026-03-15",
      "b,x,1,2026-02-20",
      "a,x,1,2026-06-20",
      "stranger,none,0,2026-03-15",
    ]);
    const undated = log("undated.csv", "customer_id,offer_id,converted", ["a,none,0", "b,x,1"]);
    const open = async (experiment: string, features?: readonly string[]) => {
      const customers = await openCustomers({
        customers: { source },
        calls: { source: calls },
        experiment: { source: experiment, features },
      });
      try {
        return (await customers.experiment()).features;
      } finally {
        await customers.close();
      }
    };
    const usual = await open(dated);
    expect([...usual.columns.keys()].sort()).toEqual(["age", "current_manufacturer"]);
    expect(column(usual, "current_manufacturer")).toEqual(["Apple", "Nokia", "Samsung", null]);
    const asked = await open(dated, [
      "contacts",
      "contact_share_Nokia",
      "months_on_current",
      "calls_per_month",
    ]);
    expect(column(asked, "contacts")).toEqual([1, 1, 2, null]);
    expect(column(asked, "contact_share_Nokia")).toEqual([1, 0, 1, null]);
    const onCurrent = column(asked, "months_on_current");
    expect(onCurrent[0]).toBeCloseTo((31 - 10 + 28 + 15) / 30.436875, 1);
    expect(onCurrent[1]).toBeCloseTo(10 / 30.436875, 1);
    expect(column(asked, "calls_per_month")[1]).toBe(1);
    // Without a time of showing there is only what the CRM says now, and nothing of the logs.
    expect(column(await open(undated), "current_manufacturer")).toEqual(["Samsung", "Nokia"]);
    expect((await failure(open(undated, ["contacts"]))).code).toBe("ERR_COLUMN_MISSING");
  });

  it("sees the same manufacturer bought again where the log names models, and counts ages back", async () => {
    const lines = [1, 2, 3, 4].map(
      (month) => `a,b,202${month}-06-01T00:00:00Z,10,Apple,iPhone ${Math.ceil(month / 2)}`,
    );
    const calls = write(folder, "models.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const source = write(folder, "one.csv", "customer_id,age\na,40\n");
    const { transitions } = await read({ customers: { source }, calls: { source: calls } });
    expect([...transitions.next.codes]).toEqual([0, -1]);
    expect(transitions.next.labels).toEqual(["Apple"]);
    expect(column(transitions.features, "age")).toEqual([39, 40]);
  });

  it("counts calls, minutes, missed calls, data and the contacts' handsets", async () => {
    const calls = write(
      folder,
      "usage-calls.csv",
      [
        HEADER,
        "a,b,2026-01-01T00:00:00Z,120,Apple,",
        "a,c,2026-01-02T00:00:00Z,-1,Apple,",
        "a,d,2026-01-03T00:00:00Z,60,Apple,",
        "a,d,2026-01-04T00:00:00Z,60,Apple,",
        "b,a,2026-01-05T00:00:00Z,1,Samsung,",
        "c,a,2026-01-05T00:00:00Z,1,APPLE,",
      ].join("\n"),
    );
    const usage = write(
      folder,
      "usage.csv",
      "subscriber_id,at,bytes,device_manufacturer\na,2026-01-06,3000000,Apple\ne,2026-01-06,1000000,Nokia\n",
    );
    const source = write(folder, "abc.csv", "customer_id\na\ne\n");
    const { batch } = await read({
      customers: { source },
      calls: { source: calls },
      usage: { source: usage },
    });
    const of = (name: string) => column(batch.table, name);
    expect(of("calls_per_month")).toEqual([4, null]);
    expect(of("minutes_per_month")).toEqual([4, null]);
    expect(of("missed_share")).toEqual([0.25, null]);
    expect(of("contacts")).toEqual([3, null]);
    expect(of("contact_share_Apple")).toEqual([0.5, null]);
    expect(of("contact_share_Samsung")).toEqual([0.5, null]);
    expect(of("data_mb_per_month")).toEqual([3, 1]);
    expect(of("current_manufacturer")).toEqual(["Apple", "Nokia"]);
  });

  it.each([
    ["days with dots", "31.01.2025 14:05", "1.2.2025 00:30:10"],
    ["days first", "31/01/2025 14:05", "01/02/2025 00:30:10"],
    ["months first, by twelve hours", "01/31/2025 02:05 PM", "2/1/2025 12:30:10 AM"],
    ["dashes, days first", "31-01-2025 14:05", "1-2-2025 00:30:10"],
    ["milliseconds", String(Date.UTC(2025, 0, 31, 14, 5)), String(Date.UTC(2025, 1, 1, 0, 30, 10))],
  ])("reads times written as %s", async (name, first, second) => {
    const lines = [`a,b,${first},60,Apple,`, `a,b,${second},60,Nokia,`];
    const calls = write(folder, `${name}.csv`, `${HEADER}\n${lines.join("\n")}\n`);
    const source = write(folder, "a.csv", "customer_id\na\n");
    const { transitions, report } = await read({ customers: { source }, calls: { source: calls } });
    expect(report?.refused).toBe(0);
    const instants = [...transitions.since].map((days) =>
      new Date(Math.round(days * 86_400_000)).toISOString(),
    );
    expect(instants).toEqual(["2025-01-31T14:05:00.000Z", "2025-02-01T00:30:10.000Z"]);
  });

  it("refuses days that may be months where no row decides, or two rows disagree", async () => {
    const source = write(folder, "a.csv", "customer_id\na\n");
    for (const [name, other] of [
      ["open", "05/06/2025"],
      ["torn", "13/01/2025"],
    ]) {
      const calls = write(
        folder,
        `${name}.csv`,
        `${HEADER}\na,b,01/02/2025,5,Apple,\na,b,${other},5,Apple,\na,b,${name === "torn" ? "01/13/2025" : "1/1/2025"},5,Apple,\n`,
      );
      const customers = await openCustomers({ customers: { source }, calls: { source: calls } });
      expect(customers.logReport).toMatchObject({ read: 3, refused: 3 });
      expect(customers.logReport?.refusals[0]?.message).toMatch(
        /started_at .*start with day or month.*row 1 of/,
      );
      expect((await customers.transitions()).rows).toBe(0);
      const refused = await failure(customers.transitions({ empty: "refuse" }));
      expect(refused.code).toBe("ERR_TRANSITIONS_EMPTY");
      expect(refused.message).toContain("3, all of them rejected");
      await customers.close();
    }
  });

  it("keeps to what most rows of a column are: a few others are refused", async () => {
    const days = ["2025-01-01", "2025-02-01", "31/12/2025"];
    const lines = days.map((day) => `a,b,${day},5,Apple,`);
    const calls = write(folder, "stray.csv", `${HEADER}\n${lines.join("\n")}\n`);
    const source = write(folder, "a.csv", "customer_id\na\n");
    const { report } = await read({ customers: { source }, calls: { source: calls } });
    expect(report?.refusals.map(({ row, code }) => [row, code])).toEqual([[3, "ERR_ROW_VALUE_INVALID"]]);
  });

  it("says that a log has no column of handsets", async () => {
    const calls = write(folder, "plain.csv", "caller_id,callee_id,started_at,duration_s\na,b,2025-01-01,5\n");
    const customers = await openCustomers({ calls: { source: calls } });
    const refused = await failure(customers.transitions({ empty: "refuse" }));
    expect(refused).toMatchObject({
      code: "ERR_TRANSITIONS_EMPTY",
      hint: expect.stringMatching(/device_manufacturer/),
    });
    expect(refused.message).toContain("column of handsets");
    await customers.close();
  });

  it("reports rows that cannot be used", async () => {
    const calls = write(
      folder,
      "bad.csv",
      `${HEADER}\na,b,2026-01-01,5,Apple,\n,b,2026-01-01,5,Apple,\na,b,once,5,Apple,\na,b,2026-01-01,long,Apple,\na,b\n`,
    );
    const source = write(folder, "a.csv", "customer_id\na\n");
    const { report, batch } = await read({ customers: { source }, calls: { source: calls } });
    expect(column(batch.table, "calls_per_month")).toEqual([1]);
    expect(report?.refusals.map(({ row, code }) => [row, code])).toEqual([
      [5, "ERR_ROW_MALFORMED"],
      [2, "ERR_ROW_VALUE_INVALID"],
      [3, "ERR_ROW_VALUE_INVALID"],
      [4, "ERR_ROW_VALUE_INVALID"],
    ]);
    expect(report?.read).toBe(5);
  });

  it("reads folders of Parquet with native types like CSV", async () => {
    const parts = join(folder, "parquet");
    mkdirSync(parts);
    for (const part of [0, 1]) {
      await writeParquet(
        join(parts, `${part}.parquet`),
        `SELECT range % 10 AS caller_id, (range + 1) % 10 AS callee_id, TIMESTAMP '2026-01-01' + INTERVAL (range + ${part}) HOUR AS started_at,
         range AS duration_s, CASE WHEN range % 2 = 0 THEN 'Apple' ELSE 'Nokia' END AS device_manufacturer FROM range(100)`,
      );
    }
    const source = write(folder, "ten.csv", `customer_id\n${[...Array(10).keys()].join("\n")}\n`);
    const fromParquet = await read({ customers: { source }, calls: { source: parts } });
    expect(column(fromParquet.batch.table, "calls_per_month")).toEqual(Array(10).fill(20));
    expect(column(fromParquet.batch.table, "contact_share_Nokia")).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
  });

  it("refuses a log without its columns or rows", async () => {
    const misspelt = write(folder, "columns.csv", "caller_id,callee_id,started_at,duratoin_s\n1,2,3,4\n");
    const missing = await failure(openCustomers({ calls: { source: misspelt } }));
    expect(missing.code).toBe("ERR_COLUMN_MISSING");
    expect(missing.hint).toContain('"duratoin_s"');
    const empty = write(folder, "no-rows.csv", `${HEADER}\n`);
    expect((await failure(openCustomers({ calls: { source: empty } }))).code).toBe("ERR_SOURCE_EMPTY");
  });
});

const CALLS = resolve(import.meta.dirname, "../../../shared/data/calls/calls.csv");

describe.skipIf(!existsSync(CALLS))("the Copenhagen calls (skipped where ../shared/data is absent)", () => {
  it("reads with a mapping: seconds from a start, no handsets, -1 is missed", async () => {
    const customers = await openCustomers({
      customers: { source: join(CALLS, "../genders.csv"), mapping: { customer_id: "# user" } },
      calls: {
        source: CALLS,
        mapping: {
          caller_id: "caller",
          callee_id: "callee",
          started_at: "timestamp",
          duration_s: "duration",
        },
      },
    });
    const reader = await customers.read({ now });
    let calls = 0;
    for await (const batch of reader) {
      for (const value of column(batch.table, "calls_per_month")) calls += Number(value ?? 0);
    }
    expect(customers.logReport?.read).toBe(3600);
    expect(customers.logReport?.refused).toBe(0);
    expect(reader.features).not.toContain("current_manufacturer");
    // Less than 3,600: some callers are not among the 787 whose gender is known.
    expect(calls).toBeGreaterThan(3000);
    expect(calls).toBeLessThan(3600);
    expect((await customers.transitions()).rows).toBe(0);
    await customers.close();
  });
});
