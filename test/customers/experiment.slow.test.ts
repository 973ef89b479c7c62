import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readExperiment } from "../../src/customers/index.ts";
import { column, failure, scratchFolder, write, writeParquet } from "./scratch.ts";

const folder = scratchFolder();
const HEADER = "customer_id,offer_id,shown_at,converted,value,propensity,age,city";

describe("readExperiment", () => {
  it("reads arms with the control first, outcome, value, propensity and features", async () => {
    const rows = [
      "a,zeta,2026-01-01,1,9.5,0.25,30,x",
      "b,none,2026-01-01,false,,0.5,,y",
      "c,alpha,2026-01-01,yes,0,0.25,40,x",
    ];
    const log = await readExperiment(write(folder, "log.csv", `${HEADER}\n${rows.join("\n")}\n`));
    expect(log.arms.labels).toEqual(["none", "alpha", "zeta"]);
    expect([...log.arms.codes]).toEqual([2, 0, 1]);
    expect([...log.outcome]).toEqual([1, 0, 1]);
    expect([...(log.value ?? [])]).toEqual([9.5, Number.NaN, 0]);
    expect([...(log.propensity ?? [])]).toEqual([0.25, 0.5, 0.25]);
    expect([...log.features.columns.keys()]).toEqual(["age", "city"]);
    expect(column(log.features, "age")).toEqual([30, null, 40]);
    expect(column(log.features, "city")).toEqual(["x", "y", "x"]);
  });

  it("reports rows that cannot be learned from", async () => {
    const rows = [
      "a,none,,1,,0.5,1,x",
      "b,,,1,,0.5,1,x",
      "c,ghost,,1,,0.5,1,x",
      "d,o,,,,0.5,1,x",
      "e,o,,perhaps,,0.5,1,x",
      "f,o,,1,,0,1,x",
      "g,o,,1,,1.5,1,x",
      "h,o",
      "i,o,,0,,1,1,x",
      "j,o,,1,,,1,x",
    ];
    const log = await readExperiment(write(folder, "refused.csv", `${HEADER}\n${rows.join("\n")}\n`), {
      offers: new Map([
        ["o", "offer"],
        ["unused", "unused"],
      ]),
    });
    expect(log.rows).toBe(2);
    expect(log.arms).toEqual({ labels: ["none", "offer"], codes: Int32Array.of(0, 1) });
    expect(log.report.read).toBe(10);
    expect([...(log.propensity ?? [])]).toEqual([0.5, 1]);
    expect(log.report.refusals.map(({ row, code }) => [row, code])).toEqual([
      [8, "ERR_ROW_MALFORMED"],
      [2, "ERR_ROW_ARM_UNKNOWN"],
      [3, "ERR_ROW_ARM_UNKNOWN"],
      [4, "ERR_ROW_VALUE_INVALID"],
      [5, "ERR_ROW_VALUE_INVALID"],
      [6, "ERR_ROW_VALUE_INVALID"],
      [7, "ERR_ROW_VALUE_INVALID"],
      [10, "ERR_ROW_VALUE_INVALID"],
    ]);
  });

  it("takes a column of propensities that is empty throughout for none", async () => {
    const rows = ["a,none,,1,,,1,x", "b,o,,0,,,2,y"];
    const log = await readExperiment(write(folder, "unfilled.csv", `${HEADER}\n${rows.join("\n")}\n`));
    expect([log.rows, log.propensity, log.report.refused]).toEqual([2, null, 0]);
  });

  it("reads a log of which one line ends otherwise", async () => {
    const source = write(folder, "mixed.csv", "offer_id,converted,age\r\nnone,1,30\no,0,40\r\n");
    const log = await readExperiment(source);
    expect([...log.outcome]).toEqual([1, 0]);
    expect(column(log.features, "age")).toEqual([30, 40]);
  });

  it("reads amounts with decimal commas", async () => {
    const rows = ["none;0;0,5", "o;12,75;0,25", "o;1.204,5;0,5"];
    const log = await readExperiment(
      write(folder, "german.csv", `offer_id;Umsatz;propensity\n${rows.join("\n")}\n`),
      { mapping: { outcome: "Umsatz" } },
    );
    expect([...log.outcome]).toEqual([0, 12.75, 1204.5]);
    expect([...(log.propensity ?? [])]).toEqual([0.5, 0.25, 0.5]);
  });

  it("knows 0 for 0.0, in CSV and in Parquet", async () => {
    const csv = write(folder, "floats.csv", "offer_id,converted\n0.0,1.0\n1.0,0.0\n2,1\n1.5,1\n");
    const parquet = await writeParquet(
      join(folder, "floats.parquet"),
      "SELECT * FROM (VALUES (0.0::DOUBLE, 1), (1.0, 0), (2.0, 1), (1.5, 1)) t(offer_id, converted)",
    );
    for (const source of [csv, parquet]) {
      const log = await readExperiment(source, { control: "0" });
      expect(log.arms).toEqual({ labels: ["0", "1", "1.5", "2"], codes: Int32Array.of(0, 1, 3, 2) });
      const offers = new Map([
        ["1.0", "1.0"],
        ["2", "2"],
      ]);
      const asGiven = await readExperiment(source, { control: "0.0", offers });
      expect(asGiven.arms).toEqual({ labels: ["0.0", "1.0", "2"], codes: Int32Array.of(0, 1, 2) });
      expect(asGiven.report.refusedByCode).toEqual({ ERR_ROW_ARM_UNKNOWN: 1 });
    }
  });

  it("leaves columns without any value out and says so, unless a model asks for them", async () => {
    const rows = ["none,1,,NaN,1", "o,0,,NULL,2", "o,,x,7,3"];
    const source = write(folder, "hollow.csv", `offer_id,converted,note,age,tenure\n${rows.join("\n")}\n`);
    for (const features of [undefined, ["tenure", "age", "note"]]) {
      const log = await readExperiment(source, { features });
      expect([...log.features.columns.keys()]).toEqual(["tenure"]);
      expect(log.report.warnings.map(({ column, cells }) => [column, cells]).toSorted()).toEqual([
        ["age", 2],
        ["note", 2],
      ]);
    }
    const asked = await readExperiment(source, { features: { note: "category", age: "number" } });
    expect(column(asked.features, "age")).toEqual([null, null]);
    expect(asked.report.warnings).toEqual([]);
  });

  it("refuses a log with an empty arm", async () => {
    const oneArm = write(folder, "one.csv", `${HEADER}\na,o,,1,,,1,x\n`);
    expect((await failure(readExperiment(oneArm))).code).toBe("ERR_ARM_EMPTY");
    const onlyControl = write(folder, "control.csv", `${HEADER}\na,none,,1,,,1,x\n`);
    expect((await failure(readExperiment(onlyControl))).code).toBe("ERR_ARM_EMPTY");
    const refused = write(folder, "empty-arm.csv", `${HEADER}\na,none,,1,,,1,x\nb,o,,,,,1,x\n`);
    expect((await failure(readExperiment(refused))).code).toBe("ERR_ARM_EMPTY");
    const many = Array.from({ length: 1200 }, (_, i) => `c${i},o${i},,1,,,1,x`);
    const ids = write(folder, "ids.csv", `${HEADER}\n${many.join("\n")}\n`);
    expect((await failure(readExperiment(ids))).code).toBe("ERR_OPTION_INVALID");
    expect((await failure(readExperiment(write(folder, "none.csv", `${HEADER}\n`)))).code).toBe(
      "ERR_SOURCE_EMPTY",
    );
  });

  it("reads the log's own columns alone where it does not say who its customers were", async () => {
    const crm = write(folder, "somebody.csv", "customer_id,city\na,Delft\n");
    const own = write(folder, "anonymous.csv", "offer_id,converted,age\nnone,0,30\no,1,40\n");
    const { features, report } = await readExperiment(own, { customers: { source: crm } });
    expect([...features.columns.keys()]).toEqual(["age"]);
    expect(report.warnings).toMatchObject([{ column: "customer_id", cells: 2 }]);
    const bare = write(folder, "bare.csv", "offer_id,converted\nnone,0\no,1\n");
    await expect(readExperiment(bare, { customers: { source: crm } })).rejects.toMatchObject({
      code: "ERR_COLUMN_MISSING",
    });
  });

  it("joins the CRM by customer, the first row of a repeated id", async () => {
    const source = write(folder, "log-only.csv", "customer_id,offer_id,converted\nb,none,0\na,o,1\nx,o,0\n");
    const crm = write(folder, "crm.csv", "customer_id,age,photo\na,30,p.jpg\nb,40,q.jpg\na,99,r.jpg\n");
    const log = await readExperiment(source, { customers: { source: crm } });
    expect([...log.features.columns.keys()]).toEqual(["age"]);
    expect(column(log.features, "age")).toEqual([40, 30, null]);
    expect([...log.arms.codes]).toEqual([0, 1, 1]);
    expect(log.value).toBeNull();
    expect(log.propensity).toBeNull();
  });

  it("warns where the customers of the log hardly meet the CRM, with the share and how both are written", async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `3160000000${i}`);
    const log = ids.map((id, i) => `+${id},${i % 2 === 0 ? "none" : "o"},${i % 3 === 0 ? 1 : 0}`);
    const source = write(folder, "plus.csv", ["customer_id,offer_id,converted", ...log].join("\n"));
    const crm = (sign: string) =>
      write(folder, `crm${sign}.csv`, ["customer_id,age", ...ids.map((id) => `${sign}${id},30`)].join("\n"));
    const { report } = await readExperiment(source, { customers: { source: crm("00") } });
    const [warning] = report.warnings.filter(({ column }) => column === "customer_id");
    expect(warning?.message).toMatch(/0 of 10 of them \(0 %\).*"\+0{11}".*"0{13}"; use one format in both/);
    const others = ids.map((id) => `+${Number(id) + 500},30`);
    const strangers = write(folder, "strangers.csv", ["customer_id,age", ...others].join("\n"));
    const unmet = (await readExperiment(source, { customers: { source: strangers } })).report.warnings;
    expect(unmet.find(({ column }) => column === "customer_id")?.message).toMatch(
      /0 of 10 of them \(0 %\); the others are of other customers$/,
    );
    const met = await readExperiment(source, { customers: { source: crm("+") } });
    expect(met.report.warnings.filter(({ cells }) => cells === 10 || cells === 0)).toEqual([]);
  });

  it("keeps what happened afterwards out of the features, unless asked", async () => {
    const source = write(
      folder,
      "leak.csv",
      "offer_id,converted,clicked,visit,age\nnone,0,0,0,1\no,1,1,1,2\n",
    );
    expect([...(await readExperiment(source)).features.columns.keys()]).toEqual(["age"]);
    const asked = await readExperiment(source, { features: ["age", "visit"] });
    expect([...asked.features.columns.keys()]).toEqual(["age", "visit"]);
  });

  it("reads many Parquet rows in their order", async () => {
    const path = await writeParquet(
      join(folder, "many.parquet"),
      `SELECT CASE WHEN range % 3 = 0 THEN 'none' ELSE 'o' || (range % 3) END AS offer_id, (range % 2 = 0) AS converted,
       range AS number, 'g' || (range % 5) AS "group" FROM range(20000)`,
    );
    const log = await readExperiment(path);
    expect(log.rows).toBe(20_000);
    const numbers = column(log.features, "number");
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect(column(log.features, "group").slice(4096, 4100)).toEqual(["g1", "g2", "g3", "g4"]);
    expect([...log.arms.codes.slice(4096, 4100)]).toEqual([1, 2, 0, 1]);
    expect([...log.outcome.slice(4096, 4099)]).toEqual([1, 0, 1]);
  });
});

const HILLSTROM = resolve(import.meta.dirname, "../../../shared/data/hillstrom/hillstrom_dev.csv");

describe.skipIf(!existsSync(HILLSTROM))(
  "Hillstrom's experiment (skipped where ../shared/data is absent)",
  () => {
    it("reads by the names of its own columns", async () => {
      const log = await readExperiment(HILLSTROM, {
        mapping: { treatment: "segment", outcome: "visit" },
        control: "No E-Mail",
      });
      expect(log.rows).toBe(51_199);
      expect(log.arms.labels).toEqual(["No E-Mail", "Mens E-Mail", "Womens E-Mail"]);
      expect(log.report.refused).toBe(0);
      const kinds = [...log.features.columns].map(([name, { kind }]) => `${name}:${kind}`);
      expect(kinds).toEqual([
        "recency:number",
        "history_segment:category",
        "history:number",
        "mens:number",
        "womens:number",
        "zip_code:category",
        "newbie:number",
        "channel:category",
        // May be of the past; a model leaves it out because it reveals the visit.
        "spend:number",
      ]);
      const rate = log.outcome.reduce((sum, visit) => sum + visit, 0) / log.rows;
      expect(rate).toBeGreaterThan(0.14);
      expect(rate).toBeLessThan(0.15);
    });
  },
);
